"""What the organisation's directory does here, beside what happens to people by it."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PersonProvisioned(DomainEvent):
    type: ClassVar[str] = "person.provisioned"
    sentence: ClassVar[Message] = Message("%(actor)s lod kataloget kende en person på: %(fields)s.")
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonUnprovisioned(DomainEvent):
    type: ClassVar[str] = "person.unprovisioned"
    sentence: ClassVar[Message] = Message("%(actor)s fjernede en person, som kataloget ikke har.")


@dataclass(frozen=True, kw_only=True)
class GroupMade(DomainEvent):
    type: ClassVar[str] = "group.made"
    sentence: ClassVar[Message] = Message("%(actor)s oprettede gruppen »%(name)s« fra kataloget.")
    name: str


@dataclass(frozen=True, kw_only=True)
class GroupChanged(DomainEvent):
    """`added` and `removed` are ids of people."""

    type: ClassVar[str] = "group.changed"
    sentence: ClassVar[Message] = Message("%(actor)s ændrede gruppen »%(name)s« fra kataloget.")
    name: str
    fields: list[str]
    added: list[int]
    removed: list[int]


@dataclass(frozen=True, kw_only=True)
class GroupRemoved(DomainEvent):
    type: ClassVar[str] = "group.removed"
    sentence: ClassVar[Message] = Message("%(actor)s fjernede gruppen »%(name)s« fra kataloget.")
    name: str
