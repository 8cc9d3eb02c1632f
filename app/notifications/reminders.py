"""The scan: finds what is silent, and takes the step that is due, at most one for each handover.

It reckons from what there is and not from when it looked last: it may be run as often as one likes,
by as many at once, and be ended at any point. Each step is taken or left whole, and one that cannot
be taken holds nobody else's back.
"""

import logging
from collections.abc import Callable, Iterator
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
from app.notifications.ladder import Around, Due, call_for, may_step, step_on
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
from app.unanswered import passes

Change = Callable[[Callable[[Session], Any]], Any]
"""Does the work in a transaction of its own."""


class StepsNotTaken(Exception):
    """Of the handovers with these numbers; those of all others have been taken."""


def nothing() -> None:
    """For those who need not end early."""


def scan(change: Change, *, now: datetime, must_go_on: Callable[[], None] = nothing) -> None:
    """Takes the steps of today, some handovers at a time. StepsNotTaken after all of it, where one
    or more could not be."""
    not_taken: list[int] = []
    for statement in RANGES:
        after: Place | None = FIRST
        while after is not None:
            must_go_on()
            some = partial(_scan_some, of=statement, after=after, now=now)
            after, troubled = change(some)
            not_taken += troubled
    if not_taken:
        raise StepsNotTaken(", ".join(map(str, not_taken)))


def _scan_some(
    session: Session, of: Prepared, after: Place, now: datetime
) -> tuple[Place | None, list[int]]:
    """Where to go on, None where that was all; and whose steps could not be taken."""
    rules, today = rules_of(session), local_day(now)
    if not rules.workdays.is_workday(today):
        return None, []
    rows = rows_of(session)
    found = due_after(rows, of, after, today=today, rules=rules)
    some = [row for row in found if may_step(silence_of(row), today)]
    troubled = list(_take(rows, quiet_of(rows, some), rules, today, now))
    is_more = len(found) == silences.AT_A_TIME
    return (found[-1]["life_due_on"], found[-1]["id"]) if is_more else None, troubled


def _take(
    rows: Rows, silent: list[Quiet], rules: Rules, today: date, now: datetime
) -> Iterator[int]:
    """Gives the ids of those whose step could not be taken."""
    steps = {quiet.id: step_on(quiet.silence, today, rules) for quiet in silent}
    due = [quiet for quiet in silent if steps[quiet.id] is not None]
    around = arounds(rows, due, today=today)
    # In one order, so that two who do the same wait for each other, and never both.
    for quiet in sorted(due, key=lambda quiet: quiet.id):
        step = steps[quiet.id]
        assert step is not None
        try:
            with rows.connection.begin_nested():
                _remind(rows, quiet, step, around[quiet.id], now)
        except Exception as error:
            if passes(error):
                raise
            _log.exception("The step of handover %s could not be taken", quiet.id)
            yield quiet.id


def _remind(rows: Rows, quiet: Quiet, step: Due, around: Around, now: datetime) -> None:
    """The step with all whom it tells; nothing where there is nobody, or somebody else has taken
    it."""
    call = call_for(step.kind, around, quiet.silence.last)
    if call is None:
        return
    made = rows.first(
        _ADD,
        {
            "handover_id": quiet.id,
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
                "handover_id": quiet.id,
                "reminder_id": made["id"],
                "made_at": now,
            },
        )


_log = logging.getLogger(__name__)
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
