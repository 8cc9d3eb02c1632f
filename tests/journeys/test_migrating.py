"""Migrating as processes: several at once, killed halfway, failing, and an older version after."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from alembic import command
from sqlalchemy import inspect, text

from app.db import Database
from app.migrating import config
from app.revisions import is_current, revision_of
from tests.databases import DATABASES, fresh_database
from tests.forked import Forked
from tests.processes import GAVEBORD, START_WITHIN, environment, wait_until
from tests.versions import NEXT, later_version

WAITING = text(
    "SELECT count(*), COALESCE(min(now() - query_start), '0'::interval) > '10.5 seconds'::interval"
    " FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_database(request.param, tmp_path / "data") as settings:
        database = Database(settings)
        yield database
        database.close()


@dataclass(frozen=True)
class Migrating:
    process: subprocess.Popen[bytes] | Forked
    log: Path


@contextmanager
def migrating(database: Database, *, at: Path | None = None) -> Iterator[Migrating]:
    """`gavebord migrate`, of this version or of the one that lies there."""
    settings = database.info["settings"]
    env = environment(settings)
    with NamedTemporaryFile(dir=settings.data_dir.parent) as log:
        process: subprocess.Popen[bytes] | Forked
        if at is None:
            process = Forked(["migrate"], env=env, log=log)
        else:
            words = (*GAVEBORD, "migrate")
            process = subprocess.Popen(words, cwd=at, env=env, stdout=log, stderr=log)
        try:
            yield Migrating(process, Path(log.name))
        finally:
            process.kill()
            process.wait(START_WITHIN)


def ended(migrating: Migrating) -> tuple[int, str]:
    status = migrating.process.wait(START_WITHIN)
    return status, migrating.log.read_text("utf-8")


def waiting(database: Database) -> tuple[int, bool]:
    """How many processes wait for a lock, and whether all have for a long time."""
    with database.reader.connect() as connection:
        count, is_long = connection.execute(WAITING).one()
        return count, is_long


def revision(database: Database) -> str | None:
    with database.reader.connect() as connection:
        return revision_of(connection)


def test_several_that_migrate_at_once_all_end_well(empty):
    with migrating(empty) as one, migrating(empty) as two, migrating(empty) as three:
        ends = [ended(process) for process in (one, two, three)]

    assert [status for status, _ in ends] == [0, 0, 0], ends
    with empty.writer.connect() as connection:
        assert is_current(connection)
        command.check(config(connection))


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_while_one_migrates_the_others_wait_as_long_as_it_takes(empty):
    with empty.writer.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(7003, 0)"))
        connection.commit()
        with migrating(empty) as one, migrating(empty) as other:
            wait_until(lambda: waiting(empty) == (2, True))
            assert (one.process.poll(), other.process.poll()) == (None, None)
            assert inspect(empty.writer).get_table_names() == []
            connection.execute(text("SELECT pg_advisory_unlock(7003, 0)"))
            connection.commit()
            ends = [ended(one), ended(other)]

    assert [status for status, _ in ends] == [0, 0], ends
    with empty.reader.connect() as connection:
        assert is_current(connection)


def test_when_the_one_that_migrates_is_killed_another_takes_over(own_database, tmp_path):
    signs = tmp_path / "signs"
    signs.mkdir()
    version = later_version(
        tmp_path / "version",
        'op.create_table("halfway", sa.Column("id", sa.Integer(), primary_key=True))',
        f'(Path({str(signs)!r}) / f"begun-{{os.getpid()}}").touch()',
        f'while not (Path({str(signs)!r}) / "go").exists():',
        "    time.sleep(0.02)",
    )
    with (
        migrating(own_database, at=version) as first,
        migrating(own_database, at=version) as second,
    ):
        wait_until(lambda: list(signs.iterdir()))
        (sign,) = signs.iterdir()
        winner, waiter = (
            (first, second) if sign.name == f"begun-{first.process.pid}" else (second, first)
        )
        if not own_database.is_sqlite:
            wait_until(lambda: waiting(own_database)[0] == 1)
        winner.process.kill()
        wait_until((signs / f"begun-{waiter.process.pid}").exists)
        assert revision(own_database) != NEXT
        (signs / "go").touch()
        status, said = ended(waiter)

    assert status == 0, said
    assert revision(own_database) == NEXT
    assert "halfway" in inspect(own_database.reader).get_table_names()


def test_a_migration_that_fails_leaves_nothing_and_the_next_try_can_succeed(own_database, tmp_path):
    before = revision(own_database), inspect(own_database.reader).get_table_names()
    table = 'op.create_table("halfway", sa.Column("id", sa.Integer(), primary_key=True))'
    wrong = later_version(tmp_path / "wrong", table, 'op.execute("SELECT no_such_column")')
    with migrating(own_database, at=wrong) as process:
        status, said = ended(process)

    assert status == 1
    assert "no_such_column" in said
    assert (revision(own_database), inspect(own_database.reader).get_table_names()) == before

    with migrating(own_database, at=later_version(tmp_path / "right", table)) as process:
        assert ended(process)[0] == 0
    assert revision(own_database) == NEXT


def test_an_older_version_says_that_a_newer_one_has_been_there(empty, tmp_path):
    with migrating(empty, at=later_version(tmp_path / "version", "pass")) as process:
        assert ended(process)[0] == 0

    with migrating(empty) as process:
        status, said = ended(process)

    assert status == 1
    assert NEXT in said
    assert "Traceback" not in said
    assert revision(empty) == NEXT
