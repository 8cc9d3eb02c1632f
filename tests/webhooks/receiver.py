"""Somebody who is called: a server on loopback that keeps what it gets, and answers as told."""

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.webhook_settings import Allowed, WebhookSettings

Answering = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Got:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]


def answer(status: int, body: bytes = b"", **headers: str) -> Answering:
    def answering(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answering


class Receiver:
    """Each answer is given once, and the last one from then on."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: list[Answering] = [answer(204)]
        self.is_over = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Got(self.path, headers, self.rfile.read(length)))
                receiver._next()(self)

            def do_GET(self) -> None:
                receiver.got.append(Got(self.path, {}, b""))
                answer(200)(self)

            def log_message(self, *args: Any) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=hemmeligt"

    @property
    def setting(self) -> str:
        return f"127.0.0.1 127.0.0.1/32 {self.port}, hooks.example 127.0.0.1/32 {self.port}"

    @property
    def allowed(self) -> list[Allowed]:
        return list(WebhookSettings(webhook_allowed=self.setting).webhook_places)

    def speak_tls(self, context: ssl.SSLContext) -> None:
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def close(self) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()

    def _next(self) -> Answering:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
