"""Every SELECT on units and posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CTE, ColumnElement, and_, bindparam, exists
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from app.errors import NotFound
from app.people.models import Person
from app.text import folded
from app.units.models import Post, PostKind, Unit

TOP = 64
"""No organisation is this deep; a walk up the tree ends here whatever the rows say."""


@dataclass(frozen=True)
class Seat:
    """Who sits on a post."""

    person_id: int
    name: str
    kind: PostKind
    mail: str | None
    phone: str | None


@dataclass(frozen=True)
class Answering:
    """Who answers for a unit. `unit_id` is another unit above when the unit's post is vacant;
    `seats` is empty when nobody up to the top can answer."""

    unit_id: int
    seats: Sequence[Seat]
    is_vacant: bool


def get(session: Session, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound
    return unit


def by_external_id(session: Session, external_id: str) -> Unit | None:
    return session.exec(select(Unit).where(col(Unit.external_id) == external_id)).one_or_none()


def by_name(session: Session, name: str) -> Sequence[Unit]:
    """Open units of exactly that name; several when the name is not unique."""
    statement = select(Unit).where(col(Unit.name) == name, col(Unit.closed_on).is_(None))
    return session.exec(statement.order_by(col(Unit.id)).limit(2)).all()


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
    return tree.union(select(child.id).join(tree, col(child.parent_id) == tree.c.id))


def led_by(person_id: ColumnElement[int], today: ColumnElement[date]) -> CTE:
    """The units that the person answers for today: their own posts, and below each the units
    whose post is vacant. A recursive table of ids."""
    own = (
        select(col(Post.unit_id).label("id"))
        .where(col(Post.person_id) == person_id, _is_current(today))
        .cte("led", recursive=True)
    )
    child = aliased(Unit)
    vacant_below = (
        select(child.id)
        .join(own, col(child.parent_id) == own.c.id)
        .where(col(child.closed_on).is_(None), ~_is_held(child, today))
    )
    return own.union(vacant_below)


def answers_for(session: Session, person_id: int, unit_id: int, *, today: date) -> PostKind | None:
    """How the person may answer for the unit today, as leader before substitute; None if not."""
    kinds = {
        seat.kind
        for seat in answering(session, unit_id, today=today).seats
        if seat.person_id == person_id
    }
    return min(kinds) if kinds else None


def answering(session: Session, unit_id: int, *, today: date) -> Answering:
    """Who answers for the unit: its own leader and substitutes, else the nearest above.
    Nobody answers for a closed unit."""
    places = line(session, unit_id)
    if places[0].is_closed:
        return Answering(unit_id, [], is_vacant=True)
    for place in places:
        if found := seats(session, place.key, today=today):
            return Answering(place.key, found, is_vacant=place.key != unit_id)
    return Answering(unit_id, [], is_vacant=True)


def next_up(session: Session, unit_id: int, *, today: date) -> Answering:
    """Who answers one level above whoever answers for the unit."""
    here = answering(session, unit_id, today=today)
    unit = get(session, here.unit_id)
    if unit.parent_id is None:
        return Answering(unit.key, [], is_vacant=True)
    return answering(session, unit.parent_id, today=today)


def seats(session: Session, unit_id: int, *, today: date) -> Sequence[Seat]:
    """The current leaders and then substitutes of exactly this unit."""
    rows = session.execute(_SEATS, {"unit_id": unit_id, "today": today})
    return [Seat(row.id, row.name, row.kind, row.mail, row.phone) for row in rows]


def line(session: Session, unit_id: int) -> Sequence[Unit]:
    """The unit, its parent, and so on to the top."""
    place: Unit | None = get(session, unit_id)
    found: list[Unit] = []
    while place is not None and len(found) < TOP:
        found.append(place)
        place = session.get(Unit, place.parent_id) if place.parent_id else None
    return found


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


def names(session: Session, ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {row.id: row.name for row in session.execute(_NAMES, {"ids": list(ids)})}


def _is_current(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    return and_(
        col(Post.from_on) <= today, or_(col(Post.to_on).is_(None), col(Post.to_on) >= today)
    )


def _is_held(unit: type[Unit], today: date | ColumnElement[date]) -> ColumnElement[bool]:
    return exists().where(col(Post.unit_id) == unit.id, _is_current(today)).correlate(unit)


_NAMES = select(Unit.id, Unit.name).where(col(Unit.id).in_(bindparam("ids", expanding=True)))
_SEATS = (
    columns(col(Person.id), col(Person.name), col(Person.mail), col(Person.phone), col(Post.kind))
    .join(Person, col(Person.id) == Post.person_id)
    .where(
        col(Post.unit_id) == bindparam("unit_id"),
        _is_current(bindparam("today")),
        col(Person.left_at).is_(None),
    )
    .order_by(col(Post.kind), col(Post.id))
)
