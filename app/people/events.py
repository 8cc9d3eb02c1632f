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
class KeyUsed(DomainEvent):
    type: ClassVar[str] = "api_key.used"
    sentence: ClassVar[Message] = Message("%(actor)s brugte API-nøglen »%(label)s« den dag.")
    person_id: PersonId
    label: str


@dataclass(frozen=True, kw_only=True)
class KeyRefusal(DomainEvent):
    type: ClassVar[str] = "api_key.refused"
    sentence: ClassVar[Message] = Message("En nøgle, der begynder med %(start)s, blev afvist.")
    start: str
    reason: str
    person_id: PersonId | None


@dataclass(frozen=True, kw_only=True)
class RequestRefused(DomainEvent):
    type: ClassVar[str] = "request.refused"
    sentence: ClassVar[Message] = Message("%(actor)s fik nej til »%(route)s«.")
    route: str
    code: str


@dataclass(frozen=True, kw_only=True)
class SessionBegun(DomainEvent):
    type: ClassVar[str] = "session.begun"
    sentence: ClassVar[Message] = Message("%(actor)s loggede ind.")
    person_id: PersonId
    way: str


@dataclass(frozen=True, kw_only=True)
class SessionRefused(DomainEvent):
    """`subject_id` is 0: there is no such session."""

    type: ClassVar[str] = "session.refused"
    sentence: ClassVar[Message] = Message("En cookie, som ingen har fået, blev afvist.")


@dataclass(frozen=True, kw_only=True)
class SessionEnded(DomainEvent):
    type: ClassVar[str] = "session.ended"
    sentence: ClassVar[Message] = Message("%(actor)s afsluttede et login for %(person)s.")
    person_id: PersonId
    ending: str
