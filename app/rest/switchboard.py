"""Finds the route of a request by its path, in time that does not grow with the routes."""

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

_ANY = "{}"


class Switchboard:
    """Serves the routes that it knows, and leaves every other request to `other`: unknown
    addresses, methods that an address does not have, and whatever is no plain route.

    A fixed segment goes before one that can be anything, as in a list of routes in that order.
    Where there is GET there is HEAD (RFC 9110): the same answer, whose body the server leaves out.
    """

    def __init__(self, other: ASGIApp, routes: Iterable[APIRoute]) -> None:
        self.other = other
        self.root: _Node = _Node()
        for route in routes:
            self.root.add(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            segments = scope["path"].split("/")
            values: list[str] = []
            node = self.root.at(segments, 0, values)
            route = node.of(scope["method"]) if node else None
            if route is not None:
                scope["path_params"] = dict(zip(route.param_convertors, values, strict=True))
                scope["endpoint"], scope["route"] = route.endpoint, route
                await route.app(scope, receive, send)
                return
        await self.other(scope, receive, send)


class _Node:
    """A segment of a path, and what may follow it."""

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.routes: dict[str, APIRoute] = {}

    def add(self, route: APIRoute) -> None:
        node = self
        for segment in route.path.split("/"):
            step = _ANY if segment.startswith("{") else segment
            node = node.next.setdefault(step, _Node())
        for method in route.methods or ():
            node.routes.setdefault(method, route)

    def of(self, method: str) -> APIRoute | None:
        route = self.routes.get(method)
        return self.routes.get("GET") if route is None and method == "HEAD" else route

    def at(self, segments: list[str], place: int, values: list[str]) -> "_Node | None":
        """The node at the end of the segments; `values` are what stood where anything may."""
        if place == len(segments):
            return self if self.routes else None
        segment = segments[place]
        fixed = self.next.get(segment) if segment != _ANY else None
        if fixed and (found := fixed.at(segments, place + 1, values)):
            return found
        anything = self.next.get(_ANY)
        if anything and segment:
            values.append(segment)
            if found := anything.at(segments, place + 1, values):
                return found
            values.pop()
        return None
