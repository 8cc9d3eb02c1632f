"""A line of items that waits in PostgreSQL, and workers that work it off."""

import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from app.db import Database
from app.migrating import migrate
from app.settings import Settings
from bench.work_hands import KIND
from tests.databases import fresh_database

LOOKED_EVERY = 0.2
STOPS_WITHIN = 60
_ROOT = Path(__file__).parent.parent
_FILL = """
    INSERT INTO work_item (kind, key, payload, enqueued_at, due_at, attempts, most_attempts, fence,
        last_error)
    SELECT %(kind)s, 'item:' || n, '{}', clock_timestamp(),
        clock_timestamp() - (%(count)s - n) * interval '1 millisecond', 0, 12, 0, ''
    FROM generate_series(1, %(count)s) AS numbers(n)
"""


class NotAllDone(Exception):
    """An item was lost, or was done twice: there is no speed to speak of."""


@dataclass(frozen=True)
class Contender:
    """`left` counts what is not done; `words` begin its commands."""

    name: str
    fill: Callable[[str, int], None]
    words: tuple[str, ...]
    left: str

    def work_off(self, url: str, count: int, *, workers: int, folder: Path) -> Sequence[float]:
        """When each item was taken, in seconds, in that order."""
        self.fill(url, count)
        _settled(url)
        notes = [folder / f"{self.name}-{place}" for place in range(workers)]
        hands = [self._started(url, note) for note in notes]
        try:
            for hand in hands:
                assert hand.stdout is not None
                if hand.stdout.readline() != "ready\n":
                    raise RuntimeError(f"a worker of {self.name} did not get ready")
            for hand in hands:
                assert hand.stdin is not None
                hand.stdin.write("go\n")
                hand.stdin.flush()
            _until_none_is_left(url, self.left, hands)
        finally:
            _end(hands)
        taken = sorted(moment for note in notes for moment in _noted(note))
        if len(taken) != count:
            raise NotAllDone(f"{self.name}: {count} items, taken {len(taken)} times")
        return taken

    def _started(self, url: str, note: Path) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own commands
            [*self.words, url, str(note)],
            cwd=_ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


def product() -> Contender:
    words = (sys.executable, "-m", "bench.work_product")
    return Contender("gavebord", _fill_product, words, "SELECT count(*) FROM work_item")


def rivals(python: Path) -> list[Contender]:
    """Those that the environment of this Python has."""
    jobs = "SELECT count(*) FROM procrastinate_jobs"
    queue = "SELECT count(*) FROM pgqueuer"
    return [
        _rival(python, "procrastinate", jobs),
        _rival(python, "pgqueuer-2", queue),
        _rival(python, "pgqueuer", queue),
    ]


@contextmanager
def databases(contenders: Sequence[Contender], folder: Path) -> Iterator[dict[str, str]]:
    """One for each, on one server, which keeps what it has said yes to; their addresses."""
    if not contenders:
        yield {}
        return
    with fresh_database("postgresql", folder) as settings:
        with psycopg.connect(settings.database_url) as connection:
            for durable in ("fsync", "synchronous_commit", "full_page_writes"):
                assert connection.execute(f"SHOW {durable}").fetchone() == ("on",)
        with databases(contenders[1:], folder) as others:
            yield {contenders[0].name: settings.database_url, **others}


def _rival(python: Path, name: str, left: str) -> Contender:
    words = (str(python), "-m", "bench.work_rivals", name)
    return Contender(name, partial(_fill_rival, words), (*words, "work"), left)


def _fill_product(url: str, count: int) -> None:
    with closing(Database(Settings(database_url=url, _env_file=None))) as database:
        migrate(database)
    with psycopg.connect(url) as connection:
        connection.execute(_FILL, {"kind": KIND, "count": count})


def _fill_rival(words: Sequence[str], url: str, count: int) -> None:
    subprocess.run([*words, "fill", url, str(count)], cwd=_ROOT, check=True)  # noqa: S603


def _settled(url: str) -> None:
    """As it is some time after: known to the planner, and nothing left to be written."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _until_none_is_left(url: str, left: str, hands: Sequence[subprocess.Popen[str]]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(left).fetchone() != (0,):
            if any(hand.poll() is not None for hand in hands):
                raise RuntimeError("a worker has ended before the work has")
            time.sleep(LOOKED_EVERY)


def _end(hands: Sequence[subprocess.Popen[str]]) -> None:
    for hand in hands:
        hand.terminate()
    for hand in hands:
        try:
            hand.communicate(timeout=STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            hand.kill()
            hand.wait()


def _noted(note: Path) -> "array[float]":
    taken = array("d")
    taken.frombytes(note.read_bytes())
    return taken
