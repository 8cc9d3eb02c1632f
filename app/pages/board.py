"""Tavlen: where all gifts are. The shelf hangs above five columns, and what stands at the door is
in a section of its own; each can be seen whole, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from app.clock import local_day
from app.errors import Message, NotFound
from app.handovers import reading, tallies
from app.handovers.lifecycle import State
from app.handovers.rules import rules_by
from app.handovers.schemas import summary_json
from app.pages.board_filters import Filters, filters_of
from app.pages.drawn import drawn, today_of
from app.people.page_route import pages
from app.people.signed_in import SignedIn
from app.people.visit import Visit
from app.rest.pages import Key, Page, next_page, page_at
from app.rows import Shown

board = pages()
CARDS, ON_SHELF, AT_DOOR, A_PAGE = 6, 24, 12, 50
MOST_COUNTED = 10_000
"""More than this on the shelf are not counted one by one."""

COLUMNS: Mapping[str, Sequence[State]] = {
    "delivered": (State.DELIVERED, State.ACKNOWLEDGED),
    "accepted": (State.ACCEPTED,),
    "trial": (State.TRIAL,),
    "in_use": (State.IN_USE,),
    "anchored": (State.ANCHORED,),
}
QUIET: Mapping[str, str] = {"shelf": "on_shelf", "door": "at_door"}
NAMES: Mapping[str, Message] = {
    "delivered": Message("Overrakt"),
    "accepted": Message("Taget imod"),
    "trial": Message("Afprøves"),
    "in_use": Message("I brug"),
    "anchored": Message("En del af hverdagen"),
    "shelf": Message("På hylden"),
    "door": Message("Ved døren"),
}


@board.get("/board")
def show_board(visit: Visit) -> Response:
    me, column = visit.must_be_signed_in(), visit.query.get("column", "")
    filters = filters_of(visit, me)
    if column in NAMES:
        return _whole(visit, me, column, filters)
    if column:
        raise NotFound
    today, asked = today_of(visit), filters.asked
    counts = tallies.by_state(visit.rows, me, today=today, filters=asked)
    columns = [
        {
            "key": key,
            "name": NAMES[key],
            "count": sum(counts.get(state, 0) for state in states),
            "cards": _newest(visit, me, states, filters, before_id=None, limit=CARDS),
            "all": _address(key, filters),
        }
        for key, states in COLUMNS.items()
    ]
    return drawn(
        visit,
        "board/board.html",
        filters=filters,
        column="",
        columns=columns,
        shelf=_quiet(visit, me, "shelf", filters, limit=ON_SHELF),
        door=_quiet(visit, me, "door", filters, limit=AT_DOOR),
        total=sum(counts.values()),
        most=MOST_COUNTED,
    )


def _quiet(
    visit: Visit, me: SignedIn, key: str, filters: Filters, *, limit: int
) -> Mapping[str, Any]:
    """The dustiest of those on the shelf or at the door, how many there are, and where they all
    are."""
    today, asked = today_of(visit), {**filters.asked, QUIET[key]: True}
    found = reading.dustiest(visit.rows, me, today=today, filters=asked, after=None, limit=limit)
    count = len(found)
    if count == limit:
        count = tallies.overdue(visit.rows, me, today=today, filters=asked, most=MOST_COUNTED)
    return {"items": _drawn(visit, found), "count": count, "all": _address(key, filters)}


def _newest(
    visit: Visit,
    me: SignedIn,
    states: Sequence[State],
    filters: Filters,
    *,
    before_id: int | None,
    limit: int,
) -> Sequence[Shown]:
    found = reading.newest(
        visit.rows,
        me,
        today=today_of(visit),
        filters=filters.asked,
        states=states,
        before_id=before_id,
        limit=limit,
    )
    return _drawn(visit, found)


def _whole(visit: Visit, me: SignedIn, column: str, filters: Filters) -> Response:
    """All that is in a column, on the shelf or at the door, a page at a time."""
    page = page_at(visit.request.url, visit.query.get("cursor"), limit=A_PAGE)
    if column in QUIET:
        found, after = _dustiest_page(visit, me, column, filters, page)
    else:
        states, before_id = COLUMNS[column], page.after_id or None
        found = _newest(visit, me, states, filters, before_id=before_id, limit=A_PAGE + 1)
        after = next_page(page, found, key=lambda row: (row["id"],))
    return drawn(
        visit,
        "board/column.html",
        filters=filters,
        column=column,
        name=NAMES[column],
        rows=found[:A_PAGE],
        after=after,
        is_first=page.after is None,
        first=_address(column, filters),
        back=_address("", filters),
    )


def _dustiest_page(
    visit: Visit, me: SignedIn, column: str, filters: Filters, page: Page
) -> tuple[Sequence[Shown], str | None]:
    found = reading.dustiest(
        visit.rows,
        me,
        today=today_of(visit),
        filters={**filters.asked, QUIET[column]: True},
        after=_day_and_id(page.keyed(date, int)),
        limit=A_PAGE + 1,
    )
    after = next_page(page, found, key=lambda row: (row["life_due_on"], row["id"]))
    return _drawn(visit, found), after


def _day_and_id(key: Key | None) -> tuple[date, int] | None:
    match key:
        case (date() as due_on, int(row_id)):
            return due_on, row_id
    return None


def _drawn(visit: Visit, found: Sequence[Shown]) -> Sequence[Shown]:
    """With what the day says of them, and how many days ago they were delivered."""
    today, rules = today_of(visit), rules_by(visit.settings)
    for row in found:
        summary_json(row, today, rules)
        delivered_on = local_day(row["delivered_at"] or row["last_life_at"])
        row["waited_days"] = (today - delivered_on).days
    return found


def _address(column: str, filters: Filters) -> str:
    asked = {"column": column} if column else {}
    query = urlencode({**asked, **filters.asked})
    return f"/board?{query}" if query else "/board"
