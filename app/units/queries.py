"""Every SELECT on units and posts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import CTE, ColumnElement, bindparam, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.errors import NotFound
from app.people.models import Person
from app.rows import Prepared, Rows, among, listed, rows_of
from app.text import folded, in_danish_order
from app.units.line import TOP, is_held_on, is_led
from app.units.models import Post, PostKind, Unit


def get(session: Session, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound
    return unit


def open_ones(session: Session, *, most: int) -> Mapping[int, str]:
    """Names of the open units by id, in Danish order. Those of one name are told apart by the unit
    above, and where that does not do it, by their number."""
    above = aliased(Unit)
    statement = (
        select(Unit.id, Unit.name, above.name)
        .join(above, col(above.id) == Unit.parent_id, isouter=True)
        .where(col(Unit.closed_on).is_(None))
        .limit(most)
    )
    found = session.exec(statement).all()
    times = Counter(name for _, name, _ in found)
    with_above = Counter((name, over) for _, name, over in found)
    labels = {}
    for unit_id, name, over in found:
        assert unit_id is not None
        if times[name] > 1:
            is_told_apart = over and with_above[name, over] == 1
            name = f"{name} ({over})" if is_told_apart else f"{name} (nr. {unit_id})"
        labels[unit_id] = name
    return dict(sorted(labels.items(), key=lambda pair: in_danish_order(pair[1])))


def how_many(session: Session, *, is_vacant_on: date | None = None) -> int:
    """Open units; or of those, the ones where nobody leads or stands in that day."""
    statement = select(func.count()).select_from(Unit).where(col(Unit.closed_on).is_(None))
    if is_vacant_on is not None:
        statement = statement.where(~is_led(Unit, is_vacant_on))
    return session.exec(statement).one()


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
        statement = statement.where(col(Unit.closed_on).is_(None), ~is_led(Unit, is_vacant_on))
    for word in folded(q or "").split():
        statement = statement.where(col(Unit.search_text).contains(word, autoescape=True))
    return session.exec(statement.order_by(col(Unit.id)).limit(limit)).all()


def open_among(session: Session, ids: Collection[int]) -> Sequence[Unit]:
    """Those of the units that are open."""
    statement = select(Unit).where(col(Unit.id).in_(ids), col(Unit.closed_on).is_(None))
    return session.exec(statement.order_by(col(Unit.id))).all()


def under(unit_id: int | ColumnElement[int]) -> CTE:
    """The unit and everything under it, as a recursive table of ids."""
    tree = select(Unit.id).where(col(Unit.id) == unit_id).cte("under", recursive=True)
    child = aliased(Unit)
    return tree.union(select(child.id).join(tree, _is_child(child, tree)))


def ids_under(rows: Rows, unit_id: object, *, most: int) -> Sequence[int]:
    """The unit and what is under it; no more than `most` of them."""
    return [row["id"] for row in rows.all(_UNDER, {"unit_id": unit_id, "most": most})]


def levels_under(session: Session, unit_id: int) -> int:
    """How many levels the unit and all under it have, closed ones too: 1 for a unit alone. Level by
    level, as far as is allowed and one more."""
    rows, levels, level = rows_of(session), 0, [unit_id]
    while level and levels <= TOP:
        levels += 1
        parents = listed(level)
        level = [row["id"] for row in rows.all(_right_below(len(parents)), parents)]
    return levels


def posts(session: Session, unit_id: int) -> Sequence[Post]:
    """All posts of the unit, also past and future ones, newest first."""
    statement = select(Post).where(Post.unit_id == unit_id)
    return session.exec(statement.order_by(col(Post.from_on).desc(), col(Post.id).desc())).all()


def held_by(session: Session, person_id: int, *, today: date) -> Sequence[tuple[Post, str]]:
    """The posts that the person holds, or will, with the name of the unit."""
    statement = select(Post, Unit.name).join(Unit, col(Unit.id) == Post.unit_id)
    still = or_(col(Post.to_on).is_(None), col(Post.to_on) >= today)
    statement = statement.where(Post.person_id == person_id, still).order_by(col(Post.id))
    return [(post, name) for post, name in session.exec(statement.limit(100))]


def seats(
    session: Session, ids: Collection[int], *, today: date
) -> Mapping[int, Sequence[tuple[str, PostKind]]]:
    """Who leads each unit or stands in that day, leaders first; vacant ones are left out."""
    statement = (
        select(Post.unit_id, Person.name, Post.kind)
        .join(Person, col(Person.id) == Post.person_id)
        .where(col(Post.unit_id).in_(ids), is_held_on(today), col(Person.left_at).is_(None))
        .order_by(col(Post.kind), col(Post.id))
    )
    found: dict[int, list[tuple[str, PostKind]]] = {}
    for unit_id, name, kind in session.exec(statement):
        found.setdefault(unit_id, []).append((name, PostKind(kind)))
    return found


def posts_held(
    session: Session, person_id: int, *, today: date, most: int
) -> Sequence[tuple[Post, Unit]]:
    """What the person leads or stands in for today, with the units; those held longest first."""
    statement = (
        select(Post, Unit)
        .join(Unit, col(Unit.id) == Post.unit_id)
        .where(Post.person_id == person_id, is_held_on(today))
    )
    found = session.exec(statement.order_by(col(Post.from_on), col(Post.id)).limit(most))
    return [(post, unit) for post, unit in found]


def leaders(rows: Rows, unit_ids: Collection[int], *, today: date) -> Mapping[int, str]:
    """The names of those who lead the units today, by unit; where several do, of the first."""
    if not unit_ids:
        return {}
    parameters = listed(unit_ids)
    found = rows.all(_leaders(len(parameters)), {**parameters, "today": today})
    return {row["unit_id"]: row["name"] for row in reversed(found)}


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


_UNDER = Prepared(select(under(bindparam("unit_id")).c.id).limit(bindparam("most")))


@lru_cache(maxsize=32)
def _right_below(places: int) -> Prepared:
    return Prepared(select(Unit.id).where(among(col(Unit.parent_id), places)))


@lru_cache(maxsize=16)
def _leaders(places: int) -> Prepared:
    statement = (
        select(col(Post.unit_id), col(Person.name))
        .join(Person, col(Person.id) == Post.person_id)
        .where(
            among(col(Post.unit_id), places),
            col(Post.kind) == PostKind.LEADER,
            is_held_on(bindparam("today")),
            col(Person.left_at).is_(None),
        )
    )
    return Prepared(statement.order_by(col(Post.id)))


@lru_cache(maxsize=16)
def _names(places: int) -> Prepared:
    return Prepared(select(Unit.id, Unit.name).where(among(col(Unit.id), places)))
