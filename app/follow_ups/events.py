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
    sentence_in_full: ClassVar[Message] = Message(
        "%(actor)s fulgte op: %(health)s. »%(note)s« Bedre for borgeren: %(better)s (%(said)s)."
    )
    says: ClassVar[tuple[str, ...]] = ("better_how", "measured")
    handover_id: int
    health: str
    note: str
    better: str
    next_on: date | None
    better_how: str = ""
    measured: str | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUpChanged(DomainEvent):
    """What was only emptied has no words, and what happened before they were kept."""

    type: ClassVar[str] = "follow_up.changed"
    sentence: ClassVar[Message] = Message("%(actor)s rettede en opfølgning: %(fields)s.")
    sentence_in_full: ClassVar[Message] = Message(
        "%(actor)s rettede en opfølgning: %(fields)s. Nu står der: %(said)s."
    )
    says: ClassVar[tuple[str, ...]] = ("health", "note", "better", "better_how", "measured")
    handover_id: int
    fields: list[str]
    health: str | None = None
    note: str | None = None
    better: str | None = None
    better_how: str | None = None
    measured: str | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUpSeen(DomainEvent):
    type: ClassVar[str] = "follow_up.seen"
    sentence: ClassVar[Message] = Message("%(actor)s har set opfølgningen.")
    handover_id: int
