"""Who answers for a unit: the line from it to the top, with who sits on each post, in one read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, bindparam, exists, literal
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.errors import NotFound
from app.people.models import Person
from app.rows import Prepared, Rows, Shown, rows_of
from app.spans import is_current
from app.units.models import Post, PostKind, Unit

TOP = 64
"""So many levels an organisation has at most; a walk up the tree ends here whatever the rows say,
and so none may be deeper."""


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


@dataclass(frozen=True)
class Line:
    """A unit, its parent, and so on to the top; leaders before substitutes in each unit."""

    unit_ids: Sequence[int]
    is_closed: bool
    seats: Mapping[int, Sequence[Seat]]

    def answering(self) -> Answering:
        """Its own leader and substitutes, else the nearest above; nobody for a closed unit."""
        return self._first_held([] if self.is_closed else self.unit_ids)

    def next_up(self) -> Answering:
        """Who answers one level above whoever answers for the unit."""
        above = self.unit_ids.index(self.answering().unit_id) + 1
        return self._first_held(self.unit_ids[above:])

    def kind_of(self, person_id: int) -> PostKind | None:
        """How the person may answer for the unit, as leader before substitute; None if not."""
        seats = self.answering().seats
        return min((seat.kind for seat in seats if seat.person_id == person_id), default=None)

    def stands_in_for(self, person_id: int) -> int | None:
        """The leader for whom a substitute answers; None for a leader and for anyone else."""
        leaders = [
            seat.person_id for seat in self.answering().seats if seat.kind is PostKind.LEADER
        ]
        is_substitute = self.kind_of(person_id) is PostKind.SUBSTITUTE
        return leaders[0] if is_substitute and leaders else None

    def without(self, person_id: int, unit_ids: Collection[int]) -> "Line":
        """As it would be if the person had no post in the units."""
        seats = {
            unit_id: [one for one in held if unit_id not in unit_ids or one.person_id != person_id]
            for unit_id, held in self.seats.items()
        }
        return replace(self, seats=seats)

    def is_next_up(self, person_id: int) -> bool:
        return any(seat.person_id == person_id for seat in self.next_up().seats)

    def _first_held(self, unit_ids: Sequence[int]) -> Answering:
        for unit_id in unit_ids:
            if self.seats[unit_id]:
                return Answering(unit_id, self.seats[unit_id], is_vacant=unit_id != unit_ids[0])
        return Answering(self.unit_ids[0], [], is_vacant=True)


def line_of(session: Session, unit_id: int, *, today: date) -> Line:
    """The unit's line as it is today. NotFound where there is no such unit."""
    return line_in(rows_of(session), unit_id, today=today)


def line_in(rows: Rows, unit_id: int, *, today: date) -> Line:
    """The same, for those who only read."""
    found = rows.all(_LINE, {"unit_id": unit_id, "today": today})
    if not found:
        raise NotFound
    return line_out_of(found)


def line_out_of(found: Sequence[Shown]) -> Line:
    """Out of the rows of one line, from the unit itself to the top."""
    seats: dict[int, list[Seat]] = {}
    for row in found:
        held = seats.setdefault(row["unit_id"], [])
        if row["person_id"] is not None:
            kind = PostKind(row["kind"])
            held.append(Seat(row["person_id"], row["name"], kind, row["mail"], row["phone"]))
    return Line(list(seats), found[0]["closed_on"] is not None, seats)


def is_under(session: Session, inner_id: int, outer_id: int) -> bool:
    """Whether the inner unit is the outer one, or lies anywhere below it."""
    ids = session.execute(_ABOVE, {"unit_id": inner_id}).scalars()
    return outer_id in set(ids)


def levels_to(session: Session, unit_id: int) -> int:
    """On which level the unit lies, counted from the top, which is 1."""
    return len(session.execute(_ABOVE, {"unit_id": unit_id}).all())


def is_held_on(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The condition that a post is held on the day."""
    return is_current(col(Post.from_on), col(Post.to_on), today)


def is_led(unit: type[Unit], today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Whether anybody sits there who has not left, as `Line` sees it."""
    held = exists().where(col(Post.unit_id) == unit.id, is_held_on(today))
    return held.where(col(Person.id) == Post.person_id, col(Person.left_at).is_(None)).correlate(
        unit
    )


def seated(line: CTE) -> Select[*tuple[Any, ...]]:
    """Who sits on the posts of the units in the line today, for `line_out_of`: a row for each, and
    one for a unit where nobody sits."""
    held = and_(col(Post.unit_id) == line.c.id, is_held_on(bindparam("today")))
    sits = and_(col(Person.id) == Post.person_id, col(Person.left_at).is_(None))
    return (
        columns(
            line.c.id.label("unit_id"),
            col(Unit.closed_on),
            col(Post.kind),
            col(Person.id).label("person_id"),
            col(Person.name),
            col(Person.mail),
            col(Person.phone),
        )
        .select_from(line)
        .join(Unit, col(Unit.id) == line.c.id)
        .outerjoin(Post, held)
        .outerjoin(Person, sits)
    )


_first = columns(col(Unit.id), col(Unit.parent_id), literal(0).label("steps"))
_above = _first.where(col(Unit.id) == bindparam("unit_id")).cte("above", recursive=True)
_parent = aliased(Unit)
_above = _above.union_all(
    columns(col(_parent.id), col(_parent.parent_id), _above.c.steps + 1)
    .join(_above, col(_parent.id) == _above.c.parent_id)
    .where(_above.c.steps < TOP)
)
_ABOVE = columns(_above.c.id)
_LINE = Prepared(seated(_above).order_by(_above.c.steps, col(Post.kind), col(Post.id)))
