"""Where the synchronous part of a request runs: one hop, chosen by the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.db import Database

Result = TypeVar("Result")


class Places:
    """On SQLite short reads run on the event loop and changes in one thread, one at a time;
    on PostgreSQL both run in a pool of `threads` (the reasons are in docs/decisions/)."""

    def __init__(self, database: Database, *, threads: int) -> None:
        self.reads_on_loop = database.is_sqlite
        self.pool = ThreadPoolExecutor(1 if database.is_sqlite else threads, "database")

    async def read(self, work: Callable[[], Result]) -> Result:
        return work() if self.reads_on_loop else await self.change(work)

    async def change(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.pool, work)

    def close(self) -> None:
        self.pool.shutdown()
