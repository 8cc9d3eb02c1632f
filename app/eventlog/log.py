"""Recording events: always in the caller's transaction, never committed here."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, NewType, TypeVar

import orjson
from sqlalchemy import bindparam, insert, text
from sqlmodel import Session

from app.errors import Message
from app.eventlog.models import Event
from app.rows import Prepared, Rows

PersonId = NewType("PersonId", int)
UnitId = NewType("UnitId", int)
GiftId = NewType("GiftId", int)

CATALOG: dict[str, type["DomainEvent"]] = {}

# One number for the whole product: the space of advisory locks that in-flight events hold.
EVENT_LOCKS = 7001


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened. `sentence` says it in Danish; `%(actor)s` is who did it.

    Fields typed PersonId, UnitId or GiftId are ids, and the sentence shows the name. Those that
    `says` names are what `sentence_in_full` has at `%(said)s`, which is told where one of them is
    filled in.
    """

    type: ClassVar[str]
    sentence: ClassVar[Message]
    sentence_in_full: ClassVar[Message | None] = None
    says: ClassVar[tuple[str, ...]] = ()
    subject_id: int

    def __init_subclass__(cls) -> None:
        if "type" in cls.__dict__:
            assert cls.type not in CATALOG, f"{cls.type} is declared twice"
            CATALOG[cls.type] = cls

    @classmethod
    def told_as(cls, data: Mapping[str, Any]) -> Message:
        """The sentence of one that holds this."""
        return cls.sentence_in_full if cls.sentence_in_full and cls.said_in(data) else cls.sentence

    @classmethod
    def said_in(cls, data: Mapping[str, Any]) -> list[str]:
        """The fields that `says` names and that are filled in."""
        return [name for name in cls.says if data.get(name)]

    @property
    def told_of(self) -> int | None:
        """The handover whose story this belongs to, if any."""
        return getattr(self, "handover_id", None)


def thing_of(event_type: str) -> str:
    """The first word of a type: what the event is about."""
    return event_type.partition(".")[0]


@dataclass(frozen=True)
class By:
    """Who did it, and for whom where it was done on behalf of another person.

    `actor_id` is None for the product itself, as when an administrator uses the command.
    """

    actor_id: int | None = None
    on_behalf_of_id: int | None = None


Happened = TypeVar("Happened", bound=DomainEvent)
Reaction = Callable[[Session, Happened, By, datetime], None]
_reactions: dict[type[DomainEvent], list[Reaction[DomainEvent]]] = defaultdict(list)


def follow(kind: type[Happened], reaction: Reaction[Happened]) -> None:
    """Let an upper feature change its own rows in the transaction of a lower feature's event."""
    _reactions[kind].append(reaction)  # type: ignore[arg-type]


def record(session: Session, event: DomainEvent, by: By, *, at: datetime) -> None:
    """Add the row, then let those who follow this kind of event do their part."""
    data = asdict(event)
    subject_id = data.pop("subject_id")
    data.pop("handover_id", None)
    # What the caller has changed so far may be half of it, and is stored when it is whole.
    rows = Rows(session.connection())
    _mark_in_flight(session, rows)
    rows.change(
        _ADD,
        {
            "type": event.type,
            "subject_id": subject_id,
            "handover_id": event.told_of,
            "actor_id": by.actor_id,
            "on_behalf_of_id": by.on_behalf_of_id,
            "at": at,
            "data": orjson.dumps(data).decode(),
        },
    )
    for reaction in _reactions[type(event)]:
        reaction(session, event, by, at)


def _mark_in_flight(session: Session, rows: Rows) -> None:
    """On PostgreSQL ids commit out of order: tell readers below which id all is settled."""
    if not rows.is_sqlite and not session.info.get("in_flight"):
        rows.connection.execute(_MARK, {"space": EVENT_LOCKS})
        session.info["in_flight"] = True


_MARK = text(
    "SELECT pg_advisory_xact_lock_shared(CAST(:space AS int),"
    " CAST((SELECT last_value FROM event_id_seq) % 2147483647 AS int))"
)
_FIELDS = ("type", "subject_id", "handover_id", "actor_id", "on_behalf_of_id", "at", "data")
_ADD = Prepared(insert(Event).values({name: bindparam(name) for name in _FIELDS}))
