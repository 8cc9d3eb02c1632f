"""Reading the log: pages by id, on which nothing turns up late."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, text
from sqlmodel import Session, col

from app.eventlog.log import EVENT_LOCKS
from app.eventlog.models import Event

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "type": col(Event.type) == bindparam("type"),
    "handover_id": col(Event.handover_id) == bindparam("handover_id"),
    "subject_id": col(Event.subject_id) == bindparam("subject_id"),
    "actor_id": col(Event.actor_id) == bindparam("actor_id"),
    "at_from": col(Event.at) >= bindparam("at_from"),
    "at_before": col(Event.at) < bindparam("at_before"),
}


def page(
    session: Session,
    *,
    filters: Mapping[str, object],
    after_id: int,
    limit: int,
    visible: ColumnElement[bool] | None = None,
    parameters: Mapping[str, object] | None = None,
) -> Sequence[Event]:
    """Events that pass every filter, oldest first. An event with a lower id than one shown is
    never shown later: what is still being written is left for the next page."""
    statement = _page(tuple(sorted(filters)))
    if visible is not None:
        statement = statement.where(visible)
    values = {
        **filters,
        **(parameters or {}),
        "after_id": after_id,
        "settled_id": _settled_id(session),
        "limit": limit,
    }
    return session.execute(statement, values).scalars().all()


@lru_cache(maxsize=64)
def _page(names: tuple[str, ...]) -> Select[Event]:
    return (
        select(Event)
        .where(
            col(Event.id) > bindparam("after_id"),
            col(Event.id) <= bindparam("settled_id"),
            *(FILTERS[name] for name in names),
        )
        .order_by(col(Event.id))
        .limit(bindparam("limit"))
    )


def _settled_id(session: Session) -> int:
    """The highest id at or below which no other transaction is still writing."""
    if session.get_bind().dialect.name != "postgresql":
        return 2**63 - 1
    # The order matters: an id that is handed out after the first is above `newest`, and every
    # writer of one handed out before holds its lock, or has committed, by the second.
    newest = session.execute(text("SELECT last_value FROM event_id_seq")).scalar_one()
    writing = session.execute(_LOWEST_LOCK, {"space": EVENT_LOCKS}).scalar_one()
    return int(newest if writing is None else min(newest, writing))


_LOWEST_LOCK: Any = text(
    "SELECT min(objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND classid = CAST(:space AS int) AND objsubid = 2 AND pid <> pg_backend_pid()"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
