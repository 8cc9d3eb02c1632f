"""How people look in JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from app.people.looks import LookKind
from app.people.models import Person
from app.people.signed_in import Role
from app.rest.pages import PageOf


class PersonOut(BaseModel):
    id: int
    version: int
    name: str
    mail: str | None
    phone: str | None
    title: str
    unit_id: int | None
    locale: str
    roles: list[Role]
    left_at: datetime | None


class People(PageOf):
    items: list[PersonOut]


class DayOfLooks(BaseModel):
    """One day: how many looks there were, by what the lookers are."""

    seen_on: date
    lookers: dict[LookKind, int]


class PersonLooks(PageOf):
    items: list[DayOfLooks]


class Me(BaseModel):
    """Who the key belongs to, and what it lets them do."""

    id: int
    name: str
    roles: list[Role]


def person_json(person: Person) -> Mapping[str, Any]:
    return {
        "id": person.id,
        "version": person.version,
        "name": person.name,
        "mail": person.mail,
        "phone": person.phone,
        "title": person.title,
        "unit_id": person.unit_id,
        "locale": person.locale,
        "roles": person.roles.split(),
        "left_at": person.left_at,
    }
