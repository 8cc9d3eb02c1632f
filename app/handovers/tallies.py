"""How many handovers pass the filters of the lists, for the heads of the columns that show them."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from sqlalchemy import ColumnElement, Integer, bindparam, func
from sqlmodel import col, select

from app.handovers.lifecycle import RECEIVED, State
from app.handovers.models import Handover, HandoverCount
from app.handovers.queries import seeing
from app.handovers.reading import Shape, named, with_units
from app.people.signed_in import SignedIn
from app.rows import Prepared, Rows
from app.units import queries as units


def by_state(
    rows: Rows, person: SignedIn, *, today: date, filters: Mapping[str, object]
) -> Mapping[State, int]:
    """How many there are in each state that a unit has received gifts in; states without any are
    left out. What was received is seen by everyone, so without a filter but `unit_id` they are
    summed from the counts that the database keeps."""
    if filters.keys() <= {"unit_id"}:
        found = rows.all(_kept(is_under=bool(filters)), filters)
    else:
        filters, listed_units = with_units(rows, filters)
        shape = Shape(named(filters), len(listed_units))
        parameters = {**seeing(person, today), **filters, **listed_units}
        found = rows.all(_counted(person.roles, shape), parameters)
    return {State(row["state"]): int(row["handovers"]) for row in found if row["handovers"]}


def overdue(
    rows: Rows, person: SignedIn, *, today: date, filters: Mapping[str, object], most: int
) -> int:
    """How many past their day pass every filter; it stops counting at `most`."""
    filters, listed_units = with_units(rows, filters)
    shape = Shape(named(filters), len(listed_units))
    parameters = {**seeing(person, today), **filters, **listed_units, "most": most}
    row = rows.first(_overdue(person.roles, shape), parameters)
    assert row is not None
    return int(row["handovers"])


@cache
def _kept(*, is_under: bool) -> Prepared:
    total = func.sum(col(HandoverCount.handovers)).label("handovers")
    statement = select(col(HandoverCount.state), total).where(
        col(HandoverCount.state).in_(RECEIVED)
    )
    if is_under:
        theirs = select(units.under(bindparam("unit_id")).c.id)
        statement = statement.where(col(HandoverCount.unit_id).in_(theirs))
    return Prepared(statement.group_by(col(HandoverCount.state)))


@lru_cache(maxsize=128)
def _counted(roles: frozenset[str], shape: Shape) -> Prepared:
    statement = select(col(Handover.state), func.count().label("handovers")).where(
        *shape.wanted(roles), col(Handover.state).in_(RECEIVED)
    )
    return Prepared(statement.group_by(col(Handover.state)))


@lru_cache(maxsize=128)
def _overdue(roles: frozenset[str], shape: Shape) -> Prepared:
    today: ColumnElement[date] = bindparam("today")
    due = select(col(Handover.id)).where(*shape.wanted(roles), col(Handover.life_due_on) < today)
    some = due.limit(bindparam("most", type_=Integer)).subquery()
    return Prepared(select(func.count().label("handovers")).select_from(some))
