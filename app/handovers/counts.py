"""How many handovers units have in each state, from the counts that the database keeps."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    SelectBase,
    bindparam,
    func,
    select,
    text,
    union_all,
)
from sqlmodel import col

from app.handovers.models import Handover, HandoverCount
from app.handovers.queries import seeing
from app.networks import queries as networks
from app.people.signed_in import READ_ALL, SignedIn
from app.rows import Prepared, Rows, Shown, json_by_key
from app.units import queries as units
from app.units.models import Unit


class Sight(Enum):
    """What somebody sees of handovers: those announced, their own networks' too, or all."""

    ANNOUNCED = 1
    OWN = 2
    ALL = 3


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
    sight = _sight(rows, person, today)
    found = rows.all(_by_unit(sight, is_under=under_id is not None), parameters)
    for row in found:
        row["states"] = orjson.Fragment(row["states"] or "{}")
    return found


def at_unit(rows: Rows, person: SignedIn, unit_id: int, *, today: date) -> Mapping[str, int]:
    """How many the unit itself has in each state; states it has none in are left out."""
    row = rows.first(
        _at_unit(_sight(rows, person, today)), {**seeing(person, today), "one_unit_id": unit_id}
    )
    states: Mapping[str, int] = orjson.loads((row and row["states"]) or "{}")
    return states


def units_miscounted(connection: Connection) -> int:
    """In how many units what is kept is not what there is. It reads every handover."""
    found: int = connection.execute(_MISCOUNTED).scalar_one()
    return found


_MISCOUNTED = text(
    """SELECT count(DISTINCT unit_id) FROM (
        SELECT unit_id FROM (
            SELECT unit_id, state, is_announced, handovers FROM handover_count
            UNION ALL SELECT unit_id, state, announced_at IS NOT NULL, -1 FROM handover
        ) AS either GROUP BY unit_id, state, is_announced HAVING sum(handovers) <> 0
    ) AS miscounted"""
)


def _sight(rows: Rows, person: SignedIn, today: date) -> Sight:
    if person.roles.intersection(READ_ALL):
        return Sight.ALL
    is_in_network = rows.first(_own_networks(), seeing(person, today)) is not None
    return Sight.OWN if is_in_network else Sight.ANNOUNCED


@cache
def _own_networks() -> Prepared:
    return Prepared(networks.joined_by(bindparam("seen_by"), bindparam("today")).limit(1))


@lru_cache(maxsize=32)
def _by_unit(sight: Sight, *, is_under: bool) -> Prepared:
    page = select(col(Unit.id), col(Unit.name)).where(col(Unit.id) > bindparam("after_id"))
    if is_under:
        page = page.where(col(Unit.id).in_(select(units.under(bindparam("unit_id")).c.id)))
    limit: ColumnElement[int] = bindparam("limit")
    return _with_states(page.order_by(col(Unit.id)).limit(limit), sight)


@lru_cache(maxsize=16)
def _at_unit(sight: Sight) -> Prepared:
    one = select(col(Unit.id), col(Unit.name)).where(col(Unit.id) == bindparam("one_unit_id"))
    return _with_states(one, sight)


def _with_states(some: SelectBase, sight: Sight) -> Prepared:
    """Of these units, the states in which somebody with the sight sees handovers."""
    page = some.subquery("page")
    kept = (
        select(col(HandoverCount.state), col(HandoverCount.handovers))
        .where(col(HandoverCount.unit_id) == page.c.id, col(HandoverCount.handovers) > 0)
        .correlate(page)
    )
    announced = kept.where(col(HandoverCount.is_announced))
    if sight is Sight.ANNOUNCED:
        told = announced.with_only_columns(json_by_key(*kept.selected_columns))
    else:
        counted = kept if sight is Sight.ALL else union_all(announced, _own(page))
        told = _summed(counted.subquery("counted"))
    states = told.scalar_subquery()
    columns = (page.c.id.label("unit_id"), page.c.name.label("unit_name"), states.label("states"))
    return Prepared(select(*columns).order_by(page.c.id))


def _summed(counted: FromClause) -> Select[Any]:
    handovers = func.sum(counted.c.handovers).label("handovers")
    summed = select(counted.c.state, handovers).group_by(counted.c.state)
    ordered = summed.order_by(counted.c.state).subquery("summed")
    return select(json_by_key(ordered.c.state, ordered.c.handovers))


def _own(page: FromClause) -> SelectBase:
    """What only those in its network may see yet: not much, so it is counted when asked for."""
    mine = networks.joined_by(bindparam("seen_by"), bindparam("today"))
    return (
        select(col(Handover.state), func.count().label("handovers"))
        .where(
            col(Handover.unit_id) == page.c.id,
            col(Handover.announced_at).is_(None),
            col(Handover.network_id).in_(mine),
        )
        .group_by(col(Handover.state))
        .correlate(page)
    )
