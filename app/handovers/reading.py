"""The hot reads: columns instead of objects, each statement built once, keyset pages."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    TextClause,
    bindparam,
    literal_column,
    not_,
    or_,
    text,
    true,
    union_all,
)
from sqlmodel import col, select

from app.errors import NotFound
from app.gifts.models import Edition, Gift
from app.handovers.columns import DETAIL, SUMMARY, Column, joined
from app.handovers.lifecycle import ENDED, State
from app.handovers.models import AT_DOOR, ON_SHELF, Handover
from app.handovers.queries import asked_for_by, is_visible, seeing
from app.people.signed_in import READ_ALL, SignedIn
from app.rows import Prepared, Rows, Shown, among, listed
from app.units import queries as units

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "network_id": col(Handover.network_id) == bindparam("network_id"),
    "gift_id": col(Handover.gift_id) == bindparam("gift_id"),
    "owner_id": col(Handover.owner_id) == bindparam("owner_id"),
    "kind": col(Handover.kind) == bindparam("kind"),
    "delivered_from": col(Handover.delivered_at) >= bindparam("delivered_from"),
    "delivered_before": col(Handover.delivered_at) < bindparam("delivered_before"),
    "due_from": col(Handover.life_due_on) >= bindparam("due_from"),
    "due_before": col(Handover.life_due_on) < bindparam("due_before"),
    "quiet_since": (
        (col(Handover.last_life_at) < bindparam("quiet_since"))
        & col(Handover.life_due_on).is_not(None)
    ),
}
"""Conditions by name; each has a parameter of the same name. There is also `unit_id`, the unit and
everything under it."""

_paused_until = col(Handover.paused_until)
_is_paused: ColumnElement[bool] = _paused_until > bindparam("today")
_is_ended = col(Handover.state).in_(ENDED)
_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    **FILTERS,
    # Written so that neither database gathers and sorts all that so many units have: where a good
    # part of the handovers are theirs, the next page is soon found in the order of the list.
    "unit_id": literal_column("+handover.unit_id", BigInteger)
    .in_(select(units.under(bindparam("unit_id")).c.id))
    .is_(true()),
    "is_paused": _is_paused,
    "not is_paused": or_(_paused_until.is_(None), not_(_is_paused)),
    "is_open": not_(_is_ended),
    "not is_open": _is_ended,
    "needs_unit": text("handover.needs_unit"),  # type: ignore[dict-item]
    "not needs_unit": text("NOT handover.needs_unit"),  # type: ignore[dict-item]
    "at_door": text(AT_DOOR),  # type: ignore[dict-item]
    "on_shelf": text(ON_SHELF),  # type: ignore[dict-item]
}
MANY_UNITS = 64
"""More units than this are not listed one by one."""
_NARROW = {"network_id", "gift_id", "owner_id"}
"""With one of these there are few enough to be looked through, whatever else is asked."""


def one(rows: Rows, person: SignedIn, handover_id: int, *, today: date) -> Shown:
    """Everything about one handover. NotFound where the person may not see it."""
    parameters = {"id": handover_id, **seeing(person, today)}
    row = rows.first(_one(person.roles), parameters)
    if row is None and asked_for_by(rows, person, handover_id, today=today):
        row = rows.first(_one(READ_ALL), parameters)
    if row is None:
        raise NotFound
    return row


def newest(
    rows: Rows,
    person: SignedIn,
    *,
    today: date,
    filters: Mapping[str, object],
    states: Sequence[State] = (),
    words: Sequence[str] = (),
    before_id: int | None,
    limit: int,
) -> list[Shown]:
    """Handovers that pass every filter, newest first: in one of the `states`, if there are any.
    `filters` are those that FILTERS names, with their values, and others with whether they hold;
    `words` are folded, and each must be in the gift's title or summary."""
    filters, listed_units = with_units(rows, filters)
    parameters = {**seeing(person, today), **filters, **listed_units, "limit": limit}
    for place, word in enumerate(words):
        parameters[f"any_word_{place}"] = contains(word)
    if before_id is not None:
        parameters["before_id"] = before_id
    if filters.get("is_open") is False and not states:
        filters = {name: value for name, value in filters.items() if name != "is_open"}
        states = sorted(ENDED)
    for place, state in enumerate(states):
        parameters[f"any_state_{place}"] = state
    shape = Shape(named(filters), len(listed_units), len(states), len(words), before_id is not None)
    return rows.all(_newest(person.roles, shape), parameters)


def dustiest(
    rows: Rows,
    person: SignedIn,
    *,
    today: date,
    filters: Mapping[str, object],
    after: tuple[date, int] | None,
    limit: int,
) -> list[Shown]:
    """Handovers past their day that pass every filter, the longest overdue first."""
    filters, listed_units = with_units(rows, filters)
    parameters = {**seeing(person, today), **filters, **listed_units, "limit": limit}
    if after is not None:
        parameters |= {"after_due_on": after[0], "after_id": after[1]}
    shape = Shape(named(filters), len(listed_units), is_later_page=after is not None)
    return rows.all(_dustiest(person.roles, shape), parameters)


def open_at_unit(rows: Rows, person: SignedIn, unit_id: int, *, today: date) -> list[Shown]:
    """The unit's own handovers that have not ended: at most 200, what is due first at the top."""
    parameters = {"unit_id": unit_id, **seeing(person, today)}
    return rows.all(_open_at_unit(person.roles), parameters)


