"""A SQLite database, copied as it is at one moment while others write."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, text

from app.backup.refused import unreadable
from app.db import Database


@contextmanager
def snapshot(database: Database, target: Path) -> Iterator[Connection]:
    """Copies the database to the file, and answers for the copy."""
    with database.reader.connect() as connection, closing(sqlite3.connect(target)) as copy:
        source: Any = connection.connection.dbapi_connection
        # All pages in one step: one moment, and nobody who writes has to wait.
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
    with opened(target) as connection:
        yield connection


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """The database in the file, only to be read."""
    only_read = {"mode": "ro", "immutable": "1", "uri": "true"}
    address = URL.create("sqlite", database=path.absolute().as_uri(), query=only_read)
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def must_be_sound(connection: Connection) -> None:
    """Conflict where the file is damaged, or a row points at one that is not there."""
    if connection.execute(text("PRAGMA integrity_check(1)")).scalar_one() != "ok":
        raise unreadable("integrity_check")
    if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise unreadable("foreign_key_check")


def path_of(database: Database) -> Path:
    assert database.url.database is not None
    return Path(database.url.database)


def is_empty(path: Path) -> bool:
    return not any(os.path.lexists(f"{path}{ending}") for ending in ("", "-wal", "-journal"))
