"""What one person has been told: how much is unread, what it is, and that it was read.

A thing is a handover, or what has none. However often somebody was told of it, it is one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.errors import NotFound
from app.eventlog.models import Event
from app.gifts.models import Gift
from app.handovers.models import Handover
from app.handovers.queries import is_visible, seeing
from app.notifications.models import Notification
from app.notifications.recipients import Reason
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.rows import Prepared, Rows, Shown, rows_of
from app.units.models import Unit

LATEST = 2**63 - 1


def how_many_unread(rows: Rows, person_id: int) -> int:
    """Things of which something is unread."""
    found = rows.first(_count(), {"whose": person_id})
    assert found is not None
    count: int = found["things"]
    return count


def unread(rows: Rows, person: SignedIn, *, today: date, limit: int) -> Sequence[Shown]:
    """The newest unread message of each thing, newest first; `messages` is how many there are."""
    asked = {"whose": person.id, **seeing(person, today), "limit": limit}
    return rows.all(_unread(person.roles), asked)


def page(
    rows: Rows,
    person: SignedIn,
    *,
    today: date,
    before_id: int | None,
    limit: int,
    is_read: bool | None = None,
) -> Sequence[Shown]:
    """Every message, newest first."""
    asked = {"whose": person.id, **seeing(person, today), "limit": limit}
    return rows.all(_page(person.roles, is_read), {**asked, "before_id": before_id or LATEST})


def mark_read(session: Session, person_id: int, message_id: int, *, now: datetime) -> None:
    """With what came before it of the same thing; twice is the same as once. NotFound where it is
    nobody's, or somebody else's."""
    rows = rows_of(session)
    found = rows.first(_mine(), {"message": message_id, "whose": person_id})
    if found is None:
        raise NotFound
    about = found["handover_id"] or 0
    asked = {"message": message_id, "whose": person_id, "about": about, "now": now}
    rows.change(_mark(), asked)


def mark_all_read(session: Session, person_id: int, *, until_id: int, now: datetime) -> None:
    """All up to that one; what came later has not been seen."""
    rows_of(session).change(_mark_all(), {"until": until_id, "whose": person_id, "now": now})


_Absent = aliased(Person)
_whose: ColumnElement[int] = bindparam("whose")
_is_mine = col(Notification.person_id) == _whose
_is_unread = col(Notification.read_at).is_(None)
_thing = func.coalesce(col(Notification.handover_id), -col(Notification.id))


_COLUMNS: tuple[SQLColumnExpression[Any], ...] = (
    col(Notification.id),
    col(Notification.reason),
    col(Notification.handover_id),
    col(Notification.event_id),
    col(Notification.reminder_id),
    col(Notification.made_at),
    col(Notification.read_at),
    col(Notification.stands_in_for_id),
    col(_Absent.name).label("stands_in_for"),
    col(Handover.network_id),
    col(Handover.state),
    col(Gift.title).label("gift_title"),
    col(Unit.name).label("unit_name"),
    col(Event.type).label("event_type"),
    col(Event.subject_id),
    col(Event.actor_id),
    col(Event.on_behalf_of_id),
    col(Event.at),
    col(Event.data),
)


@cache
def _count() -> Prepared:
    things = func.count(_thing.distinct()).label("things")
    return Prepared(select(things).where(_is_mine, _is_unread))


@lru_cache(maxsize=16)
def _unread(roles: frozenset[str]) -> Prepared:
    newest = (
        select(
            func.max(col(Notification.id)).label("id"),
            func.count().label("messages"),
        )
        .where(_is_mine, _is_unread)
        .group_by(_thing)
        .order_by(func.max(col(Notification.id)).desc())
        .limit(bindparam("limit"))
        .subquery()
    )
    shown = _shown(roles).add_columns(newest.c.messages)
    joined = shown.join(newest, newest.c.id == col(Notification.id))
    return Prepared(joined.order_by(col(Notification.id).desc()))


@lru_cache(maxsize=64)
def _page(roles: frozenset[str], is_read: bool | None) -> Prepared:
    wanted = _shown(roles).where(_is_mine, col(Notification.id) < bindparam("before_id"))
    if is_read is not None:
        wanted = wanted.where(~_is_unread if is_read else _is_unread)
    return Prepared(wanted.order_by(col(Notification.id).desc()).limit(bindparam("limit")))


def _shown(roles: frozenset[str]) -> Select[Any]:
    """With the gift and the unit, as far as the person sees the handover."""
    asked_for = and_(
        col(Handover.requested_at).is_not(None),
        col(Notification.reason).in_([Reason.LEADER, Reason.SUBSTITUTE]),
    )
    its = and_(col(Handover.id) == Notification.handover_id, or_(is_visible(roles), asked_for))
    return (
        select(*_COLUMNS)
        .select_from(Notification)
        .outerjoin(Event, col(Event.id) == Notification.event_id)
        .outerjoin(_Absent, col(_Absent.id) == Notification.stands_in_for_id)
        .outerjoin(Handover, its)
        .outerjoin(Gift, col(Gift.id) == Handover.gift_id)
        .outerjoin(Unit, col(Unit.id) == Handover.unit_id)
    )


@cache
def _mine() -> Prepared:
    this = col(Notification.id) == bindparam("message")
    return Prepared(select(col(Notification.handover_id)).where(this, _is_mine))


@cache
def _mark() -> Prepared:
    message: ColumnElement[int] = bindparam("message")
    same = and_(
        col(Notification.handover_id) == bindparam("about"), col(Notification.id) <= message
    )
    return _marked(or_(col(Notification.id) == message, same))


@cache
def _mark_all() -> Prepared:
    return _marked(col(Notification.id) <= bindparam("until"))


def _marked(which: ColumnElement[bool]) -> Prepared:
    """Locked in the order of their ids, as by whoever gathers them for a mail."""
    these = (
        select(col(Notification.id))
        .where(_is_mine, _is_unread, which)
        .order_by(col(Notification.id))
        .with_for_update(key_share=True)
    )
    marked = update(Notification).where(col(Notification.id).in_(these))
    return Prepared(marked.values(read_at=bindparam("now")))
