"""The scan: finds what is silent, and takes the step that is due, at most one for each handover.

It reckons from what there is and not from when it looked last: it may be run as often as one likes,
by as many at once, and be ended at any point.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from app.clock import local_day
from app.handovers.life import Rules
from app.handovers.rules import rules_of
from app.notifications import silences
from app.notifications.ladder import Call, Due, call_for, may_step, step_on
from app.notifications.models import Notification, Reminder
from app.notifications.silences import (
    FIRST,
    RANGES,
    Place,
    Quiet,
    arounds,
    due_after,
    quiet_of,
    silence_of,
)
from app.rows import Prepared, Rows, rows_of

Change = Callable[[Callable[[Session], Any]], Any]
"""Does the work in a transaction of its own."""


def nothing() -> None:
    """For those who need not end early."""


def scan(change: Change, *, now: datetime, must_go_on: Callable[[], None] = nothing) -> None:
    """Takes the steps of today, some handovers at a time."""
    for statement in RANGES:
        after: Place | None = FIRST
        while after is not None:
            must_go_on()
            after = change(partial(_scan_some, of=statement, after=after, now=now))


def _scan_some(session: Session, of: Prepared, after: Place, now: datetime) -> Place | None:
    """Where to go on; None where that was all."""
    rules, today = rules_of(session), local_day(now)
    if not rules.workdays.is_workday(today):
        return None
    rows = rows_of(session)
    found = due_after(rows, of, after, today=today, rules=rules)
    some = [row for row in found if may_step(silence_of(row), today)]
    _take(rows, quiet_of(rows, some), rules, today, now)
    is_more = len(found) == silences.AT_A_TIME
    return (found[-1]["life_due_on"], found[-1]["id"]) if is_more else None


def _take(rows: Rows, silent: list[Quiet], rules: Rules, today: date, now: datetime) -> None:
    steps = {quiet.id: step_on(quiet.silence, today, rules) for quiet in silent}
    due = [quiet for quiet in silent if steps[quiet.id] is not None]
    around = arounds(rows, due, today=today)
    # In one order, so that two who do the same wait for each other, and never both.
    for quiet in sorted(due, key=lambda quiet: quiet.id):
        step = steps[quiet.id]
        assert step is not None
        call = call_for(step.kind, around[quiet.id], quiet.silence.last)
        if call is not None:
            _remind(rows, quiet.id, step, call, now)


def _remind(rows: Rows, handover_id: int, step: Due, call: Call, now: datetime) -> None:
    """The step with all whom it tells; nothing where somebody else has taken it."""
    made = rows.first(
        _ADD,
        {
            "handover_id": handover_id,
            "kind": step.kind,
            "level": call.level,
            "due_on": step.due_on,
            "made_at": now,
        },
    )
    if made is None:
        return
    for person_id in call.person_ids:
        rows.change(
            _TELL,
            {
                "person_id": person_id,
                "reason": step.kind,
                "handover_id": handover_id,
                "reminder_id": made["id"],
                "made_at": now,
            },
        )


_ADD = Prepared(
    insert(Reminder)
    .values(
        {name: bindparam(name) for name in ("handover_id", "kind", "level", "due_on", "made_at")}
    )
    .on_conflict_do_nothing()
    .returning(col(Reminder.id))
)
_TELL = Prepared(
    insert(Notification).values(
        {
            name: bindparam(name)
            for name in ("person_id", "reason", "handover_id", "reminder_id", "made_at")
        }
    )
)
