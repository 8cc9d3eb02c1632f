"""What is fetched from the identity provider now and then, and remembered in between."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from app.signing_in.fetching import NoAnswer

FRESH_FOR = timedelta(hours=1)
USABLE_FOR = timedelta(days=1)
"""While the provider does not answer, what it said lately is used on."""
RENEWED_AT_MOST_EVERY = timedelta(seconds=30)
ASKED_AGAIN_AFTER = timedelta(seconds=5)
"""Who comes while the provider is down is told at once, and does not wait for it to be silent."""

Thing = TypeVar("Thing")


class Remembered(Generic[Thing]):
    """One thing of the provider's: its description, or its keys."""

    def __init__(self, fetch: Callable[[datetime], Awaitable[Thing]]) -> None:
        self._fetch = fetch
        self._thing: Thing | None = None
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._trouble = NoAnswer("nobody has asked yet")
        self._turn = asyncio.Lock()

    async def get(self, now: datetime) -> Thing:
        """Raises NoAnswer when there is nothing fresh enough to be had."""
        if fresh := self._kept_for(FRESH_FOR, now):
            return fresh
        # One asks, and all who came meanwhile have the answer too: also that there is none.
        came = time.monotonic()
        async with self._turn:
            now += _since(came)
            if fresh := self._kept_for(FRESH_FOR, now):
                return fresh
            if not _is_within(ASKED_AGAIN_AFTER, self._tried_at, now):
                with suppress(NoAnswer):
                    return await self._fetched(now)
        if usable := self._kept_for(USABLE_FOR, now):
            return usable
        raise self._trouble

    async def renewed(self, now: datetime) -> Thing:
        """Fetched anew, since what is remembered did not do: but never more often than
        `RENEWED_AT_MOST_EVERY`, however many come with something that does not fit."""
        came = time.monotonic()
        async with self._turn:
            now += _since(came)
            if not _is_within(RENEWED_AT_MOST_EVERY, self._tried_at, now):
                return await self._fetched(now)
        return await self.get(now)

    async def _fetched(self, now: datetime) -> Thing:
        began = time.monotonic()
        try:
            self._thing = await self._fetch(now)
        except NoAnswer as error:
            self._trouble = error.with_traceback(None)
            raise
        finally:
            self._tried_at = now + _since(began)
        self._fetched_at = now
        return self._thing

    def _kept_for(self, duration: timedelta, now: datetime) -> Thing | None:
        return self._thing if _is_within(duration, self._fetched_at, now) else None


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)


def _is_within(duration: timedelta, then: datetime | None, now: datetime) -> bool:
    """Also where the clock was set back since."""
    return then is not None and abs(now - then) < duration
