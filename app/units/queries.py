"""Every SELECT on units and posts."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import CTE, ColumnElement, bindparam, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.people.models import Person
from app.rows import Prepared, Rows, among, listed
from app.text import folded
from app.units.line import is_held_on
from app.units.models import Post, PostKind, Unit


def get(session: Session, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound
    return unit


def by_external_id(session: Session, external_id: str) -> Unit | None:
    return session.exec(select(Unit).where(col(Unit.external_id) == external_id)).one_or_none()


def page(
    session: Session,
    *,
    after_id: int,
    limit: int,
    parent_id: int | None = None,
    under_id: int | None = None,
    is_closed: bool | None = None,
    is_vacant_on: date | None = None,
    q: str | None = None,
) -> Sequence[Unit]:
    statement = select(Unit).where(col(Unit.id) > after_id)
    if parent_id is not None:
        statement = statement.where(col(Unit.parent_id) == parent_id)
    if under_id is not None:
        statement = statement.where(col(Unit.id).in_(select(under(under_id).c.id)))
    if is_closed is not None:
        closed = col(Unit.closed_on)
        statement = statement.where(closed.is_not(None) if is_closed else closed.is_(None))
    if is_vacant_on is not None:
        statement = statement.where(col(Unit.closed_on).is_(None), ~_is_held(Unit, is_vacant_on))
    for word in folded(q or "").split():
        statement = statement.where(col(Unit.search_text).contains(word, autoescape=True))
    return session.exec(statement.order_by(col(Unit.id)).limit(limit)).all()


def under(unit_id: int | ColumnElement[int]) -> CTE:
    """The unit and everything under it, as a recursive table of ids."""
    tree = select(Unit.id).where(col(Unit.id) == unit_id).cte("under", recursive=True)
    child = aliased(Unit)
    return tree.union(select(child.id).join(tree, _is_child(child, tree)))


def count_under(rows: Rows, unit_id: object, *, most: int) -> int:
    """How many units there are under the unit, itself among them; counts no further than `most`."""
    found = rows.first(_COUNT_UNDER, {"unit_id": unit_id, "most": most})
    return found["units"] if found else 0


def led_by(person_id: ColumnElement[int], today: ColumnElement[date]) -> CTE:
    """The units that the person answers for today: their own posts, and below each the units
    whose post is vacant. A recursive table of ids."""
    own = (
        select(col(Post.unit_id).label("id"))
        .where(col(Post.person_id) == person_id, is_held_on(today))
        .cte("led", recursive=True)
    )
    child = aliased(Unit)
    vacant_below = (
        select(child.id)
        .join(own, _is_child(child, own))
        .where(col(child.closed_on).is_(None), ~_is_held(child, today))
    )
    return own.union(vacant_below)


def led_below(person_id: ColumnElement[int], today: ColumnElement[date]) -> CTE:
    """The units for which the person is the next leader up today (see `Line.next_up`): whose post
    is held one level below, and below each of those the vacant ones. A recursive table of ids."""
    child, lower = aliased(Unit), aliased(Unit)
    mine = select(led_by(person_id, today).c.id)
    below = (
        select(child.id)
        .where(col(child.parent_id).in_(mine), _is_held(child, today))
        .cte("led_below", recursive=True)
    )
    vacant_below = (
        select(lower.id)
        .join(below, _is_child(lower, below))
        .where(col(lower.closed_on).is_(None), ~_is_held(lower, today))
    )
    return below.union(vacant_below)


def posts(session: Session, unit_id: int) -> Sequence[Post]:
    """All posts of the unit, also past and future ones, newest first."""
    statement = select(Post).where(Post.unit_id == unit_id)
    return session.exec(statement.order_by(col(Post.from_on).desc(), col(Post.id).desc())).all()


def last_led(session: Session, person_id: int) -> Unit | None:
    """The unit that the person was the leader of last; substitutes did not lead."""
    statement = (
        select(Unit)
        .join(Post, col(Post.unit_id) == Unit.id)
        .where(Post.person_id == person_id, Post.kind == PostKind.LEADER)
        .order_by(col(Post.from_on).desc(), col(Post.id).desc())
    )
    return session.exec(statement.limit(1)).first()


def names(rows: Rows, ids: Collection[int]) -> dict[int, str]:
    """Name by id, one query."""
    if not ids:
        return {}
    parameters = listed(ids)
    return {row["id"]: row["name"] for row in rows.all(_names(len(parameters)), parameters)}


def _is_child(unit: type[Unit], parents: CTE) -> ColumnElement[bool]:
    """The condition that the unit lies right below one of the parents. Said as a list of one:
    said as equality, SQLite reads the whole tree first, to know which parents have none."""
    return col(unit.parent_id).in_([parents.c.id])


def _is_held(unit: type[Unit], today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether anybody sits there who has not left, as `Line` sees it."""
    held = exists().where(col(Post.unit_id) == unit.id, is_held_on(today))
    return held.where(col(Person.id) == Post.person_id, col(Person.left_at).is_(None)).correlate(
        unit
    )


_first_under = select(under(bindparam("unit_id")).c.id).limit(bindparam("most")).subquery()
_COUNT_UNDER = Prepared(select(func.count().label("units")).select_from(_first_under))


@lru_cache(maxsize=16)
def _names(places: int) -> Prepared:
    return Prepared(select(Unit.id, Unit.name).where(among(col(Unit.id), places)))
