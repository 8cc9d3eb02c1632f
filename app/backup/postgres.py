"""A PostgreSQL database as `pg_dump` writes it and `pg_restore` reads it."""

import os
import shutil
import subprocess  # nosec B404
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.backup.refused import NotBackedUp
from app.db import Database
from app.errors import Conflict, Message


@contextmanager
def snapshot(database: Database, target: Path, *, programs: str) -> Iterator[Connection]:
    """Dumps the database to the file, and answers for the very moment that was dumped."""
    reader = database.writer.execution_options(isolation_level="REPEATABLE READ")
    with reader.connect() as connection:
        moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run(
            _program("pg_dump", programs),
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={moment}",
            f"--file={target}",
            database=database,
        )
        yield connection


def restore(database: Database, dump: Path, *, programs: str) -> None:
    """All of it in one transaction: killed halfway, it has written nothing."""
    _run(
        _program("pg_restore", programs),
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        str(dump),
        database=database,
    )


def is_empty(database: Database) -> bool:
    with database.writer.connect() as connection:
        return not inspect(connection).get_table_names()


def must_have(program: str, programs: str) -> None:
    """Conflict where the program is not to be found, before anything has been done."""
    _program(program, programs)


def _program(name: str, programs: str) -> str:
    found = shutil.which(name, path=programs or None)
    if found is None:
        raise NotBackedUp(
            Message(
                "%(program)s findes ikke. Installer PostgreSQL's programmer i databasens udgave, "
                "eller sæt GAVEBORD_POSTGRESQL_BIN til deres mappe.",
                program=name,
            )
        )
    return found


def _run(program: str, *words: str, database: Database) -> None:
    url = database.url
    address = url.set(drivername="postgresql", password=None).render_as_string()
    # A password among the words could be read by everybody on the machine.
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, our words  # nosec B603
        [program, *words, f"--dbname={address}", "--no-password"],
        env={**os.environ, **secret},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [str(done.returncode)]
        raise Conflict(
            Message(
                "%(program)s kunne ikke: %(reason)s", program=Path(program).name, reason=lines[0]
            )
        )