def with_units(
    rows: Rows, filters: Mapping[str, object]
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """The filters; and the ids of the units, instead of the filter, where they are few enough."""
    if "unit_id" not in filters:
        return filters, {}
    ids = units.ids_under(rows, filters["unit_id"], most=MANY_UNITS + 1)
    if len(ids) > MANY_UNITS:
        return filters, {}
    others = {name: value for name, value in filters.items() if name != "unit_id"}
    return others, listed(ids or [filters["unit_id"]])


def named(filters: Mapping[str, object]) -> tuple[str, ...]:
    """The conditions that the filters ask for, in one order, so that they share a statement."""
    named = (f"not {name}" if value is False else name for name, value in filters.items())
    return tuple(sorted(named))


def contains(word: str) -> str:
    """A LIKE pattern, with `!` before what LIKE would read as a wildcard."""
    escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


@lru_cache(maxsize=16)
def _one(roles: frozenset[str]) -> Prepared:
    its_edition = (col(Edition.gift_id) == Handover.gift_id) & (
        col(Edition.number) == Handover.edition
    )
    whole = joined((*SUMMARY, *DETAIL)).outerjoin(Edition, its_edition)
    return Prepared(whole.where(col(Handover.id) == bindparam("id"), is_visible(roles)))


class Shape(NamedTuple):
    """What makes one statement of the list differ from another; the values are parameters."""

    conditions: tuple[str, ...]
    units: int = 0
    states: int = 0
    words: int = 0
    is_later_page: bool = False

    def wanted(self, roles: frozenset[str]) -> list[ColumnElement[bool]]:
        wanted = [is_visible(roles), *(_CONDITIONS[name] for name in self.conditions)]
        if self.units:
            wanted.append(among(col(Handover.unit_id), self.units))
        return wanted


@lru_cache(maxsize=512)
def _newest(roles: frozenset[str], shape: Shape) -> Prepared:
    wanted = shape.wanted(roles)
    for place in range(shape.words):
        word: ColumnElement[str] = bindparam(f"any_word_{place}")
        wanted.append(col(Gift.search_text).like(word, escape="!"))
    if shape.is_later_page:
        before_id: ColumnElement[int] = bindparam("before_id")
        wanted.append(col(Handover.id) < before_id)
    states: list[ColumnElement[State]] = [
        bindparam(f"any_state_{place}") for place in range(shape.states)
    ]
    is_narrow = not _NARROW.isdisjoint(shape.conditions) or bool(shape.units or shape.words)
    if len(states) > 1 and not is_narrow:
        return _newest_of_each(wanted, states)
    if states:
        wanted.append(col(Handover.state).in_(states))
    is_gathered = shape.units and not shape.words
    # The plus keeps SQLite from walking through all handovers in the order of the list instead.
    by_id = [text("+handover.id DESC")] if is_gathered else []
    return _page(wanted, [col(Handover.id).desc()], gathered_by=by_id)


def _newest_of_each(
    wanted: Sequence[ColumnElement[bool]], states: Sequence[ColumnElement[State]]
) -> Prepared:
    """The first so many of each state, and of those the first: no index has several states in one
    order, and gathering all that are in them would grow with the handovers."""
    newest, limit = col(Handover.id).desc(), bindparam("limit", type_=Integer)
    of_each = [
        select(col(Handover.id))
        .where(*wanted, col(Handover.state) == state)
        .order_by(newest)
        .limit(limit)
        .correlate(None)
        .subquery()
        for state in states
    ]
    some = union_all(*(select(one.c.id) for one in of_each)).subquery()
    first = select(some.c.id).order_by(some.c.id.desc()).limit(limit)
    return Prepared(joined(SUMMARY).where(col(Handover.id).in_(first)).order_by(newest))


@lru_cache(maxsize=512)
def _dustiest(roles: frozenset[str], shape: Shape) -> Prepared:
    due_on, row_id = col(Handover.life_due_on), col(Handover.id)
    wanted = [*shape.wanted(roles), due_on < bindparam("today")]
    if shape.is_later_page:
        after_due_on: ColumnElement[date] = bindparam("after_due_on")
        after_id: ColumnElement[int] = bindparam("after_id")
        wanted += [due_on >= after_due_on, or_(due_on > after_due_on, row_id > after_id)]
    order: list[Column] = [due_on, row_id]
    return _page(wanted, order, gathered_by=order if shape.units else [])


def _page(
    wanted: Sequence[ColumnElement[bool]],
    order: Sequence[Column],
    *,
    gathered_by: Sequence[Column | TextClause] = (),
) -> Prepared:
    """The first so many in the order. Where they are few enough to be gathered and sorted, that is
    done with their ids alone."""
    limit: ColumnElement[int] = bindparam("limit")
    if not gathered_by:
        return Prepared(joined(SUMMARY).where(*wanted).order_by(*order).limit(limit))
    gathered = select(col(Handover.id)).where(*wanted).correlate(None)
    first = gathered.order_by(*gathered_by).limit(limit)
    return Prepared(joined(SUMMARY).where(col(Handover.id).in_(first)).order_by(*order))


@lru_cache(maxsize=16)
def _open_at_unit(roles: frozenset[str]) -> Prepared:
    due_on = col(Handover.life_due_on)
    statement = joined(SUMMARY).where(
        col(Handover.unit_id) == bindparam("unit_id"),
        col(Handover.state).not_in(ENDED),
        is_visible(roles),
    )
    return Prepared(statement.order_by(due_on.is_(None), due_on, col(Handover.id)).limit(200))
