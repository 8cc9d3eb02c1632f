"""Routes that are loaded when the first request for one of them comes."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from app.rest.switchboard import Switchboard


class Later:
    """Every address under the prefix is of the routers that `load` gives; all others are `other`'s.

    Loading happens beside the loop, and others are answered meanwhile. Two that come first at once
    both load, which is the same modules, and no harm.
    """

    def __init__(
        self, other: ASGIApp, *, prefix: str, load: Callable[[], Sequence[APIRouter]]
    ) -> None:
        self.other, self.prefix, self.load = other, prefix, load
        self.loaded: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.prefix):
            await self.other(scope, receive, send)
            return
        if self.loaded is None:
            self.loaded = await run_in_threadpool(self._made)
        await self.loaded(scope, receive, send)

    def _made(self) -> ASGIApp:
        together = APIRouter(redirect_slashes=False)
        routes = plain_routes(self.load())
        together.routes.extend(routes)
        return Switchboard(together, routes)


def plain_routes(routers: Sequence[APIRouter]) -> list[APIRoute]:
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
