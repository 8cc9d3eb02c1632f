"""Reading the log: pages by id, on which nothing turns up late."""

from collections.abc import Collection, Mapping

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import OID
from sqlmodel import col

from app.eventlog.log import EVENT_LOCKS
from app.eventlog.models import Event
from app.rows import Prepared, Rows, Shown

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "type": col(Event.type) == bindparam("type"),
    "about": col(Event.type).like(bindparam("about")),
    "handover_id": col(Event.handover_id) == bindparam("handover_id"),
    "subject_id": col(Event.subject_id) == bindparam("subject_id"),
    "actor_id": col(Event.actor_id) == bindparam("actor_id"),
    "at_from": col(Event.at) >= bindparam("at_from"),
    "at_before": col(Event.at) < bindparam("at_before"),
}


def page_of(names: Collection[str], visible: ColumnElement[bool] | None = None) -> Prepared:
    """The statement for a page with the filters of these names; for `page`."""
    statement = select(*SHOWN).where(
        col(Event.id) > bindparam("after_id"),
        col(Event.id) <= bindparam("settled_id"),
        *(FILTERS[name] for name in sorted(names)),
    )
    if visible is not None:
        statement = statement.where(visible)
    return Prepared(statement.order_by(col(Event.id)).limit(bindparam("limit")))


def page(
    rows: Rows,
    statement: Prepared,
    *,
    parameters: Mapping[str, object],
    after_id: int,
    limit: int,
) -> list[Shown]:
    """Events that pass every filter, oldest first. An event with a lower id than one shown is
    never shown later: what is still being written is left for the next page."""
    settled_id = _settled_id(rows)
    asked = {"after_id": after_id, "settled_id": settled_id, "limit": limit}
    return rows.all(statement, {**parameters, **asked})


def since(rows: Rows, thing: str, thing_id: int, *, after_id: int, limit: int) -> list[Shown]:
    """What has happened to one thing after that event, oldest first: `thing` is the first word of
    the types of events that are about it, as in `gift.changed`."""
    parameters = {"about": f"{thing}.%", "subject_id": thing_id}
    return page(rows, _ABOUT, parameters=parameters, after_id=after_id, limit=limit)


def last_about(rows: Rows, thing: str, thing_id: int) -> int:
    """The id of the newest event about the thing; 0 where nothing has happened to it."""
    found = rows.first(_LAST_ABOUT, {"about": f"{thing}.%", "subject_id": thing_id})
    return (found and found["id"]) or 0


def _settled_id(rows: Rows) -> int:
    """The highest id at or below which no other transaction is still writing."""
    if rows.is_sqlite:
        return 2**63 - 1
    # The order matters: an id that is handed out after the first is above `newest`, and every
    # writer of one handed out before holds its lock, or has committed, by the second.
    newest = rows.first(_NEWEST, {})
    writing = rows.first(_LOWEST_LOCK, {"space": EVENT_LOCKS})
    assert newest is not None
    assert writing is not None
    lowest = writing["id"]
    return int(newest["id"] if lowest is None else min(newest["id"], lowest))


SHOWN = (
    col(Event.id),
    col(Event.type),
    col(Event.subject_id),
    col(Event.handover_id),
    col(Event.actor_id),
    col(Event.on_behalf_of_id),
    col(Event.at),
    col(Event.data),
)
_ABOUT = page_of(["about", "subject_id"])
_LAST_ABOUT = Prepared(
    select(func.max(col(Event.id)).label("id")).where(FILTERS["about"], FILTERS["subject_id"])
)
_NEWEST = Prepared(
    select(literal_column("last_value").label("id")).select_from(text("event_id_seq"))
)
_LOWEST_LOCK = Prepared(
    select(func.min(cast(literal_column("objid"), BigInteger)).label("id"))
    .select_from(text("pg_locks"))
    .where(
        text("locktype = 'advisory' AND granted AND objsubid = 2 AND pid <> pg_backend_pid()"),
        text("database = (SELECT oid FROM pg_database WHERE datname = current_database())"),
        literal_column("classid") == cast(bindparam("space"), OID),
    )
)
