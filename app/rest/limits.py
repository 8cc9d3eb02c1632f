"""How large a body may be and how slowly it may come, and its digest, without holding it twice."""

import asyncio
import hashlib
import re
from collections import Counter

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors
from app.rest.hosts import Tell
from app.rest.problems import on_app_error

LEAST_RATE = 32 * 1024
"""Bytes a second that a body must come with, once `slow_seconds` have passed."""

HELD_AT_ONCE = 64 * 1024 * 1024
"""Bytes of bodies that are held in memory together; uploads are laid on the disk instead. Forms and
what programs send are held apart: those who send forms need not be anybody."""

LARGEST_FORM = 128 * 1024
_FOR_PROGRAMS = ("/api/", "/scim/")

SMALL = 4 * 1024
"""Bytes of a body that cost no more to read than it costs to ask whose they are."""


def is_small(headers: Headers) -> bool:
    """Whether there is no body or a small one, as the request says before it comes; the web server
    holds it to that."""
    size = None if "transfer-encoding" in headers else _declared(headers)
    return size is not None and size <= SMALL


def _declared(headers: Headers) -> int | None:
    """None where the size makes no sense."""
    size = headers.get("content-length", "0")
    return int(size) if size.isdecimal() and len(size) < 20 else None


class BodyLimit:
    """Refuses bodies over the limit before they are read, and counts those of unknown length.

    What is posted to a path that is one of `uploads` may be `upload_limit` large, and is held by
    whoever reads it. A body that falls behind is given up, and so is one for which there is no room
    beside all the others. The digest of what has been read so far is `request.state.body_digest`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit: int,
        upload_limit: int,
        uploads: re.Pattern[str],
        slow_seconds: float,
        tell: Tell = on_app_error,
    ) -> None:
        self.app, self.tell = app, tell
        self.limit, self.upload_limit = limit, upload_limit
        self.uploads = uploads
        self.slow_seconds = slow_seconds
        self.most_held = max(HELD_AT_ONCE, 4 * limit)
        # Bytes: those of forms are at True.
        self.held: Counter[bool] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_upload = scope["method"] == "POST" and self.uploads.fullmatch(scope["path"]) is not None
        is_form = not scope["path"].startswith(_FOR_PROGRAMS)
        limit = self.upload_limit if is_upload else self.limit
        if is_form and not is_upload:
            limit = min(limit, LARGEST_FORM)
        request = Request(scope)
        size = _declared(request.headers)
        if size is not None and size > limit:
            refusal = await self.tell(request, _too_large(limit))
            await refusal(scope, receive, send)
            return
        body = _Body(receive, limit=limit, slow_seconds=self.slow_seconds)
        request.state.body_digest = body.digest
        if is_upload:
            await self.app(scope, body.receive, send)
            return

        mine = 0

        async def held() -> Message:
            nonlocal mine
            message = await body.receive()
            mine += len(message.get("body", b""))
            self.held[is_form] += len(message.get("body", b""))
            if self.held[is_form] > self.most_held:
                raise errors.Busy(_TOO_MANY)
            return message

        try:
            await self.app(scope, held, send)
        finally:
            self.held[is_form] -= mine


class _Body:
    """One body on its way in."""

    def __init__(self, receive: Receive, *, limit: int, slow_seconds: float) -> None:
        self._receive = receive
        self._limit, self._slow_seconds = limit, slow_seconds
        self._begun_at: float | None = None
        self._is_whole = False
        self.size = 0
        self.digest = hashlib.sha256()

    async def receive(self) -> Message:
        """What comes next. TooLarge over the limit; TooSlow when it does not come in time."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._late_at()):
                message = await self._receive()
        except TimeoutError as error:
            raise errors.TooSlow(_TOO_SLOW) from error
        chunk = message.get("body", b"")
        self.size += len(chunk)
        if self.size > self._limit:
            raise _too_large(self._limit)
        self.digest.update(chunk)
        self._is_whole = not message.get("more_body", False)
        return message

    def _late_at(self) -> float:
        """Counted from when we began to read: a client does not pay for our own delay."""
        if self._begun_at is None:
            self._begun_at = asyncio.get_running_loop().time()
        return self._begun_at + self._slow_seconds + self.size / LEAST_RATE


def _too_large(limit: int) -> errors.TooLarge:
    size = f"{limit // 1024} KiB" if limit < 1024 * 1024 else f"{limit // (1024 * 1024)} MiB"
    return errors.TooLarge(errors.Message("Højst %(limit)s ad gangen.", limit=size))


_TOO_SLOW = errors.Message("Indholdet kom for langsomt. Intet er ændret. Send det igen.")
_TOO_MANY = errors.Message("Der er for mange på én gang. Intet er ændret. Prøv igen om lidt.")
