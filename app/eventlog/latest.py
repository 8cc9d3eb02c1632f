"""The log read backwards: what happened last comes first. For people who look back; who follows
along, reads it forwards, and misses nothing (see app/eventlog/queries.py)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, union_all
from sqlmodel import col

from app.eventlog.models import Event
from app.eventlog.queries import SHOWN
from app.rows import Prepared, Rows, Shown

Branch = Sequence[ColumnElement[bool]]

OUT_OF_ORDER = timedelta(days=1)
"""Ids rise with time but for transactions that overlap, and clocks that were set."""


def latest_of(*branches: Branch) -> Prepared:
    """The statement for `latest`: the events that fulfil all conditions of one of the branches. No
    event may be in two of them. Each is walked along an index of its own, and no further than a
    page reaches."""
    parts = [_newest_first(branch).subquery() for branch in branches]
    if len(parts) == 1:
        return Prepared(_newest_first(branches[0]))
    either = union_all(*(select(*part.c) for part in parts)).subquery()
    whole = select(*either.c).order_by(either.c.id.desc()).limit(bindparam("limit"))
    return Prepared(whole)


@lru_cache(maxsize=64)
def latest_of_types(types: Collection[str]) -> Prepared:
    """Those of these types."""
    return latest_of(*([col(Event.type) == one] for one in sorted(types)))


def latest(
    rows: Rows,
    statement: Prepared,
    *,
    limit: int,
    before_id: int | None = None,
    from_at: datetime | None = None,
    parameters: Mapping[str, object] | None = None,
) -> list[Shown]:
    """The events before that one, newest first, and none from before that moment."""
    asked = {
        "before_id": before_id or 2**63 - 1,
        "from_id": _first_id_from(rows, from_at - OUT_OF_ORDER) if from_at else 0,
        "from_at": from_at or _BEFORE_ALL,
        "limit": limit,
    }
    return rows.all(statement, {**(parameters or {}), **asked})


def _first_id_from(rows: Rows, at: datetime) -> int:
    """Where the log had come to then: found by halving, for times have no index."""
    newest = rows.first(_NEWEST, {})
    low, high = 0, ((newest and newest["id"]) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        there = rows.first(_FIRST_FROM, {"id": middle})
        if there is None or there["at"] >= at:
            high = middle
        else:
            low = there["id"] + 1
    return low


def _newest_first(conditions: Branch) -> Select[Any]:
    bounds = (
        col(Event.id) < bindparam("before_id"),
        col(Event.id) >= bindparam("from_id"),
        col(Event.at) >= bindparam("from_at"),
    )
    statement = select(*SHOWN).where(*conditions, *bounds)
    return statement.order_by(col(Event.id).desc()).limit(bindparam("limit"))


_BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)
_NEWEST = Prepared(select(func.max(col(Event.id)).label("id")))
_FIRST_FROM = Prepared(
    select(col(Event.id), col(Event.at))
    .where(col(Event.id) >= bindparam("id"))
    .order_by(col(Event.id))
    .limit(1)
)
