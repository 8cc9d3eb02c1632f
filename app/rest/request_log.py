"""Every request has an id, which its answer echoes, and one line in the log, which tells no more
than what was asked of which route, and how it went."""

import re
import secrets
from collections.abc import Callable
from itertools import count
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import clock
from app.rest import log_lines

HEADER = b"x-request-id"
_SAFE_ID = re.compile(rb"[0-9a-fA-F-]{16,64}")
"""What a reverse proxy makes: a UUID, or hexadecimal digits. No name and no mail is one."""

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLog:
    """`trusts_ids` says that who sends X-Request-Id is a proxy of ours. The route is told as it is
    described, without the ids in the path; so what people ask for is in no line."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        form: log_lines.Format,
        is_told: bool,
        trusts_ids: bool,
        put: Callable[[bytes], None],
    ) -> None:
        self.app = app
        self.form, self.put = form, put
        self.is_told, self.trusts_ids = is_told, trusts_ids
        # Random for each process, and then counted: nothing is drawn while somebody waits.
        self.process, self.count = secrets.token_hex(4), count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        request_id = self._id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, request_id.encode())]
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self._tell(scope, request_id, status, began)

        try:
            await self.app(scope, receive, answer)
        except Exception:
            # Who is outside of us answers; a request that was answered has its line already.
            if not status:
                self._tell(scope, request_id, 500, began)
            raise

    def _id_of(self, scope: Scope) -> str:
        if self.trusts_ids:
            for name, value in scope["headers"]:
                if name == HEADER and _SAFE_ID.fullmatch(value):
                    return str(value, "ascii")
        return f"{self.process}{next(self.count):08x}"

    def _tell(self, scope: Scope, request_id: str, status: int, began: float) -> None:
        if not self.is_told:
            return
        fields = {
            "at": clock.now(),
            "level": "info" if status < 500 else "error",
            "request_id": request_id,
            "method": scope["method"] if scope["method"] in _METHODS else "OTHER",
            "route": getattr(scope.get("route"), "path", "-"),
            "status": status,
            "ms": round((perf_counter() - began) * 1000, 2),
        }
        self.put(log_lines.written(self.form, fields))
