"""A provider that answers what a test wants, with tokens the real one cannot be made to sign."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from app.oidc_settings import OidcSettings

Answer = tuple[int, bytes] | Callable[[BaseHTTPRequestHandler], None]
LOGGED_OUT = {"http://schemas.openid.net/event/backchannel-logout": {}}
_ANY = JWSRegistry(algorithms=["none", "HS256", "RS256", "PS256", "ES256"])
RSA, OTHER_RSA = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
EC = ECKey.generate_key("P-256")


@dataclass
class Forger:
    """`answers` are by path; what is not there is answered as a good provider would."""

    address: str
    client_id: str = "gavebord"
    keys: list[Key] = field(default_factory=lambda: [RSA])
    answers: dict[str, Answer] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    described: dict[str, Any] = field(default_factory=dict)

    def settings(self, **over: Any) -> OidcSettings:
        fields = {"oidc_issuer": self.address, "oidc_client_id": self.client_id, **over}
        return OidcSettings(_env_file=None, **fields)

    def claims(self, nonce: str | None, *, at: float | None = None, **over: Any) -> dict[str, Any]:
        """Good ones; those that are None are left out."""
        at = time.time() if at is None else at
        claims = {
            "iss": self.address,
            "aud": self.client_id,
            "sub": "signe",
            "nonce": nonce,
            "iat": int(at),
            "exp": int(at) + 300,
            **over,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def logout_claims(self, *, at: float, **over: Any) -> dict[str, Any]:
        over = {"events": LOGGED_OUT, "jti": "one", "sid": "s-1", "exp": int(at) + 120, **over}
        return self.claims(**{"nonce": None, "at": at, **over})

    def sign(
        self, claims: dict[str, Any], key: Key | None = RSA, alg: str = "RS256", **header: Any
    ) -> str:
        if key is not None:
            header = {"kid": key.thumbprint(), **header}
        return jwt.encode({"alg": alg, **header}, claims, key or RSA, registry=_ANY)

    def answer_to(self, path: str) -> Answer:
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return _json(self._description())
        if path == "/keys":
            return _json(KeySet(self.keys).as_dict(private=False))
        if path == "/token":
            return _json({"access_token": "access", "token_type": "Bearer", **self.tokens})
        return 404, b""

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/auth",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            **self.described,
        }


@contextmanager
def forger() -> Iterator[Forger]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = made.answer_to(self.path)
            if callable(answer):
                answer(self)
                return
            status, content = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - the server asks for the name

        def log_message(self, *_: object) -> None:
            """The test says what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Forger(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _json(content: Any) -> tuple[int, bytes]:
    return 200, json.dumps(content).encode()
