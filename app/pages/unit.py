"""Enheder: the tree, with search, and one unit with all that it has been given."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from app.handovers import counts, reading
from app.handovers.lifecycle import State
from app.handovers.requests import requests_by_unit
from app.pages.drawn import as_cards, drawn, today_of
from app.pages.searching import search_of
from app.people.page_route import pages
from app.people.signed_in import SignedIn
from app.people.visit import Visit
from app.rest.pages import next_page, page_at
from app.rows import Shown
from app.units import queries as units
from app.units.line import line_of
from app.units.models import Unit
from app.units.tree import Branch, tree, tree_below

unit_pages = pages()
MOST_IN_TREE, A_PAGE = 500, 50
OPEN, PAST, REQUESTS = 12, 12, 10
_NOT_GIVEN = frozenset({State.DRAFT, State.WITHDRAWN})


@unit_pages.get("/units")
def show_units(visit: Visit) -> Response:
    visit.must_be_signed_in()
    search = search_of(visit)
    page = page_at(visit.request.url, visit.query.get("cursor"), limit=A_PAGE)
    found: Sequence[Unit] = []
    if search.q:
        found = units.page(visit.session, after_id=page.after_id, limit=A_PAGE + 1, q=search.q)
    shown = found[:A_PAGE]
    branches = [] if search.typed else tree(visit.rows, most=MOST_IN_TREE)
    return drawn(
        visit,
        "units/units.html",
        status=422 if search.fault else 200,
        search=search,
        branches=branches,
        found=shown,
        above=units.names(visit.rows, {unit.parent_id for unit in shown if unit.parent_id}),
        leaders=_leaders(visit, branches, shown),
        after=next_page(page, found, key=lambda unit: (unit.key,)),
        is_first=page.after is None,
    )


@unit_pages.get("/units/{unit_id}")
def show_unit(visit: Visit) -> Response:
    me, today, unit_id = visit.must_be_signed_in(), today_of(visit), visit.id("unit_id")
    unit = units.get(visit.session, unit_id)
    line = line_of(visit.session, unit_id, today=today)
    answering = line.answering()
    below = tree_below(visit.rows, unit_id, most=MOST_IN_TREE)
    there = as_cards(visit, reading.open_at_unit(visit.rows, me, unit_id, today=today))
    return drawn(
        visit,
        "units/unit.html",
        unit=unit,
        answering=answering,
        above=_above(visit, line.unit_ids),
        names=units.names(visit.rows, {answering.unit_id, unit.successor_id or unit_id}),
        counts=_counts(counts.at_unit(visit.rows, me, unit_id, today=today)),
        open=there if "all" in visit.query else there[:OPEN],
        open_count=len(there),
        requests=_requests(visit, me, unit_id),
        below=below,
        leaders=_leaders(visit, below, []),
        **_past(visit, me, unit_id),
    )


def _above(visit: Visit, line: Sequence[int]) -> Sequence[tuple[int, str]]:
    """From the top down to the unit above."""
    names = units.names(visit.rows, line[1:])
    return [(unit_id, names[unit_id]) for unit_id in reversed(line[1:])]


def _counts(found: Mapping[str, int]) -> Sequence[tuple[State, int]]:
    return [(state, found[state]) for state in State if found.get(state)]


def _requests(visit: Visit, me: SignedIn, unit_id: int) -> Sequence[Shown]:
    """What the unit has asked for that has not been given: it waits, or got a no, or was taken
    back."""
    found = requests_by_unit(
        visit.rows, me, unit_id, today=today_of(visit), before_id=None, limit=REQUESTS
    )
    not_given = [row for row in found if row["delivered_at"] is None and row["state"] in _NOT_GIVEN]
    return as_cards(visit, not_given)


def _past(visit: Visit, me: SignedIn, unit_id: int) -> Mapping[str, Any]:
    page = page_at(visit.request.url, visit.query.get("cursor"), limit=PAST)
    found = reading.newest(
        visit.rows,
        me,
        today=today_of(visit),
        filters={"at_unit_id": unit_id, "is_open": False},
        before_id=page.after_id or None,
        limit=PAST + 1,
    )
    return {
        "past": as_cards(visit, found[:PAST]),
        "after": next_page(page, found, key=lambda row: (row["id"],)),
        "is_first": page.after is None,
    }


def _leaders(visit: Visit, branches: Sequence[Branch], found: Sequence[Unit]) -> Mapping[int, str]:
    ids = [one.id for branch in branches for one in branch.walked()]
    ids += [unit.key for unit in found]
    return units.leaders(visit.rows, ids, today=today_of(visit))
