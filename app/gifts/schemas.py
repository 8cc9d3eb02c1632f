"""How gifts look in JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.gifts.completeness import missing
from app.gifts.models import Content, Edition, Gift, Material, MaterialKind
from app.people.models import Person
from app.rest.pages import PageOf

CONTENT = tuple(Content.model_fields)


class GiftSummary(BaseModel):
    id: int
    version: int
    network_id: int
    edition: int
    title: str
    summary: str
    citizen_value: str
    given_at: datetime | None


class ContactOut(BaseModel):
    person_id: int
    name: str
    title: str
    mail: str | None
    phone: str | None


class MaterialOut(BaseModel):
    """A link has `url`; a file is read at `/gifts/{gift_id}/materials/{id}/content`."""

    id: int
    gift_id: int
    kind: MaterialKind
    title: str
    url: str | None
    filename: str | None
    media_type: str | None
    size: int | None
    added_at: datetime


class GiftOut(GiftSummary):
    ask: str
    target_group: str
    success_criterion: str
    baseline: str
    how_to_continue: str
    missing: list[str]
    contacts: list[ContactOut]
    materials: list[MaterialOut]


class Gifts(PageOf):
    items: list[GiftSummary]


class EditionOut(BaseModel):
    number: int
    changes: str
    made_at: datetime
    title: str
    summary: str
    citizen_value: str
    ask: str
    target_group: str
    success_criterion: str
    baseline: str
    how_to_continue: str


class Editions(BaseModel):
    items: list[EditionOut]


def summary_json(gift: Gift) -> Mapping[str, Any]:
    return {
        "id": gift.id,
        "version": gift.version,
        "network_id": gift.network_id,
        "edition": gift.edition,
        "title": gift.title,
        "summary": gift.summary,
        "citizen_value": gift.citizen_value,
        "given_at": gift.given_at,
    }


def gift_json(
    gift: Gift, contacts: Sequence[Person], materials: Sequence[Material]
) -> Mapping[str, Any]:
    content = {name: getattr(gift, name) for name in CONTENT}
    return {
        **summary_json(gift),
        **content,
        "missing": missing(content, contacts=len(contacts)),
        "contacts": [contact_json(person) for person in contacts],
        "materials": [material_json(material) for material in materials],
    }


def contact_json(person: Person) -> Mapping[str, Any]:
    return {
        "person_id": person.id,
        "name": person.name,
        "title": person.title,
        "mail": person.mail,
        "phone": person.phone,
    }


def material_json(material: Material) -> Mapping[str, Any]:
    return {
        "id": material.id,
        "gift_id": material.gift_id,
        "kind": material.kind,
        "title": material.title,
        "url": material.url,
        "filename": material.filename,
        "media_type": material.media_type,
        "size": material.size,
        "added_at": material.added_at,
    }


def edition_json(edition: Edition) -> Mapping[str, Any]:
    content = {name: getattr(edition, name) for name in CONTENT}
    return {
        "number": edition.number,
        "changes": edition.changes,
        "made_at": edition.made_at,
        **content,
    }
