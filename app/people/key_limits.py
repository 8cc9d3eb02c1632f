"""How many requests a key may make, and how many wrong keys one place may try, over all servers.

A counter in the database for each request would make a change of every read. So each server takes
shares out of the minute of a key, and spends them by itself: together they never answer more than
the minute holds, and may answer less by the shares that some of them have not spent.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from fastapi import Request

from app.db import Database
from app.errors import AppError, Busy, TooMany
from app.people.keys import KeyRefused
from app.rest import throttle
from app.rest.places import Places
from app.rest.throttle import Allowance, Limit, place_of
from app.rows import rows_of

MINUTE = timedelta(minutes=1)
SHARES = 50
"""So many shares are in the minute of a key."""

WRONG_KEYS = Limit("wrong-keys", 60, timedelta(minutes=15))
"""From one place; whoever has a good one there is answered all the same."""


class ShareNeeded(Exception):
    """This server has nothing left to spend, and has not asked yet whether there is more."""

    def __init__(self, key_id: int, now: datetime) -> None:
        self.key_id, self.now = key_id, now


@dataclass
class _Share:
    """What this server may still spend of a key's minute, and what it left to be taken."""

    began: datetime
    unspent: int
    untaken: int


class Quotas:
    """The shares that this process has taken, each of one key's minute. Reads wait `reads_wait`
    seconds for one, and are not counted where nothing can be written."""

    def __init__(self, a_minute: int, *, reads_wait: float = 0.5) -> None:
        self.reads_wait = reads_wait
        self.limit = Limit("key", a_minute, MINUTE)
        self.size = max(1, a_minute // SHARES)
        self._shares: dict[int, _Share] = {}
        self._spending = Lock()
        self._taking: dict[int, asyncio.Future[None]] = {}

    def spend(self, key_id: int, *, now: datetime) -> Allowance:
        """One request of the key. TooMany where its minute is spent, and ShareNeeded where this
        server must `take` before it can tell."""
        with self._spending:
            share = self._shares.get(key_id)
            if share is None or share.began != self._minute(share, now):
                raise ShareNeeded(key_id, now)
            if not share.unspent and share.untaken:
                raise ShareNeeded(key_id, now)
            share.unspent -= 1
            allowance = self.limit.allowance(share.unspent + share.untaken, now=now)
            if share.unspent < 0:
                share.unspent = 0
                raise TooMany(allowance.headers)
            return allowance

    async def take(
        self, places: Places, database: Database, key_id: int, *, now: datetime, is_read: bool
    ) -> None:
        """A share for this server: one request asks, and the others wait for the same answer. Busy
        where the database can change nothing, but for reads: they go on without being counted."""
        taking = self._taking.get(key_id)
        if taking is None:
            work = places.change(partial(self._take, database, key_id, now))
            taking = self._taking[key_id] = asyncio.ensure_future(work)
            taking.add_done_callback(partial(self._taken, key_id))
        if not is_read:
            await asyncio.shield(taking)
            return
        with suppress(Busy, TimeoutError):
            await asyncio.wait_for(asyncio.shield(taking), self.reads_wait)
            return
        minute = self._minute(self._shares.get(key_id), now)
        self._keep(key_id, _Share(minute, self.size, self.limit.most))

    def _taken(self, key_id: int, taking: "asyncio.Future[None]") -> None:
        """Looked at also where everybody who waited for it has gone."""
        self._taking.pop(key_id, None)
        if not taking.cancelled():
            taking.exception()

    def _take(self, database: Database, key_id: int, now: datetime) -> None:
        minute = self._minute(self._shares.get(key_id), now)
        with database.writing() as session:
            left = throttle.count(
                rows_of(session), self.limit, str(key_id), times=self.size, now=minute
            ).remaining
        taken = max(0, min(self.size, left + self.size))
        self._keep(key_id, _Share(minute, taken, max(0, left)))

    def _keep(self, key_id: int, share: _Share) -> None:
        with self._spending:
            self._shares[key_id] = share

    def _minute(self, share: _Share | None, now: datetime) -> datetime:
        """A request that came just before the minute was over, and was long in being read, is one
        of the next: the share of that is not thrown away for it."""
        began = self.limit.began(now)
        if share is not None and began < share.began <= began + MINUTE:
            return share.began
        return began


class WrongKeys:
    """Keys that opened nothing, by the place that they came from. A place that has tried too many
    costs no more writing until its time is over."""

    def __init__(self) -> None:
        self._over: dict[str, datetime] = {}

    async def weighed(self, request: Request, refused: KeyRefused) -> AppError:
        """What the caller is told: that the key is no good, or that they have tried too many."""
        state, now = request.app.state, request.app.state.clock()
        place = place_of(request.client.host if request.client else "")
        began = WRONG_KEYS.began(now)
        if self._over.get(place) == began:
            return TooMany(WRONG_KEYS.allowance(-1, now=now).headers)
        with suppress(Busy):
            left = await state.places.change(partial(_one_more, state.database, place, now))
            if left.is_exceeded:
                self._over = {one: since for one, since in self._over.items() if since == began}
                self._over[place] = began
                return TooMany(left.headers)
        return refused


def _one_more(database: Database, place: str, now: datetime) -> Allowance:
    with database.writing() as session:
        return throttle.count(rows_of(session), WRONG_KEYS, place, now=now)
