"""What is read without anybody saying so: whoever acts on a handover has seen what they were told
of it, and what asked for something asks no more once it has been given. In the transaction of the
deed, so that counts are right at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, or_, select, update
from sqlmodel import Session, col

from app.eventlog import log
from app.eventlog.log import By, DomainEvent
from app.eventlog.models import Event
from app.follow_ups import events as follow_ups
from app.handovers import events as handovers
from app.notifications.models import Notification, ReminderKind
from app.rows import Prepared, Rows, Shown

_ANSWERS = frozenset(
    {
        "handover.acknowledged",
        "handover.accepted",
        "handover.returned",
        "handover.declined",
        "handover.passed_on",
        "handover.paused",
        "handover.withdrawn",
        # Another unit has it now, and is asked from the beginning.
        "handover.moved",
    }
)
_LIFE = frozenset(
    {
        "follow_up.recorded",
        "handover.planned",
        "handover.trial_started",
        "handover.put_in_use",
        "handover.anchoring_proposed",
        "handover.anchored",
        "handover.discontinued",
        "handover.declined",
        "handover.passed_on",
        "handover.reconsidered",
        "handover.owner_named",
        "handover.paused",
        "handover.resumed",
        "handover.ripple_answered",
        "handover.edition_taken",
        "handover.receipt_voided",
        "handover.note_written",
    }
)
_TRACKS = {"unanswered": _ANSWERS, "lift": _ANSWERS, "quiet": _LIFE}
SETTLED_BY: Mapping[str, frozenset[str]] = {
    "handover.announced": _ANSWERS | {"handover.delivered"},
    "handover.delivered": _ANSWERS,
    "handover.reopened": _ANSWERS,
    "handover.receipt_voided": _ANSWERS,
    "handover.returned": frozenset(
        {"handover.delivered", "handover.withdrawn", "handover.reconsidered"}
    ),
    "handover.requested": frozenset(
        {
            "handover.announced",
            "handover.delivered",
            "handover.withdrawn",
            "handover.request_taken_back",
        }
    ),
    "handover.passed_on": frozenset({"handover.reopened", "handover.reconsidered"}),
    "handover.anchoring_proposed": frozenset({"handover.anchored", "handover.discontinued"}),
    "handover.edition_offered": frozenset({"handover.edition_taken", "handover.discontinued"}),
    "handover.lost_its_unit": frozenset({"handover.moved", "handover.withdrawn"}),
    "follow_up.recorded": frozenset({"follow_up.seen"}),
    **{str(kind): _TRACKS[kind.split("_")[0]] for kind in ReminderKind},
}
"""What asks for something, by the type of the event or the kind of the reminder, and what it asks
no more after."""


def settle(session: Session, event: DomainEvent, by: By, at: datetime) -> None:
    """Before the event itself is told: what is unread then came before it."""
    handover_id = event.told_of
    asks = asks_no_more(event.type, getattr(event, "side", None))
    Rows(session.connection()).change(
        _settled(asks),
        {
            "about": handover_id,
            "actor": by.actor_id or 0,
            "behalf": by.on_behalf_of_id or 0,
            "now": at,
        },
    )


def asks_no_more(event_type: str, side: str | None = None) -> tuple[str, ...]:
    """What is settled by such an event. A word is a sign of life only from the receiver."""
    if event_type == "handover.note_written" and side != "receiver":
        return ()
    return tuple(sorted(asks for asks, by in SETTLED_BY.items() if event_type in by))


def later_on(rows: Rows, event: Shown) -> Sequence[Shown]:
    """What has happened to the handover since, where the event is told late."""
    return rows.all(_later(), {"about": event["handover_id"], "after_id": event["id"]})


def is_settled(event: Shown, person_id: int, later: Sequence[Shown]) -> bool:
    return any(
        person_id in (one["actor_id"], one["on_behalf_of_id"])
        or event["type"] in asks_no_more(one["type"], one["data"].get("side"))
        for one in later
    )


@cache
def _settled(asks: tuple[str, ...]) -> Prepared:
    """Locked in the order of their ids, as by whoever gathers them for a mail."""
    unread = (
        select(col(Notification.id))
        .outerjoin(Event, col(Event.id) == Notification.event_id)
        .where(
            col(Notification.handover_id) == bindparam("about"),
            col(Notification.read_at).is_(None),
            or_(
                col(Notification.person_id).in_([bindparam("actor"), bindparam("behalf")]),
                col(Event.type).in_(asks),
                col(Notification.reason).in_(asks),
            ),
        )
        .order_by(col(Notification.id))
        .with_for_update(key_share=True, of=Notification)
    )
    these = col(Notification.id).in_(unread)
    return Prepared(update(Notification).where(these).values(read_at=bindparam("now")))


@cache
def _later() -> Prepared:
    its = select(
        col(Event.type), col(Event.actor_id), col(Event.on_behalf_of_id), col(Event.data)
    ).where(col(Event.handover_id) == bindparam("about"), col(Event.id) > bindparam("after_id"))
    return Prepared(its.order_by(col(Event.id)))


for _kind in (*vars(handovers).values(), *vars(follow_ups).values()):
    if isinstance(_kind, type) and issubclass(_kind, DomainEvent) and "type" in _kind.__dict__:
        log.follow(_kind, settle)
