"""What can happen to a follow-up. It is part of its handover's story."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent


@dataclass(frozen=True, kw_only=True)
class FollowUpRecorded(DomainEvent):
    type: ClassVar[str] = "follow_up.recorded"
    sentence: ClassVar[Message] = Message(
        "%(actor)s fulgte op: %(health)s. »%(note)s« Bedre for borgeren: %(better)s."
    )
    handover_id: int
    health: str
    note: str
    better: str
    next_on: date | None


@dataclass(frozen=True, kw_only=True)
class FollowUpChanged(DomainEvent):
    type: ClassVar[str] = "follow_up.changed"
    sentence: ClassVar[Message] = Message("%(actor)s rettede en opfølgning: %(fields)s.")
    handover_id: int
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class FollowUpSeen(DomainEvent):
    type: ClassVar[str] = "follow_up.seen"
    sentence: ClassVar[Message] = Message("%(actor)s har set opfølgningen.")
    handover_id: int
