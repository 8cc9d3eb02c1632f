"""What can happen to people and their keys."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent, PersonId


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(DomainEvent):
    type: ClassVar[str] = "person.registered"
    sentence: ClassVar[Message] = Message("%(actor)s oprettede en person.")


@dataclass(frozen=True, kw_only=True)
class PersonChanged(DomainEvent):
    type: ClassVar[str] = "person.changed"
    sentence: ClassVar[Message] = Message("%(actor)s rettede oplysninger om en person: %(fields)s.")
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class RolesChanged(DomainEvent):
    type: ClassVar[str] = "person.roles_changed"
    sentence: ClassVar[Message] = Message("%(actor)s ændrede en persons roller til: %(roles)s.")
    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonLeft(DomainEvent):
    type: ClassVar[str] = "person.left"
    sentence: ClassVar[Message] = Message("%(actor)s noterede, at en person er stoppet.")


@dataclass(frozen=True, kw_only=True)
class PersonReturned(DomainEvent):
    type: ClassVar[str] = "person.returned"
    sentence: ClassVar[Message] = Message("%(actor)s noterede, at en person er tilbage.")


@dataclass(frozen=True, kw_only=True)
class PersonPseudonymised(DomainEvent):
    type: ClassVar[str] = "person.pseudonymised"
    sentence: ClassVar[Message] = Message("%(actor)s fjernede navnet på en person, der er stoppet.")


@dataclass(frozen=True, kw_only=True)
class KeyMade(DomainEvent):
    type: ClassVar[str] = "api_key.made"
    sentence: ClassVar[Message] = Message("%(actor)s lavede API-nøglen »%(label)s«.")
    person_id: PersonId
    label: str


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(DomainEvent):
    type: ClassVar[str] = "api_key.revoked"
    sentence: ClassVar[Message] = Message("%(actor)s trak API-nøglen »%(label)s« tilbage.")
    person_id: PersonId
    label: str


@dataclass(frozen=True, kw_only=True)
class SessionBegun(DomainEvent):
    type: ClassVar[str] = "session.begun"
    sentence: ClassVar[Message] = Message("%(actor)s loggede ind.")
    person_id: PersonId
    way: str


@dataclass(frozen=True, kw_only=True)
class SessionEnded(DomainEvent):
    type: ClassVar[str] = "session.ended"
    sentence: ClassVar[Message] = Message("%(actor)s afsluttede et login for %(person)s.")
    person_id: PersonId
    ending: str
