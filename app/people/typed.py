"""What was typed in a form of a page: text by field, read as the form that the API takes."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, TypeVar, get_args, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from app.errors import Fault, Invalid, Message
from app.rest.faults import invalid
from app.rest.forms import Form
from app.rest.problems import Unreadable
from app.text import digits

MOST_FIELDS = 1000
Filled = TypeVar("Filled", bound=Form)


@dataclass(frozen=True)
class Typed:
    """The fields of a form in the order in which they were sent. A field within another is named
    with a dot: `pause.until`."""

    fields: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @classmethod
    def of(cls, body: bytes) -> "Typed":
        """Unreadable where there are more fields than any form of ours has."""
        text = body.decode("utf-8", "replace")
        try:
            return cls(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError as error:
            raise Unreadable(Message("Formularen har for mange felter.")) from error

    @cached_property
    def last(self) -> Mapping[str, str]:
        return dict(self.fields)

    @cached_property
    def digest(self) -> str:
        """The same for the same fields in the same order."""
        return hashlib.sha256(repr(list(self.fields)).encode()).hexdigest()

    def get(self, name: str) -> str:
        return self.last.get(name, "")

    def all(self, name: str) -> Sequence[str]:
        return [value for found, value in self.fields if found == name and value]

    @property
    def prose(self) -> Sequence[str]:
        """What somebody wrote: the texts of more than one word."""
        return list(dict.fromkeys(v.strip() for _, v in self.fields if len(v.split()) > 1))

    def within(self, part: str) -> "Typed":
        """The fields within this one by their own names, and those that are within none."""
        start = f"{part}."
        return Typed(
            [
                (name.removeprefix(start), value)
                for name, value in self.fields
                if name.startswith(start) or "." not in name
            ]
        )

    def but(self, **fields: str) -> "Typed":
        """The same with these fields instead."""
        return Typed([*((n, v) for n, v in self.fields if n not in fields), *fields.items()])

    def also(self, name: str, values: Sequence[str]) -> "Typed":
        """The same with these instead of what was chosen of a list."""
        others = [(found, value) for found, value in self.fields if found != name]
        return Typed([*others, *((name, value) for value in values)])

    def filled_in(self, *names: str) -> "Typed":
        """The same without those of the fields that were left empty: nothing was said of them."""
        return Typed([(n, v) for n, v in self.fields if v.strip() or n not in names])

    def under(self, name: str) -> bool:
        """Whether anything was typed in the fields within this one."""
        return any(found.startswith(f"{name}.") and value.strip() for found, value in self.fields)


def read_as(kind: type[Filled], typed: Typed, say: Mapping[str, Message] | None = None) -> Filled:
    """The form. Invalid with a fault for each field that is not right, by its pointer. An empty
    field is one that nobody filled in: `say` is what it asks for, by name, with `__` for a dot."""
    try:
        return kind.model_validate(_said(kind, typed, ""))
    except ValidationError as error:
        found = invalid({**one, "loc": ("body", *one["loc"])} for one in error.errors())
        raise Invalid(*(_asked_for(fault, say or {}) for fault in found.faults)) from None


def _asked_for(fault: Fault, say: Mapping[str, Message]) -> Fault:
    name = (fault.pointer or "").strip("/").replace("/", "__")
    if fault.code in _LEFT_EMPTY and name in say:
        return replace(fault, detail=say[name])
    return fault


def _said(kind: type[BaseModel], typed: Typed, prefix: str) -> dict[str, Any]:
    return dict(_fields(kind, typed, prefix))


def _fields(kind: type[BaseModel], typed: Typed, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, (shape, inner) in _shapes(kind).items():
        called = f"{prefix}{name}"
        text = typed.get(called).strip()
        if inner is not None:
            if typed.under(called) or kind.model_fields[name].is_required():
                yield name, _said(inner, typed, f"{called}.")
        elif shape is list:
            yield name, [_as_number(one) for one in typed.all(called)]
        elif text:
            yield name, _READERS.get(shape, str)(text)
        elif called in typed.last and shape is str:
            yield name, ""


Shape = tuple[Any, type[BaseModel] | None]


@cache
def _shapes(kind: type[BaseModel]) -> Mapping[str, Shape]:
    return {name: _shape(info.annotation) for name, info in kind.model_fields.items()}


def _shape(annotation: Any) -> Shape:
    """What is read out of the text of a field: a number, a day, a list; or the form within it."""
    parts = [annotation, *_parts(annotation)]
    for part in parts:
        if isinstance(part, type) and issubclass(part, BaseModel):
            return None, part
    for known in (list, bool, int, Decimal, date):
        if any(part is known for part in parts):
            return known, None
    return str, None


def _parts(annotation: Any) -> Iterator[Any]:
    if origin := get_origin(annotation):
        yield origin
    for part in get_args(annotation):
        yield part
        yield from _parts(part)


def _as_number(text: str) -> Any:
    number = digits(text)
    return text if number is None else number


def _as_day(text: str) -> str:
    """Also as Danes write it: 3.2.2027, 3/2 2027."""
    written = re.fullmatch(r"(\d{1,2})[-./ ]{1,2}(\d{1,2})[-./ ]{1,2}(\d{4})", text, re.ASCII)
    if written is None:
        return text
    day, month, year = (int(part) for part in written.groups())
    return f"{year:04}-{month:02}-{day:02}"


def _as_decimal(text: str) -> str:
    """With a comma, as Danes write it."""
    return text.replace(",", ".")


_LEFT_EMPTY = frozenset({"missing", "empty", "enum", "int_type", "too_short", "ripple_contradicts"})
_READERS: Mapping[Any, Any] = {int: _as_number, date: _as_day, Decimal: _as_decimal}
