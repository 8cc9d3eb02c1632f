"""Who owns what has been accepted: names to choose from."""

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import ColumnElement, bindparam, exists
from sqlmodel import col, select

from app.handovers.lifecycle import TAKEN
from app.handovers.models import Handover
from app.handovers.reading import Shape, named, with_units
from app.people.models import Person
from app.people.signed_in import READ_ALL
from app.rows import Prepared, Rows, Shown


def owners(rows: Rows, *, filters: Mapping[str, object], most: int) -> list[Shown]:
    """Id and name of those who own an accepted handover that passes the filters, by id. What is
    accepted is seen by everyone."""
    filters, listed_units = with_units(rows, filters)
    shape = Shape(named(filters), len(listed_units))
    return rows.all(_owners(shape), {**filters, **listed_units, "most": most})


@lru_cache(maxsize=128)
def _owners(shape: Shape) -> Prepared:
    """Where only some handovers count, those are gathered first."""
    owns: ColumnElement[bool]
    is_owned = col(Handover.state).in_(TAKEN)
    if shape == Shape(()):
        owns = exists().where(col(Handover.owner_id) == col(Person.id), is_owned).correlate(Person)
    else:
        theirs = select(col(Handover.owner_id)).where(is_owned, *shape.wanted(READ_ALL))
        owns = col(Person.id).in_(theirs)
    people = select(col(Person.id), col(Person.name)).where(owns)
    return Prepared(people.order_by(col(Person.id)).limit(bindparam("most")))
