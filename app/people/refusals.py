"""Who was refused what, as events: so many an hour and no more, or they would fill the log."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from fastapi import Request

from app.db import Database
from app.errors import AppError, Busy, NotAllowed
from app.eventlog import log
from app.eventlog.log import By, DomainEvent, PersonId
from app.people.events import KeyRefusal, RequestRefused
from app.people.keys import KeyRefused
from app.rest import throttle
from app.rest.throttle import Limit
from app.rows import rows_of

AN_HOUR = timedelta(hours=1)
REQUESTS = Limit("refused-requests", 20, AN_HOUR)
"""Of one person. Somebody who tries more than that is in the log well enough."""

ONE_KEY = Limit("refused-key", 1, AN_HOUR)
UNKNOWN_KEYS = Limit("unknown-keys", 60, AN_HOUR)
"""Of all together: anybody can make up keys without end."""

Counted = tuple[Limit, str]
_SAFE = {"GET", "HEAD"}


class Refusals:
    """What this process has taken to be noted in this hour. What is over a limit here costs nothing
    more; what is not is counted once more in the database, so that the limit holds over all
    servers."""

    def __init__(self) -> None:
        self._hour: datetime | None = None
        self._taken: Counter[Counted] = Counter()

    async def note(self, request: Request, refusal: AppError, route: str) -> None:
        """In a transaction of its own: that of the request has been rolled back."""
        state = request.app.state
        now = state.clock()
        told = self._told(request, refusal, route)
        if told is None or not self._takes(told[2], now):
            return
        with suppress(Busy):
            await state.places.change(partial(_record, state.database, *told, now))

    def _told(
        self, request: Request, refusal: AppError, route: str
    ) -> tuple[DomainEvent, By, Sequence[Counted]] | None:
        if isinstance(refusal, KeyRefused):
            key = refusal.key
            counted = [(ONE_KEY, key.start)]
            if key.key_id is None:
                counted.append((UNKNOWN_KEYS, ""))
            event = KeyRefusal(
                subject_id=key.key_id or 0,
                start=key.start,
                reason=key.reason,
                person_id=None if key.person_id is None else PersonId(key.person_id),
            )
            return event, By(), counted
        person_id = getattr(request.state, "person_id", None)
        if request.method in _SAFE or person_id is None or not isinstance(refusal, NotAllowed):
            return None
        refused = RequestRefused(subject_id=person_id, route=route, code=refusal.code)
        return refused, By(person_id), [(REQUESTS, str(person_id))]

    def _takes(self, counted: Sequence[Counted], now: datetime) -> bool:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._taken = hour, Counter()
        if any(self._taken[one] >= one[0].most for one in counted):
            return False
        self._taken.update(counted)
        return True


def _record(
    database: Database, event: DomainEvent, by: By, counted: Sequence[Counted], now: datetime
) -> None:
    with database.writing() as session:
        rows = rows_of(session)
        left = (throttle.count(rows, limit, subject, now=now) for limit, subject in counted)
        if not any(allowance.is_exceeded for allowance in left):
            log.record(session, event, by, at=now)
