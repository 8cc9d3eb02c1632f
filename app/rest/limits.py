"""How large a body may be, and its digest, without holding it twice."""

import hashlib

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors
from app.rest.problems import problem_response


class BodyLimit:
    """Refuses bodies over the limit before they are read, and counts those of unknown length.

    Paths that end in one of `upload_paths` may be `upload_bytes` large. The digest of what has
    been read so far is `request.state.body_digest`.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int, upload_limit: int, upload_paths: tuple[str, ...]
    ) -> None:
        self.app = app
        self.limit, self.upload_limit = limit, upload_limit
        self.upload_paths = upload_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_upload = scope["path"].endswith(self.upload_paths)
        limit = self.upload_limit if is_upload else self.limit
        request = Request(scope)
        declared = request.headers.get("content-length", "0")
        if declared.isdecimal() and len(declared) < 20 and int(declared) > limit:
            await problem_response(request, _too_large(limit))(scope, receive, send)
            return
        digest = hashlib.sha256()
        request.state.body_digest = digest
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            digest.update(chunk)
            return message

        await self.app(scope, counted, send)


def _too_large(limit: int) -> errors.TooLarge:
    size = f"{limit // 1024} KiB" if limit < 1024 * 1024 else f"{limit // (1024 * 1024)} MiB"
    return errors.TooLarge(errors.Message("Højst %(limit)s ad gangen.", limit=size))
