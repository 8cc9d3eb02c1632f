"""Due days follow the patience when it changes."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import bindparam, select, text, update
from sqlmodel import Session, col

from app.clock import local_day
from app.handovers import life
from app.handovers.life import Rules
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.rows import Prepared, Rows, Shown, among, listed, rows_of


@dataclass(frozen=True)
class Foreseen:
    """How many handovers get another due day by new rules, and of those, how many are late today by
    the rules that count now, and by the new ones."""

    changed: int = 0
    late_now: int = 0
    late_then: int = 0


AT_A_TIME = 20_000
"""Handovers that are held in memory."""

_TOGETHER = 512
"""Handovers that get the same day in one statement."""


def reckon_anew(session: Session, states: Collection[State], rules: Rules) -> int:
    """Sets the due day of every handover in the states by the rules; how many got another one.
    Their versions stay: what somebody has seen of them is as right to act on as before.

    On PostgreSQL nobody changes a handover from here until the transaction ends: who has locked one
    already ends first, and who comes later reads the rules that counted here.
    """
    if not states:
        return 0
    rows = rows_of(session)
    if not rows.is_sqlite:
        session.execute(text("LOCK TABLE handover IN EXCLUSIVE MODE"))
    return sum(_reckon(rows, state, rules) for state in states)


def foreseen(session: Session, states: Collection[State], rules: Rules, *, today: date) -> Foreseen:
    """What `reckon_anew` would do now."""
    rows = rows_of(session)
    changed = late_now = late_then = 0
    for state in states:
        for found in _pages(rows, state):
            for row in found:
                due_on = _due(row, state, rules)
                if due_on != row["life_due_on"]:
                    changed += 1
                    late_now += _is_late(row["life_due_on"], today)
                    late_then += _is_late(due_on, today)
    return Foreseen(changed, late_now, late_then)


def _reckon(rows: Rows, state: State, rules: Rules) -> int:
    changed = 0
    for found in _pages(rows, state):
        for due_on, ids in _moved(found, state, rules).items():
            for start in range(0, len(ids), _TOGETHER):
                changed += _give(rows, due_on, ids[start : start + _TOGETHER])
    return changed


def _pages(rows: Rows, state: State) -> Iterator[Sequence[Shown]]:
    """Every handover in the state."""
    after_id = 0
    while found := rows.all(_IN_STATE, {"state": state, "after_id": after_id, "most": AT_A_TIME}):
        yield found
        after_id = found[-1]["id"]


def _due(row: Shown, state: State, rules: Rules) -> date | None:
    return life.due_on(
        state,
        last_life_on=local_day(row["last_life_at"]),
        next_on=row["next_on"],
        paused_until=row["paused_until"],
        trial_to_on=row["trial_to_on"],
        rules=rules,
    )


def _is_late(due_on: date | None, today: date) -> bool:
    return due_on is not None and due_on < today


def _moved(found: Sequence[Shown], state: State, rules: Rules) -> Mapping[date | None, list[int]]:
    """The ids of those that are due on another day than is stored, by the new day."""
    moved: dict[date | None, list[int]] = defaultdict(list)
    for row in found:
        due_on = _due(row, state, rules)
        if due_on != row["life_due_on"]:
            moved[due_on].append(row["id"])
    return moved


def _give(rows: Rows, due_on: date | None, ids: Sequence[int]) -> int:
    parameters = listed(ids)
    rows.change(_due_on(len(parameters)), {"due_on": due_on, **parameters})
    return len(ids)


@cache
def _due_on(places: int) -> Prepared:
    statement = update(Handover).where(among(col(Handover.id), places))
    return Prepared(statement.values(life_due_on=bindparam("due_on")))


_SHOWN = (
    col(Handover.id),
    col(Handover.last_life_at),
    col(Handover.next_on),
    col(Handover.paused_until),
    col(Handover.trial_to_on),
    col(Handover.life_due_on),
)
_IN_STATE = Prepared(
    select(*_SHOWN)
    .where(col(Handover.state) == bindparam("state"), col(Handover.id) > bindparam("after_id"))
    .order_by(col(Handover.id))
    .limit(bindparam("most"))
)
