"""Where the synchronous part of a request runs: one hop, chosen by the database."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from app.db import Database
from app.errors import Busy, Message

Result = TypeVar("Result")


class Places:
    """On SQLite short reads run on the event loop, slow ones in a thread of their own, and changes
    in another, one at a time; on PostgreSQL all run in a pool of `threads` (the reasons are in
    docs/decisions/). Who has waited `patience` seconds for a place is told Busy."""

    def __init__(self, database: Database, *, threads: int, patience: float) -> None:
        self.patience = patience
        self.reads_on_loop = database.is_sqlite
        self.pool = ThreadPoolExecutor(1 if database.is_sqlite else threads, "database")
        self.slow = ThreadPoolExecutor(1, "slow reads") if database.is_sqlite else self.pool
        self._is_sparing = False

    async def read(self, work: Callable[[], Result], *, is_slow: bool = False) -> Result:
        if self.reads_on_loop and not is_slow:
            return work()
        return await self._in(self.slow, work)

    async def change(self, work: Callable[[], Result]) -> Result:
        return await self._in(self.pool, work)

    def turn(self, work: Callable[[], Result]) -> Result:
        """A change that another thread of this process waits for, in turn with the requests'."""
        return self.pool.submit(work).result()

    async def spare(self, work: Callable[[], None]) -> None:
        """A change that can as well be made another time: left out while another one waits."""
        if self._is_sparing:
            return
        self._is_sparing = True
        try:
            await self.change(work)
        finally:
            self._is_sparing = False

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
        too_late_at = time.monotonic() + self.patience
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, partial(_in_time, work, too_late_at))

    def close(self) -> None:
        self.slow.shutdown()
        self.pool.shutdown()


def _in_time(work: Callable[[], Result], too_late_at: float) -> Result:
    """Those who stand behind somebody that the database keeps waiting do not wait as long again."""
    if time.monotonic() > too_late_at:
        raise Busy(_TRY_AGAIN)
    return work()


_TRY_AGAIN = Message("Der er kø ved databasen. Intet er ændret. Prøv igen om lidt.")
