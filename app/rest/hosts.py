"""Which names the product answers to: an address that somebody else made up is not ours."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import AppError, Message
from app.rest.problems import problem_response

_HEALTH = "/health/"


class WrongHost(AppError):
    """The request is for another site."""

    status = 421
    title = Message("Adressen er ikke Gavebordets")


class KnownHosts:
    """Refuses requests for any other host. Whoever watches over the server may ask for its health
    by whatever name they find it."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self.app, self.hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(_HEALTH):
            host = Headers(scope=scope).get("host", "").lower()
            name = host[: host.rfind("]") + 1] if host.startswith("[") else host.partition(":")[0]
            if name not in self.hosts:
                refusal = problem_response(Request(scope), WrongHost())
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)
