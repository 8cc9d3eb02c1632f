"""Workers that are real processes, killed, stopped and starved, on both databases: nothing is lost,
nothing is written twice, and what is said twice to the other side is said with the same key.

`make faults` is the long form. The seed is printed, and given again as GAVEBORD_KILL_SEED.
"""

import os
import random
import signal
import sys
import threading
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.db import Database
from app.migrating import migrate
from app.settings import Settings
from tests.databases import DATABASES, own_postgresql
from tests.faults.disks import Limited
from tests.forked import Forked, forked
from tests.processes import wait_until
from tests.work.steps import left, note_done
from tests.work.trial import STEPS, main
from tests.work.world import done, prepare, put_in_line, until_all_is_done, worker

ROUNDS = int(os.environ.get("GAVEBORD_WORK_ROUNDS", "2"))
TRIAL = "tests.work.trial:begun"
SEED = int(os.environ.get("GAVEBORD_KILL_SEED", "0")) or random.randrange(1, 10**9)


@pytest.fixture
def database(own_database):
    prepare(own_database)
    return own_database


@pytest.fixture
def said(tmp_path):
    path = tmp_path / "said"
    path.touch()
    return path


def told(said: Path) -> Counter[str]:
    return Counter(said.read_text().split())


def words_of(how: str, database: Database, said: Path, *numbers: int) -> list[str]:
    settings = database.info["settings"]
    where = [str(settings.data_dir), settings.database_url, str(said)]
    return [how, *where, *map(str, numbers)]


@contextmanager
def trial(database: Database, said: Path):
    """A worker that says what it begins on; what it logs is in a file."""
    process = Forked(words_of("work", database, said), env=os.environ, does=TRIAL)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()


def log_of(said: Path) -> str:
    return (said.parent / "log").read_text()


def test_killed_at_every_step_nothing_is_lost_and_nothing_is_written_twice(database, said):
    keys = [f"item{number}" for number in range(len(STEPS) + 1)]
    put_in_line(database, *keys)

    assert forked(main, *words_of("steps", database, said)) == 0

    assert done(database) == dict.fromkeys(keys, 1)
    # Who was killed between telling the other side and noting it, tells it once more.
    assert sorted(told(said).values()) == [1] * (len(keys) - 3) + [2] * 3


def test_two_workers_killed_at_random_moments_do_everything_and_write_nothing_twice(database, said):
    keys = [f"item{number}" for number in range(60 * ROUNDS)]
    put_in_line(database, *keys, most_attempts=1000)

    assert forked(main, *words_of("storm", database, said, ROUNDS, SEED), within=None) == 0

    assert done(database) == dict.fromkeys(keys, 1)
    assert told(said).keys() == set(keys)
    doubled = sum(told(said).values()) - len(keys)
    # Each process that is killed has two in its hands at most.
    assert doubled <= 4 * ROUNDS
    kind = "sqlite" if database.is_sqlite else "postgresql"
    sys.stdout.write(
        f"{kind}: {2 * ROUNDS} workers killed, {len(keys)} items done, {doubled} of them said"
        f" twice with the same key; lost 0, written twice 0 (seed {SEED})\n"
    )


def test_stopped_past_the_lease_and_woken_it_keeps_nothing_of_what_another_has_done(database, said):
    put_in_line(database, "wait")
    with trial(database, said) as process:
        assert process.stdout.readline() == "wait\n"
        process.send_signal(signal.SIGSTOP)
        other = worker(database, lambda task: note_done(task.key))
        wait_until(other.do_one)
        assert done(database) == {"wait": 1}
        (said.parent / "go").touch()
        process.send_signal(signal.SIGCONT)
        wait_until(lambda: "was taken over" in log_of(said))
    assert done(database) == {"wait": 1}
    assert left(database) == []


@pytest.mark.parametrize("own_database", DATABASES[:1], indirect=True)
def test_a_full_disk_is_waited_out_also_by_what_was_under_way(database, said):
    put_in_line(database, "wait", "b", "c")
    disk = Limited()
    with trial(database, said) as process:
        assert process.stdout.readline() == "wait\n"
        disk.fill(process.pid)
        (said.parent / "go").touch()
        wait_until(lambda: "did not answer" in log_of(said))
        assert done(database) == {}
        disk.empty(process.pid)
        until_all_is_done(database, 3)
    assert done(database) == {"wait": 1, "b": 1, "c": 1}
    assert told(said) == {"wait": 1, "b": 1, "c": 1}


def test_postgresql_stopped_at_once_under_way_and_started_loses_and_doubles_nothing(tmp_path):
    keys = [f"item{number}" for number in range(60)]
    says: Counter[str] = Counter()

    def handle(task):
        says[task.key] += 1
        threading.Event().wait(0.01)
        return note_done(task.key)

    with own_postgresql() as server:
        settings = Settings(data_dir=tmp_path, database_url=server.url, _env_file=None)
        with closing(Database(settings)) as database:
            migrate(database)
            prepare(database)
            put_in_line(database, *keys)
            one = worker(database, handle, lease_seconds=2, threads=2)
            one.start()
            wait_until(lambda: len(says) > 10)
            server.stop_at_once()
            server.start()
            until_all_is_done(database, len(keys))
            one.stop()
            assert done(database) == dict.fromkeys(keys, 1)
            assert says.keys() == set(keys)
