"""A client of the application in this process, as fast as the application.

Starlette's starts a thread and an event loop for each request, and crosses over to it nine times:
three quarters of what a request cost. Here there is one loop for all, and one crossing.
"""

import asyncio
import atexit
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import cache
from typing import Any
from urllib.parse import unquote

from fastapi.testclient import TestClient
from httpx2 import BaseTransport, Request, Response

Told = MutableMapping[str, Any]
App = Callable[
    [Told, Callable[[], Awaitable[Told]], Callable[[Told], Awaitable[None]]], Awaitable[None]
]


class Client(TestClient):
    """Starlette's in all but the way. What the application raises is raised here. It does not
    begin or end the application."""

    def __init__(
        self,
        app: App,
        *,
        headers: Mapping[str, str] | None = None,
        base_url: str = "http://testserver",
    ) -> None:
        super().__init__(app, headers=dict(headers or {}), base_url=base_url)
        self._transport = _OneCrossing(app)


class _OneCrossing(BaseTransport):
    def __init__(self, app: App) -> None:
        self.app = app

    def handle_request(self, request: Request) -> Response:
        return asyncio.run_coroutine_threadsafe(_answered(self.app, request), _loop()).result()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    @atexit.register
    def end() -> None:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    return loop


async def _answered(app: App, request: Request) -> Response:
    """The whole answer. After it, or before any, the client is gone, as it is when it has heard
    all that it wanted."""
    started: dict[str, Any] = {}
    parts: list[bytes] = []
    is_whole, is_read = asyncio.Event(), False

    async def receive() -> Told:
        nonlocal is_read
        if is_read:
            await is_whole.wait()
            return {"type": "http.disconnect"}
        is_read = True
        return {"type": "http.request", "body": request.read(), "more_body": False}

    async def send(message: Told) -> None:
        if message["type"] == "http.response.start":
            assert not started, "an answer was begun twice"
            started.update(message)
            return
        assert started, "a body came before its head"
        assert not is_whole.is_set(), "a body came after the end"
        parts.append(bytes(message.get("body", b"")))
        if not message.get("more_body", False):
            is_whole.set()

    await app(_scope(request), receive, send)
    assert is_whole.is_set(), "there was no whole answer"
    content = b"" if request.method == "HEAD" else b"".join(parts)
    return Response(started["status"], headers=started["headers"], content=content, request=request)


def _scope(request: Request) -> Told:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": "",
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("testclient", 50000),
        "server": (url.host, url.port or {"http": 80, "https": 443}[url.scheme]),
        "state": {},
    }
