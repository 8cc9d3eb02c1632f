"""Files as answers, whole or in part: also what is wrong with the part is told as a problem."""

from fastapi import Request
from fastapi.responses import FileResponse
from starlette.types import Message as Sent
from starlette.types import Receive, Scope, Send

from app.errors import AppError, Message
from app.rest.problems import Unreadable, problem_response


class NoSuchPart(AppError):
    status = 416
    title = Message("Så lang er filen ikke")


class Download(FileResponse):
    """Starlette answers a Range that it cannot give in plain text; nobody else here does."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused: dict[bytes, bytes] | None = None
        is_there = True

        async def listened(sent: Sent) -> None:
            nonlocal refused, is_there
            if sent["type"] == "http.response.start" and sent["status"] in (400, 416):
                refused, is_there = dict(sent["headers"]), sent["status"] == 400
            if refused is None:
                await send(sent)

        await super().__call__(scope, receive, listened)
        if refused is None:
            return
        error = Unreadable(_NO_RANGE) if is_there else NoSuchPart()
        response = problem_response(Request(scope), error)
        if size := refused.get(b"content-range"):
            response.headers["Content-Range"] = size.decode()
        await response(scope, receive, send)


_NO_RANGE = Message("Send Range som bytes=0-499, eller hent hele filen.")
