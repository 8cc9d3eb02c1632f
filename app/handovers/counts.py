"""How many handovers units have in each state, from the counts that the database keeps."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import orjson
from sqlalchemy import ColumnElement, FromClause, SelectBase, bindparam, func, select, union_all
from sqlmodel import col

from app.gifts.queries import READ_ALL
from app.handovers.models import Handover, HandoverCount
from app.handovers.queries import seeing
from app.networks import queries as networks
from app.people.signed_in import SignedIn
from app.rows import Prepared, Rows, Shown, json_by_key
from app.units import queries as units
from app.units.models import Unit


def by_unit(
    rows: Rows,
    person: SignedIn,
    *,
    today: date,
    under_id: int | None,
    after_id: int,
    limit: int,
) -> list[Shown]:
    """Units by id, each with `states`: JSON of how many handovers the person sees in each state."""
    parameters = {**seeing(person, today), "after_id": after_id, "limit": limit}
    if under_id is not None:
        parameters["unit_id"] = under_id
    found = rows.all(_by_unit(person.roles, is_under=under_id is not None), parameters)
    for row in found:
        row["states"] = orjson.Fragment(row["states"] or "{}")
    return found


def at_unit(rows: Rows, person: SignedIn, unit_id: int, *, today: date) -> Mapping[str, int]:
    """How many the unit itself has in each state; states it has none in are left out."""
    row = rows.first(_at_unit(person.roles), {**seeing(person, today), "one_unit_id": unit_id})
    states: Mapping[str, int] = orjson.loads((row and row["states"]) or "{}")
    return states


@lru_cache(maxsize=32)
def _by_unit(roles: frozenset[str], *, is_under: bool) -> Prepared:
    page = select(col(Unit.id), col(Unit.name)).where(col(Unit.id) > bindparam("after_id"))
    if is_under:
        page = page.where(col(Unit.id).in_(select(units.under(bindparam("unit_id")).c.id)))
    limit: ColumnElement[int] = bindparam("limit")
    return _with_states(page.order_by(col(Unit.id)).limit(limit), roles)


@lru_cache(maxsize=16)
def _at_unit(roles: frozenset[str]) -> Prepared:
    one = select(col(Unit.id), col(Unit.name)).where(col(Unit.id) == bindparam("one_unit_id"))
    return _with_states(one, roles)


def _with_states(some: SelectBase, roles: frozenset[str]) -> Prepared:
    """Of these units, the states that somebody with the roles sees handovers in."""
    page = some.subquery("page")
    counted = _counted(page, roles)
    summed = (
        select(counted.c.state, func.sum(counted.c.handovers).label("handovers"))
        .group_by(counted.c.state)
        .order_by(counted.c.state)
        .subquery("summed")
    )
    states = select(json_by_key(summed.c.state, summed.c.handovers)).scalar_subquery()
    columns = (page.c.id.label("unit_id"), page.c.name.label("unit_name"), states.label("states"))
    return Prepared(select(*columns).order_by(page.c.id))


def _counted(page: FromClause, roles: frozenset[str]) -> FromClause:
    """What has been announced is counted already; the few that only some may see are not many."""
    kept = select(col(HandoverCount.state), col(HandoverCount.handovers)).where(
        col(HandoverCount.unit_id) == page.c.id, col(HandoverCount.handovers) > 0
    )
    if roles.intersection(READ_ALL):
        return kept.correlate(page).subquery("counted")
    mine = networks.joined_by(bindparam("seen_by"), bindparam("today"))
    own = select(col(Handover.state), func.count().label("handovers")).where(
        col(Handover.unit_id) == page.c.id,
        col(Handover.announced_at).is_(None),
        col(Handover.network_id).in_(mine),
    )
    announced = kept.where(col(HandoverCount.is_announced))
    own = own.group_by(col(Handover.state))
    return union_all(announced.correlate(page), own.correlate(page)).subquery("counted")
