"""What a route asks for, out of the path, the query, the headers and the body.

FastAPI works out what each route asks for, and documents it; here the same fields go through the
same validators. Solving the whole graph of dependencies for each request would cost more than a
read does; here a parameter that is not sent costs nothing.
"""

import inspect
import json
import typing
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from app.errors import Invalid, Message
from app.rest.faults import invalid

MOST_VALUES = 5000
"""In a body, many times what the largest form holds: what a value costs to take apart, and to find
fault with, is many times what it costs to send. As many as there are commas and brackets."""


class Parameters:
    """Those of one route: its own, and those of what it depends on, which is `async`."""

    def __init__(self, route: APIRoute, *, refuses_unknown: bool = True) -> None:
        self.plan = _Plan(route.dependant)
        self.known = self.plan.query_names() if refuses_unknown else None
        self.body = _Field("body", route.body_field) if route.body_field else None
        if len(route.dependant.body_params) > 1:
            raise TypeError(f"{route.path}: a body is one form")

    async def of(self, request: Request, stack: AsyncExitStack) -> dict[str, Any]:
        """By name. RequestValidationError, or Invalid where the query has one that is unknown.
        The body is read last: whatever a route depends on may refuse it unread. What is opened for
        the request is closed with the stack."""
        asked = _Asked(request, stack)
        values = await self.plan.values(asked)
        if self.body:
            self.body.take_body(await _sent(request), values, asked.faults)
        if asked.faults:
            raise RequestValidationError(asked.faults)
        if request.scope["query_string"] and self.known is not None:
            _must_know(request, self.known)
        return values


def _must_know(request: Request, known: set[str]) -> None:
    """Invalid where a filter is misspelt: that must not give the whole list."""
    unknown = sorted(request.query_params.keys() - known)
    if unknown:
        raise invalid(
            [{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown[:10]]
        )


async def _sent(request: Request) -> object:
    """The body: out of JSON, where it says that it is JSON, and as it came where it does not."""
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body or not _is_json(kind):
        return body
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Invalid.at("", _TOO_MANY, code="too_many_values")
    try:
        sent: object = json.loads(body)
    except json.JSONDecodeError as error:
        raise RequestValidationError(
            [{"type": "json_invalid", "loc": ("body", error.pos), "input": {}}]
        ) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    return sent


_TOO_MANY = Message(
    "Der er for mange værdier: højst %(most)s kommaer og klammer, dem i teksterne talt med.",
    most=MOST_VALUES,
)


def _is_json(kind: str) -> bool:
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


class _Asked:
    """One request: what is wrong with it, and what has been worked out from it so far."""

    def __init__(self, request: Request, stack: AsyncExitStack) -> None:
        self.request = request
        self.stack = stack
        self.faults: list[Any] = []
        self.solved: dict[Callable[..., Any], Any] = {}


class _Plan:
    """What one function asks for."""

    def __init__(self, dependant: Dependant) -> None:
        self.call: Any = dependant.call
        names = (dependant.request_param_name, dependant.http_connection_param_name)
        self.request_names = [name for name in names if name is not None]
        self.path = [_Field("path", field) for field in dependant.path_params]
        self.query = [_Field("query", field) for field in dependant.query_params]
        self.must_query = [field for field in self.query if field.is_required]
        self.headers = [_Field("header", field) for field in dependant.header_params]
        self.needs = [(str(needed.name), _Needed(needed)) for needed in dependant.dependencies]
        self.unasked = {
            field.name: field.default
            for field in (*self.query, *self.headers)
            if not field.is_required
        }

    def query_names(self) -> set[str]:
        names = {field.alias for field in self.query}
        return names.union(*(plan.query_names() for _, plan in self.needs))

    async def values(self, asked: _Asked) -> dict[str, Any]:
        request, faults = asked.request, asked.faults
        values = dict(self.unasked)
        for name, needed in self.needs:
            await needed.solve(asked)
            values[name] = asked.solved.get(needed.call)
        for field in self.path:
            field.take(request.path_params, values, faults)
        for field in self.query if request.scope["query_string"] else self.must_query:
            field.take(request.query_params, values, faults)
        for field in self.headers:
            field.take(request.headers, values, faults)
        for name in self.request_names:
            values[name] = request
        return values


class _Needed(_Plan):
    """What a function depends on: another function, called once a request."""

    def __init__(self, dependant: Dependant) -> None:
        super().__init__(dependant)
        calls = (self.call, type(self.call).__call__)
        self.opens = inspect.isasyncgenfunction(self.call)
        if not self.opens and not any(map(inspect.iscoroutinefunction, calls)):
            raise TypeError(f"{self.call}: what a route depends on is async, and blocks nobody")

    async def solve(self, asked: _Asked) -> None:
        if self.call in asked.solved:
            return
        before = len(asked.faults)
        values = await self.values(asked)
        if len(asked.faults) > before:
            return
        if self.opens:
            opened = asynccontextmanager(self.call)(**values)
            asked.solved[self.call] = await asked.stack.enter_async_context(opened)
        else:
            asked.solved[self.call] = await self.call(**values)


class _Field:
    """One parameter, with the validator that FastAPI has made for it."""

    def __init__(self, place: str, field: Any) -> None:
        self.place, self.name, self.alias = place, field.name, field.alias
        self.validate = field.validate
        self.is_required: bool = field.field_info.is_required()
        self.default = None if self.is_required else field.get_default()
        self.is_list = _holds_list(field.field_info.annotation)

    def take(self, given: Mapping[str, Any], values: dict[str, Any], faults: list[Any]) -> None:
        if self.alias not in given:
            if self.is_required:
                faults.append({"type": "missing", "loc": (self.place, self.alias), "input": None})
            return
        raw = given.getlist(self.alias) if self.is_list else given[self.alias]  # type: ignore[attr-defined]
        value, found = self.validate(raw, values, loc=(self.place, self.alias))
        if found:
            faults.extend(found)
        else:
            values[self.name] = value

    def take_body(self, sent: object, values: dict[str, Any], faults: list[Any]) -> None:
        is_empty = sent is None or sent == b""
        if is_empty and not self.is_required:
            values[self.name] = self.default
            return
        if is_empty:
            faults.append({"type": "missing", "loc": (self.place,), "input": None})
            return
        value, found = self.validate(sent, values, loc=(self.place,))
        if found:
            faults.extend(found)
        else:
            values[self.name] = value


def _holds_list(annotation: Any) -> bool:
    if typing.get_origin(annotation) is list:
        return True
    return any(_holds_list(part) for part in typing.get_args(annotation))
