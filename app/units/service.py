"""The verbs of units: register, change, move, close, merge. None commits."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from app.clock import local_day
from app.db import locked
from app.errors import Conflict, Invalid, Message
from app.eventlog import log
from app.eventlog.log import By, UnitId
from app.people.models import Person
from app.text import folded
from app.units import queries
from app.units.events import (
    UnitChanged,
    UnitClosed,
    UnitMoved,
    UnitRegistered,
)
from app.units.line import TOP, is_under, levels_to
from app.units.models import Unit
from app.units.posts import end_posts_in

# One number for the whole product: who changes the shape of the tree, waits for the others.
_TREE_LOCK = 7002


def register(session: Session, fields: Mapping[str, Any], *, by: By, now: datetime) -> Unit:
    """Raises Invalid for a parent that is closed or missing, or an external id in use."""
    unit = Unit(**fields, created_at=now)
    if unit.parent_id is not None:
        _lock_tree(session)
        _open_unit(session, unit.parent_id, pointer="/parent_id")
        _must_not_be_too_deep(session, unit.parent_id, levels=1, pointer="/parent_id")
    _store(session, unit)
    log.record(session, UnitRegistered(subject_id=unit.key, name=unit.name), by, at=now)
    return unit


def change(
    session: Session,
    unit_id: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    by: By,
    now: datetime,
) -> Unit:
    """Also moves the unit, when `parent_id` is among the fields; never under itself."""
    if "parent_id" in fields:
        _lock_tree(session)
    unit = locked(session, Unit, unit_id, version=version)
    changed = {name: value for name, value in fields.items() if getattr(unit, name) != value}
    if "parent_id" in changed:
        _move(session, unit, changed.pop("parent_id"), by=by, now=now)
    if changed:
        for name, value in changed.items():
            setattr(unit, name, value)
        log.record(session, UnitChanged(subject_id=unit_id, fields=sorted(changed)), by, at=now)
    _store(session, unit)
    return unit


def close(
    session: Session,
    unit_id: int,
    *,
    successor_id: int | None,
    version: int | None,
    by: By,
    now: datetime,
) -> Unit:
    """Closes the unit today. Its people, and the units under it, move to the successor."""
    _lock_tree(session)
    return _close(
        session, unit_id, successor_id, version=version, pointer="/successor_id", by=by, now=now
    )


def merge(
    session: Session,
    into_id: int,
    unit_ids: Collection[int],
    *,
    version: int | None,
    by: By,
    now: datetime,
) -> Unit:
    """Closes each of the units with `into_id` as its successor."""
    _lock_tree(session)
    into = locked(session, Unit, into_id, version=version)
    if into.is_closed:
        raise Conflict(Message("Enheden %(name)s er lukket.", name=into.name))
    for place, unit_id in enumerate(unit_ids):
        pointer = f"/unit_ids/{place}"
        if session.get(Unit, unit_id) is None or unit_id == into_id:
            raise Invalid.at(pointer, Message("Enheden kan ikke lægges ind her."))
        _close(session, unit_id, into_id, version=None, pointer=pointer, by=by, now=now)
    return into


def _close(
    session: Session,
    unit_id: int,
    successor_id: int | None,
    *,
    version: int | None,
    pointer: str,
    by: By,
    now: datetime,
) -> Unit:
    unit = locked(session, Unit, unit_id, version=version)
    if unit.is_closed:
        raise Conflict(Message("Enheden %(name)s er allerede lukket.", name=unit.name))
    children = session.exec(
        select(Unit).where(Unit.parent_id == unit_id, col(Unit.closed_on).is_(None))
    ).all()
    if successor_id is not None:
        _open_unit(session, successor_id, pointer=pointer)
        _not_inside(session, successor_id, unit, pointer=pointer)
        for child in children:
            _move(session, child, successor_id, pointer=pointer, by=by, now=now)
        session.execute(
            update(Person)
            .where(col(Person.unit_id) == unit_id)
            .values(unit_id=successor_id, version=col(Person.version) + 1)
        )
    elif children:
        raise Conflict(
            Message(
                "Der er åbne enheder under %(name)s. Flyt dem først, eller vælg en efterfølger.",
                name=unit.name,
            )
        )
    end_posts_in(session, unit_id, by=by, now=now)
    unit.closed_on, unit.successor_id = local_day(now), successor_id
    session.flush()
    successor = None if successor_id is None else UnitId(successor_id)
    log.record(session, UnitClosed(subject_id=unit_id, successor_id=successor), by, at=now)
    return unit


def _move(
    session: Session,
    unit: Unit,
    parent_id: int | None,
    *,
    pointer: str = "/parent_id",
    by: By,
    now: datetime,
) -> None:
    """The tree must be locked, before any unit is: so two who move never wait for each other."""
    if parent_id is not None:
        _open_unit(session, parent_id, pointer=pointer)
        _not_inside(session, parent_id, unit, pointer=pointer)
        levels = queries.levels_under(session, unit.key)
        _must_not_be_too_deep(session, parent_id, levels=levels, pointer=pointer)
    unit.parent_id = parent_id
    session.flush()
    parent = None if parent_id is None else UnitId(parent_id)
    log.record(session, UnitMoved(subject_id=unit.key, parent_id=parent), by, at=now)


def _not_inside(session: Session, inner_id: int, outer: Unit, *, pointer: str) -> None:
    if is_under(session, inner_id, outer.key):
        raise Invalid.at(
            pointer,
            Message("En enhed kan ikke ligge under sig selv: %(name)s.", name=outer.name),
            code="its_own_ancestor",
        )


def _must_not_be_too_deep(session: Session, parent_id: int, *, levels: int, pointer: str) -> None:
    """So many levels are to lie under the parent. Whoever walks up the tree ends at `TOP`, and
    finds no circle that is longer."""
    if levels_to(session, parent_id) + levels > TOP:
        raise Invalid.at(pointer, too_deep(), code="too_deep")


def too_deep() -> Message:
    return Message("Enhederne kan højst ligge i %(most)s niveauer under hinanden.", most=TOP)


def _open_unit(session: Session, unit_id: int, *, pointer: str) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise Invalid.at(pointer, Message("Enheden findes ikke."), code="unknown")
    if unit.is_closed:
        raise Invalid.at(
            pointer, Message("Enheden %(name)s er lukket.", name=unit.name), code="closed"
        )
    return unit


def _store(session: Session, unit: Unit) -> None:
    if unit.external_id:
        with session.no_autoflush:
            other = queries.by_external_id(session, unit.external_id)
        if other and other is not unit:
            raise Invalid.at("/external_id", Message("En anden enhed har det id."), code="taken")
    unit.search_text = folded(f"{unit.name} {unit.short_name}")
    session.add(unit)
    session.flush()


def _lock_tree(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock, 0)"), {"lock": _TREE_LOCK})
