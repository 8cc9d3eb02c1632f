"""Events become rows, one for each person who is told of one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from app.clock import local_day
from app.notifications.facts import facts_of
from app.notifications.models import Notification
from app.notifications.recipients import RULES, recipients
from app.notifications.settling import is_settled, later_on
from app.rows import Prepared, Rows, RowsOnce, Shown


def tell(rows: Rows, events: Sequence[Shown], now: datetime) -> None:
    """Told late, it is read already by those who have acted since, and by everybody where it asks
    for what has been done by now. Told again, nobody gets it twice."""
    once = RowsOnce(rows.connection)
    rows.change_each(_ADD, [row for event in events for row in _told(once, event, now)])


def _told(rows: Rows, event: Shown, now: datetime) -> Iterator[Shown]:
    """The rows of those who are told of it."""
    if not RULES[event["type"]]:
        return
    facts = facts_of(rows, event, today=local_day(now))
    if facts is None:
        return
    everybody = recipients(
        event["type"],
        facts,
        actor_id=event["actor_id"],
        on_behalf_of_id=event["on_behalf_of_id"],
    )
    later = later_on(rows, event) if everybody and event["handover_id"] is not None else []
    for told in everybody:
        yield {
            "person_id": told.who.id,
            "reason": told.reason,
            "stands_in_for_id": told.stands_in_for and told.stands_in_for.id,
            "handover_id": event["handover_id"],
            "event_id": event["id"],
            "made_at": now,
            "read_at": now if is_settled(event, told.who.id, later) else None,
        }


_FIELDS = (
    "person_id",
    "reason",
    "stands_in_for_id",
    "handover_id",
    "event_id",
    "made_at",
    "read_at",
)
_ADD = Prepared(
    insert(Notification)
    .values({name: bindparam(name) for name in _FIELDS})
    .on_conflict_do_nothing()
)
