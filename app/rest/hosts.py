"""Which names the product answers to: an address that somebody else made up is not ours."""

from collections.abc import Awaitable, Callable, Collection

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import AppError, Message

_OPEN_TO_ALL = ("/health/", "/static/")
_LOOKS = {"/look.css", "/logo"}
Tell = Callable[[Request, Exception], Awaitable[Response]]


class WrongHost(AppError):
    """The request is for another site, or comes by a name of the server that people do not use."""

    status = 421
    title = Message("Gavebordet har en anden adresse")

    def __init__(self) -> None:
        super().__init__(
            Message(
                "Spørg den, der driver Gavebordet. Skal dette navn også virke, skal det stå i "
                "GAVEBORD_HOSTS."
            )
        )


class KnownHosts:
    """Refuses requests for any other host. Whoever watches over the server may ask for its health
    by whatever name they find it, and the page that refuses may look like one of ours."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], tell: Tell) -> None:
        self.app, self.hosts, self.tell = app, frozenset(hosts), tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_open(scope["path"]):
            host = Headers(scope=scope).get("host", "").lower()
            name = host[: host.rfind("]") + 1] if host.startswith("[") else host.partition(":")[0]
            if name not in self.hosts:
                refusal = await self.tell(Request(scope), WrongHost())
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_open(path: str) -> bool:
    return path in _LOOKS or path.startswith(_OPEN_TO_ALL)
