"""How an item ends, or goes on: what a worker writes of it, each in one transaction. TakenOver
where somebody else has the item by then."""

import logging
import random
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlmodel import Session

from app.rows import Rows
from app.work import items
from app.work.items import Held
from app.work.kinds import Failed, Work, Writing, pause_after

_log = logging.getLogger(__name__)


def finish(held: Held, writing: Writing | None, session: Session) -> None:
    """It is done, and what the handler gave back is written with that."""
    items.finish(Rows(session.connection()), held)
    if writing is not None:
        writing(session)


def finish_all(done: Sequence[Held], session: Session) -> None:
    """All of them are done, but for those that somebody else has."""
    finished = items.finish_all(Rows(session.connection()), done)
    for held in done:
        if held.id not in finished:
            tell_taken_over(held)


def fail(held: Held, failed: Failed, session: Session) -> None:
    """It is tried again, or given up."""
    rows = Rows(session.connection())
    now = items.time_of(rows)
    if failed.is_final or held.is_last_attempt:
        items.give_up(rows, held, why=failed.why, now=now)
    else:
        pause = failed.after or pause_after(held.attempt, _chance)
        items.put_off(rows, held, why=failed.why, due_at=now + pause)
    if failed.writing is not None:
        failed.writing(session)


def hand_back(held: Held, session: Session, *, after: timedelta = timedelta()) -> None:
    """Another one takes it, as if it had not been tried."""
    rows = Rows(session.connection())
    items.hand_back(rows, held, due_at=items.time_of(rows) + after)


def unexpected(held: Held, error: Exception) -> Work[None]:
    """What an error says of itself may hold anything: the log has it, and the row only its name."""
    _log.exception("Work %s (%s) failed", held.id, held.kind, exc_info=error)
    return partial(fail, held, Failed(type(error).__name__))


def tell_taken_over(held: Held) -> None:
    _log.warning("Work %s (%s) was taken over meanwhile", held.id, held.kind)


_chance = random.SystemRandom()
