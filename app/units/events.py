"""What can happen to units and their posts."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent, PersonId, UnitId


@dataclass(frozen=True, kw_only=True)
class UnitRegistered(DomainEvent):
    type: ClassVar[str] = "unit.registered"
    sentence: ClassVar[Message] = Message("%(actor)s oprettede enheden %(name)s.")
    name: str


@dataclass(frozen=True, kw_only=True)
class UnitChanged(DomainEvent):
    type: ClassVar[str] = "unit.changed"
    sentence: ClassVar[Message] = Message("%(actor)s rettede enheden: %(fields)s.")
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class UnitMoved(DomainEvent):
    type: ClassVar[str] = "unit.moved"
    sentence: ClassVar[Message] = Message("%(actor)s flyttede enheden til %(parent)s.")
    parent_id: UnitId | None


@dataclass(frozen=True, kw_only=True)
class PostFilled(DomainEvent):
    type: ClassVar[str] = "unit.post_filled"
    sentence: ClassVar[Message] = Message(
        "%(actor)s satte %(person)s på posten (%(kind)s) fra %(from_on)s."
    )
    person_id: PersonId
    kind: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, kw_only=True)
class PostEnded(DomainEvent):
    type: ClassVar[str] = "unit.post_ended"
    sentence: ClassVar[Message] = Message("%(person)s stoppede på posten (%(kind)s) %(to_on)s.")
    person_id: PersonId
    kind: str
    to_on: date


@dataclass(frozen=True, kw_only=True)
class UnitClosed(DomainEvent):
    type: ClassVar[str] = "unit.closed"
    sentence: ClassVar[Message] = Message("%(actor)s lukkede enheden. Efterfølger: %(successor)s.")
    successor_id: UnitId | None
