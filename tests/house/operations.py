"""Every operation of the API, as its routes declare it, for tests that go through them all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.main import ROUTERS


@dataclass(frozen=True)
class Operation:
    """`answer` is the model of its JSON; None where there is no body, or one that is no JSON."""

    method: str
    path: str
    name: str
    status: int
    answer: type[BaseModel] | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _all() -> Iterator[Operation]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            (method,) = route.methods
            model = route.response_model
            yield Operation(method, route.path, route.name, route.status_code or 200, model)


OPERATIONS = {(operation.method, operation.path): operation for operation in _all()}
READS = [operation for operation in OPERATIONS.values() if operation.method == "GET"]


def holds(operation: Operation, body: bytes) -> None:
    """Fails unless the body is exactly what the operation promises: every field, and no other."""
    assert operation.answer is not None, operation
    read = operation.answer.model_validate_json(body, strict=True, extra="forbid")
    missing = list(_missing(read, ""))
    assert missing == [], f"{operation} leaves out {missing}"


def _missing(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in value.model_fields_set:
                yield f"{place}/{name}"
            yield from _missing(getattr(value, name), f"{place}/{name}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _missing(part, f"{place}/{number}")
