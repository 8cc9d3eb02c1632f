"""Who was refused what, as events: so many an hour and no more, or they would fill the log."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from fastapi import Request

from app.db import Database
from app.errors import AppError, Busy
from app.eventlog import log
from app.eventlog.log import By
from app.people.bearer import SAFE
from app.people.events import RequestRefused
from app.people.noted import AN_HOUR, Note, limit_of, note_of
from app.rest import throttle
from app.rest.throttle import Counted, Limit
from app.rows import rows_of

REQUESTS = Limit("refused-requests", 20, AN_HOUR)
"""Of one person. Somebody who tries more than that is in the log well enough."""

_FORGED = limit_of("forged-requests")


class Refusals:
    """What this process has taken to be noted in this hour. What is over a limit here costs nothing
    more; what is not is counted once more in the database, so that the limit holds over all
    servers."""

    def __init__(self) -> None:
        self._hour: datetime | None = None
        self._taken: Counter[Counted] = Counter()

    async def note(self, request: Request, refusal: AppError, route: str) -> None:
        """In a transaction of its own: that of the request has been rolled back. A change that was
        refused before it was known who asks, did not come from our own pages."""
        state = request.app.state
        now = state.clock()
        person_id = None
        note = note_of(refusal)
        if note is None and request.method not in SAFE:
            person_id = getattr(request.state, "person_id", None)
            note = _note_of_change(refusal, route, person_id)
        if note is not None and self._takes(note.counted, now):
            with suppress(Busy):
                record = partial(_record, state.database, note, By(person_id), now)
                await state.places.change(record)

    def _takes(self, counted: Sequence[Counted], now: datetime) -> bool:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._taken = hour, Counter()
        if any(self._taken[one] >= one[0].most for one in counted):
            return False
        self._taken.update(counted)
        return True


def _note_of_change(refusal: AppError, route: str, person_id: int | None) -> Note:
    event = RequestRefused(subject_id=person_id or 0, route=route, code=refusal.code)
    return Note(event, [(_FORGED, "") if person_id is None else (REQUESTS, str(person_id))])


def _record(database: Database, note: Note, by: By, now: datetime) -> None:
    with database.writing() as session:
        rows = rows_of(session)
        left = (throttle.count(rows, limit, subject, now=now) for limit, subject in note.counted)
        if not any(allowance.is_exceeded for allowance in left):
            log.record(session, note.event, by, at=now)
