"""What can happen to gifts."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent, PersonId


@dataclass(frozen=True, kw_only=True)
class GiftRegistered(DomainEvent):
    type: ClassVar[str] = "gift.registered"
    sentence: ClassVar[Message] = Message("%(actor)s oprettede gaven »%(title)s«.")
    title: str


@dataclass(frozen=True, kw_only=True)
class GiftChanged(DomainEvent):
    type: ClassVar[str] = "gift.changed"
    sentence: ClassVar[Message] = Message("%(actor)s rettede gaven: %(fields)s.")
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class EditionMade(DomainEvent):
    type: ClassVar[str] = "gift.edition_made"
    sentence: ClassVar[Message] = Message("Udgave %(number)s af gaven: %(changes)s")
    number: int
    changes: str


@dataclass(frozen=True, kw_only=True)
class GiftGiven(DomainEvent):
    type: ClassVar[str] = "gift.given"
    sentence: ClassVar[Message] = Message("Gaven blev givet for første gang.")


@dataclass(frozen=True, kw_only=True)
class ContactAdded(DomainEvent):
    type: ClassVar[str] = "gift.contact_added"
    sentence: ClassVar[Message] = Message("%(person)s blev kontaktperson for gaven.")
    person_id: PersonId


@dataclass(frozen=True, kw_only=True)
class ContactRemoved(DomainEvent):
    type: ClassVar[str] = "gift.contact_removed"
    sentence: ClassVar[Message] = Message("%(person)s er ikke længere kontaktperson for gaven.")
    person_id: PersonId


@dataclass(frozen=True, kw_only=True)
class MaterialAdded(DomainEvent):
    type: ClassVar[str] = "gift.material_added"
    sentence: ClassVar[Message] = Message("%(actor)s lagde »%(title)s« ved gaven.")
    material_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class MaterialRemoved(DomainEvent):
    type: ClassVar[str] = "gift.material_removed"
    sentence: ClassVar[Message] = Message("%(actor)s tog »%(title)s« væk fra gaven.")
    material_id: int
    title: str
