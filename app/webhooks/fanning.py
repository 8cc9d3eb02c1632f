"""Events become deliveries, one for each webhook that is to hear of one, and work in line."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.clock import local_day
from app.eventlog.log import thing_of
from app.handovers.models import Handover
from app.rows import Prepared, Rows, Shown
from app.units.line import line_in
from app.webhooks import line
from app.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from app.webhooks.signing import new_message_id

IN_ALL = frozenset({"handover", "follow_up", "gift", "network", "unit"})
"""The first words of the types that somebody hears who asked for all. What says who signed in, who
has a key, or who may do what, goes only to those who have named it."""
_IN_A_UNIT = frozenset({"handover", "follow_up", "unit"})


def happens_in_a_unit(event_type: str) -> bool:
    """Whether who asks about one unit may hear of such."""
    return thing_of(event_type) in _IN_A_UNIT


def deliver(rows: Rows, events: Sequence[Shown], now: datetime) -> None:
    """Told again, nobody gets it under another id."""
    on = rows.all(_on(), {})
    for event in events if on else ():
        _deliver(rows, on, event, now)


def _deliver(rows: Rows, on: Sequence[Shown], event: Shown, now: datetime) -> None:
    interested = [row for row in on if _hears(row["event_types"], event["type"])]
    if not interested:
        return
    above = _units_above(rows, event, now) if any(one["unit_id"] for one in interested) else ()
    for one in interested:
        if one["unit_id"] is None or one["unit_id"] in above:
            _put_in_line(rows, one["id"], event, now)


def _hears(event_types: str, event_type: str) -> bool:
    if event_types:
        return event_type in event_types.split()
    return thing_of(event_type) in IN_ALL


def _units_above(rows: Rows, event: Shown, now: datetime) -> Sequence[int]:
    """The unit in which it happened, and all above. Of a draft that nobody was told of, and nobody
    has asked for, no unit hears; what is about no unit, happens in none."""
    unit_id = event["subject_id"] if event["type"].startswith("unit.") else None
    if event["handover_id"] is not None:
        row = rows.first(_place(), {"this": event["handover_id"]})
        knows = row and (row["announced_at"] or row["requested_at"])
        unit_id = row["unit_id"] if row and knows else None
    if unit_id is None:
        return ()
    return line_in(rows, unit_id, today=local_day(now)).unit_ids


def _put_in_line(rows: Rows, webhook_id: int, event: Shown, now: datetime) -> None:
    made = rows.first(
        _add(),
        {
            "webhook_id": webhook_id,
            "event_id": event["id"],
            "type": event["type"],
            "message_id": new_message_id(),
            "now": now,
        },
    )
    if made is not None:
        line.put_in_line(rows, made["id"])


@cache
def _on() -> Prepared:
    """Locked so far that none of them can be deleted meanwhile; changed they may be."""
    its = select(col(Webhook.id), col(Webhook.event_types), col(Webhook.unit_id))
    on = its.where(col(Webhook.off_at).is_(None)).order_by(col(Webhook.id))
    return Prepared(on.with_for_update(read=True, key_share=True))


@cache
def _place() -> Prepared:
    its = select(col(Handover.unit_id), col(Handover.announced_at), col(Handover.requested_at))
    return Prepared(its.where(col(Handover.id) == bindparam("this")))


@cache
def _add() -> Prepared:
    return Prepared(
        insert(WebhookDelivery)
        .values(
            webhook_id=bindparam("webhook_id"),
            event_id=bindparam("event_id"),
            type=bindparam("type"),
            message_id=bindparam("message_id"),
            made_at=bindparam("now"),
            due_at=bindparam("now"),
            state=literal_column(f"'{DeliveryState.WAITING}'"),
        )
        .on_conflict_do_nothing()
        .returning(col(WebhookDelivery.id))
    )
