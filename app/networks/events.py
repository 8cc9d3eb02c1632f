"""What can happen to networks and their members."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent, PersonId


@dataclass(frozen=True, kw_only=True)
class NetworkRegistered(DomainEvent):
    type: ClassVar[str] = "network.registered"
    sentence: ClassVar[Message] = Message("%(actor)s oprettede netværket %(name)s.")
    name: str


@dataclass(frozen=True, kw_only=True)
class NetworkChanged(DomainEvent):
    type: ClassVar[str] = "network.changed"
    sentence: ClassVar[Message] = Message("%(actor)s rettede netværket: %(fields)s.")
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class MemberJoined(DomainEvent):
    type: ClassVar[str] = "network.member_joined"
    sentence: ClassVar[Message] = Message("%(person)s kom med i netværket (%(role)s).")
    person_id: PersonId
    role: str
    from_on: date


@dataclass(frozen=True, kw_only=True)
class MemberLeft(DomainEvent):
    type: ClassVar[str] = "network.member_left"
    sentence: ClassVar[Message] = Message("%(person)s gik ud af netværket (%(role)s).")
    person_id: PersonId
    role: str
    to_on: date
