"""Passing on what has happened: each event once, to all who take it, in one transaction.

Ids commit out of order, so what waits is marked on each event, and no place in the log is kept.
"""

import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import PurePath
from typing import Any

from sqlalchemy import Select, bindparam, insert, null, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, delete, func, select

from app.eventlog.models import LONGEST_ERROR, Event, EventSetAside
from app.eventlog.queries import SHOWN
from app.rows import Prepared, Rows, Shown, among, listed, rows_of
from app.unanswered import passes

AT_A_TIME = 50
"""Others wait no longer than it takes to pass on so many."""

Taker = Callable[[Rows, Sequence[Shown], datetime], None]
"""Writes what it makes of some events, in their order, in the transaction in which they are passed
on, and nowhere else: it may be called again for an event of which nothing was kept."""


@dataclass(frozen=True)
class FanOut:
    """`types` are those that the takers know. Others wait for a newer version of the program, which
    runs beside this one."""

    types: Collection[str]
    takers: Sequence[Taker]

    @cached_property
    def is_waiting(self) -> Prepared:
        """Finds a row as long as something waits."""
        return Prepared(self._oldest(columns(col(Event.id))).limit(1))

    def pass_on(self, session: Session, *, now: datetime) -> bool:
        """The oldest that wait, so many at most. Whether that was all of them.

        Several may do it at once, each with events of their own. One that cannot be taken is set
        aside with what was wrong, and nothing of it is kept. Trouble with the database is not the
        event's fault: it is raised, and all of them wait on.
        """
        rows = rows_of(session)
        found = rows.all(self._waiting, {})
        if found:
            self._take(rows, found, now)
            given = listed([event["id"] for event in found])
            rows.change(_passed_on(len(given)), {**given, "now": now})
        return len(found) < AT_A_TIME

    def _take(self, rows: Rows, events: Sequence[Shown], now: datetime) -> None:
        """All at once. Where that cannot be, each for itself: then it is seen which one it was."""
        try:
            with rows.connection.begin_nested():
                for take in self.takers:
                    take(rows, events, now)
        except Exception as error:
            if passes(error):
                raise
            if len(events) == 1:
                _set_aside(rows, events[0]["id"], error, now)
                return
            for event in events:
                self._take(rows, [event], now)

    @cached_property
    def _waiting(self) -> Prepared:
        some = self._oldest(columns(*SHOWN)).limit(AT_A_TIME)
        return Prepared(some.with_for_update(skip_locked=True, key_share=True))

    def _oldest(self, statement: Select[Any]) -> Select[Any]:
        known = col(Event.type).in_(sorted(self.types))
        return statement.where(col(Event.fanned_out_at).is_(None), known).order_by(col(Event.id))


def set_aside(session: Session, *, most: int) -> Sequence[tuple[EventSetAside, Event]]:
    """Events that were set aside, the newest first."""
    statement = select(EventSetAside, Event).join(Event, col(Event.id) == EventSetAside.event_id)
    return session.exec(statement.order_by(col(EventSetAside.event_id).desc()).limit(most)).all()


def how_many_set_aside(session: Session) -> int:
    return session.exec(select(func.count()).select_from(EventSetAside)).one()


def pass_on_again(session: Session, event_id: int) -> bool:
    """It waits once more. False where it was not set aside, or somebody was faster."""
    rows, asked = rows_of(session), {"this": event_id}
    return bool(rows.change(_TAKE_UP, asked) and rows.change(_WAIT, asked))


def _set_aside(rows: Rows, event_id: int, error: Exception, now: datetime) -> None:
    rows.change(_SET_ASIDE, {"event_id": event_id, "error": _told(error), "set_aside_at": now})


def _told(error: Exception) -> str:
    """What kind of error, and where. What it says may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)[::-1]
    where = next((one for one in frames if "app" in PurePath(one.filename).parts), None)
    place = f" ({PurePath(where.filename).name}, {where.name})" if where else ""
    return f"{type(error).__name__}{place}"[:LONGEST_ERROR]


_FIELDS = ("event_id", "error", "set_aside_at")
_SET_ASIDE = Prepared(insert(EventSetAside).values({name: bindparam(name) for name in _FIELDS}))
_TAKE_UP = Prepared(delete(EventSetAside).where(col(EventSetAside.event_id) == bindparam("this")))
_WAIT = Prepared(
    update(Event).where(col(Event.id) == bindparam("this")).values(fanned_out_at=null())
)


@lru_cache(maxsize=16)
def _passed_on(places: int) -> Prepared:
    these = among(col(Event.id), places)
    return Prepared(update(Event).where(these).values(fanned_out_at=bindparam("now")))
