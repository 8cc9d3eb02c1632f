"""What a reading route asks for, out of the path, the query and the headers.

FastAPI works out what each route asks for, and documents it; here the same fields go through the
same validators. Solving the whole graph of dependencies for each request would cost more than a
read does; here a parameter that is not sent costs nothing.
"""

import typing
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError

from app.rest.faults import invalid


class Parameters:
    """Those of one route: its own, and those of what it depends on, which is `async`."""

    def __init__(self, dependant: Dependant) -> None:
        self.plan = _Plan(dependant)
        self.known = self.plan.query_names()

    async def of(self, request: Request) -> dict[str, Any]:
        """By name. RequestValidationError, or Invalid where the query has one that is unknown."""
        faults: list[Any] = []
        values = await self.plan.values(request, faults)
        if faults:
            raise RequestValidationError(faults)
        if request.scope["query_string"]:
            must_know(request, self.known)
        return values


def must_know(request: Request, known: set[str]) -> None:
    """Invalid where a filter is misspelt: that must not give the whole list."""
    unknown = sorted(request.query_params.keys() - known)
    if unknown:
        raise invalid(
            [{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown[:10]]
        )


class _Plan:
    """What one function asks for."""

    def __init__(self, dependant: Dependant) -> None:
        self.call: Any = dependant.call
        names = (dependant.request_param_name, dependant.http_connection_param_name)
        self.request_names = [name for name in names if name is not None]
        self.path = [_Field("path", field) for field in dependant.path_params]
        self.query = [_Field("query", field) for field in dependant.query_params]
        self.headers = [_Field("header", field) for field in dependant.header_params]
        self.needs = [(str(needed.name), _Plan(needed)) for needed in dependant.dependencies]
        self.unasked = {
            field.name: field.default
            for field in (*self.query, *self.headers)
            if not field.is_required
        }

    def query_names(self) -> set[str]:
        names = {field.alias for field in self.query}
        return names.union(*(plan.query_names() for _, plan in self.needs))

    async def values(self, request: Request, faults: list[Any]) -> dict[str, Any]:
        values = dict(self.unasked)
        for name, plan in self.needs:
            before = len(faults)
            needed = await plan.values(request, faults)
            if len(faults) == before:
                values[name] = await plan.call(**needed)
        for field in self.path:
            field.take(request.path_params, values, faults)
        for field in self.query if request.scope["query_string"] else ():
            field.take(request.query_params, values, faults)
        for field in self.headers:
            field.take(request.headers, values, faults)
        for name in self.request_names:
            values[name] = request
        return values


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


def _holds_list(annotation: Any) -> bool:
    if typing.get_origin(annotation) is list:
        return True
    return any(_holds_list(part) for part in typing.get_args(annotation))
