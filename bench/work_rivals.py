"""pgqueuer and Procrastinate as their own documentation has them run, in their own environment:
`python -m bench.work_rivals NAME fill URL COUNT`, and `… work URL WHERE`.

Both do nothing with each item, in a coroutine. pgqueuer goes by asyncpg, uvloop and autovacuum as
its command sets them, with all its tables durable. `pgqueuer` takes ten at a time, and as many more
as it likes, as it does unless it is told otherwise; `pgqueuer-2` takes one at a time, at most two
at once, as the product does. Procrastinate deletes what is done.
"""

import asyncio
import sys
import time
from array import array

import asyncpg
import procrastinate
import uvloop
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from bench.work_hands import KIND, THREADS, note, wait_for_the_word, when_told

AT_A_TIME = 10_000


async def fill_pgqueuer(url: str, count: int) -> None:
    queries = Queries(AsyncpgDriver(await asyncpg.connect(url)))
    if not await queries.schema_is_installed():
        await queries.install()
        await queries.optimize_autovacuum()
    for begun in range(0, count, AT_A_TIME):
        many = min(AT_A_TIME, count - begun)
        await queries.enqueue([KIND] * many, [None] * many, [0] * many)


async def pgqueuer(url: str, where: str, **how) -> None:
    taken: array[float] = array("d")
    queuer = PgQueuer(AsyncpgDriver(await asyncpg.connect(url)))

    @queuer.entrypoint(KIND)
    async def nothing(job) -> None:
        taken.append(time.monotonic())

    when_told(queuer.shutdown.set)
    wait_for_the_word()
    await queuer.run(**how)
    note(taken, where)


def procrastinate_at(url: str, taken: "array[float]"):
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    @app.task(name=KIND)
    async def nothing() -> None:
        taken.append(time.monotonic())

    return app, nothing


async def fill_procrastinate(url: str, count: int) -> None:
    app, nothing = procrastinate_at(url, array("d"))
    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        for begun in range(0, count, AT_A_TIME):
            await nothing.batch_defer_async(*[{}] * min(AT_A_TIME, count - begun))


async def work_procrastinate(url: str, where: str) -> None:
    taken: array[float] = array("d")
    app, _ = procrastinate_at(url, taken)
    async with app.open_async():
        wait_for_the_word()
        # It stops by itself on SIGTERM.
        await app.run_worker_async(concurrency=THREADS, delete_jobs="always")
    note(taken, where)


WORK = {
    "pgqueuer": pgqueuer,
    "pgqueuer-2": lambda url, where: pgqueuer(
        url, where, batch_size=1, max_concurrent_tasks=THREADS
    ),
    "procrastinate": work_procrastinate,
}


def main(name: str, what: str, url: str, more: str) -> None:
    run = asyncio.run if name == "procrastinate" else uvloop.run
    if what == "work":
        run(WORK[name](url, more))
    else:
        fill = fill_procrastinate if name == "procrastinate" else fill_pgqueuer
        run(fill(url, int(more)))


if __name__ == "__main__":
    main(*sys.argv[1:])
