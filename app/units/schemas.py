"""How units look in JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from app.rest.pages import PageOf
from app.units.line import Answering
from app.units.models import Post, PostKind, Unit


class UnitOut(BaseModel):
    id: int
    version: int
    name: str
    short_name: str
    external_id: str | None
    parent_id: int | None
    closed_on: date | None
    successor_id: int | None


class SeatOut(BaseModel):
    person_id: int
    name: str
    kind: PostKind
    mail: str | None
    phone: str | None


class AnsweringOut(BaseModel):
    """Who answers for the unit today. When `is_vacant`, they sit in `unit_id` above it."""

    unit_id: int
    is_vacant: bool
    people: list[SeatOut]


class UnitWithLeaders(UnitOut):
    answering: AnsweringOut


class Units(PageOf):
    items: list[UnitOut]


class PostOut(BaseModel):
    id: int
    unit_id: int
    person_id: int
    kind: PostKind
    from_on: date
    to_on: date | None


class Posts(BaseModel):
    items: list[PostOut]


def unit_json(unit: Unit) -> Mapping[str, Any]:
    return {
        "id": unit.id,
        "version": unit.version,
        "name": unit.name,
        "short_name": unit.short_name,
        "external_id": unit.external_id,
        "parent_id": unit.parent_id,
        "closed_on": unit.closed_on,
        "successor_id": unit.successor_id,
    }


def answering_json(answering: Answering) -> Mapping[str, Any]:
    return {
        "unit_id": answering.unit_id,
        "is_vacant": answering.is_vacant,
        "people": [
            {
                "person_id": seat.person_id,
                "name": seat.name,
                "kind": seat.kind,
                "mail": seat.mail,
                "phone": seat.phone,
            }
            for seat in answering.seats
        ],
    }


def post_json(post: Post) -> Mapping[str, Any]:
    return {
        "id": post.id,
        "unit_id": post.unit_id,
        "person_id": post.person_id,
        "kind": post.kind,
        "from_on": post.from_on,
        "to_on": post.to_on,
    }
