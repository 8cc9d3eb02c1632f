"""Work for a test: what was done stands in a table that would hold it twice."""

from collections import Counter
from contextlib import contextmanager

from sqlalchemy import text

from app.db import Database
from app.work.items import enqueue
from app.work.kinds import Kind
from app.work.worker import Worker
from tests.processes import wait_until
from tests.work.steps import KIND, left


def prepare(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE done (key TEXT NOT NULL)"))


def put_in_line(database: Database, *keys: str, kind: str = KIND, **over) -> None:
    with database.writing() as session:
        for key in keys:
            enqueue(session, kind, key, **over)


def done(database: Database) -> Counter[str]:
    with database.reading() as session:
        return Counter(session.execute(text("SELECT key FROM done")).scalars())


def make_due(database: Database) -> None:
    """As if all that waits had waited long enough, and every lease were over."""
    with database.writing() as session:
        session.execute(text("UPDATE work_item SET due_at = enqueued_at"))


def worker(database: Database, handle, *, kind: str = KIND, schedules=(), **over) -> Worker:
    chosen = {"lease_seconds": 60, "threads": 1, **over}
    return Worker(database, [Kind(kind, handle)], schedules, **chosen)


@contextmanager
def at_work(*workers: Worker):
    for one in workers:
        one.start()
    try:
        yield
    finally:
        for one in workers:
            one.stop()


def until_all_is_done(database: Database, count: int) -> None:
    wait_until(lambda: sum(done(database).values()) >= count and not left(database))
