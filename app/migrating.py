"""Bringing a database to the tables of this version."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from app import plans
from app.db import Database
from app.errors import Conflict, Message
from app.revisions import FOLDER, known_revisions, revision_of
from app.unanswered import translated

# One number for the whole product: several processes that start at once migrate one at a time.
_MIGRATION_LOCK = 7003


def migrate(database: Database, revision: str = "head") -> None:
    """Runs what is missing; where several start at once, one does it and the others wait.
    Conflict when a newer version has been there."""
    with translated(), database.writer.connect() as connection, _one_at_a_time(connection):
        there = revision_of(connection)
        if there is not None and there not in known_revisions():
            raise Conflict(
                Message(
                    "Databasen har tabellerne fra en nyere udgave (%(there)s). Kør den udgave.",
                    there=there,
                )
            )
        connection.rollback()
        with tables_made_anew(connection):
            _run(connection, revision)
        if revision == "head":
            plans.tell(connection)


@contextmanager
def tables_made_anew(connection: Connection) -> Iterator[None]:
    """Lets migrations make a table of SQLite's anew while others point at it. Outside this the
    pointers are always guarded; before it is kept, `must_point_right` looks at them all."""
    if connection.dialect.name != "sqlite":
        yield
        return
    _guard_foreign_keys(connection, "OFF")
    try:
        yield
    finally:
        connection.rollback()
        _guard_foreign_keys(connection, "ON")


def must_point_right(connection: Connection) -> None:
    """CommandError where a row of SQLite's points at one that is not there."""
    if connection.dialect.name == "sqlite" and (astray := connection.execute(_ASTRAY).all()):
        rows = ", ".join(f"{row.table} {row.rowid} -> {row.parent}" for row in astray)
        raise CommandError(f"these rows point at what is not there: {rows}")


def config(connection: Connection) -> Config:
    """Alembic's own configuration, for an open connection."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["connection"] = connection
    return made


class CannotMigrate(Conflict):
    """The database was left as it is."""

    title = Message("Databasen kan ikke bringes til denne udgaves tabeller")


@contextmanager
def _one_at_a_time(connection: Connection) -> Iterator[None]:
    """On SQLite the transaction itself keeps the others out."""
    if connection.dialect.name == "sqlite":
        yield
        return
    # The others wait as long as it takes, not as short as for a row.
    connection.execute(text("SET lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_lock(:lock, 0)"), {"lock": _MIGRATION_LOCK})
    connection.execute(text("RESET lock_timeout"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:lock, 0)"), {"lock": _MIGRATION_LOCK})
        connection.commit()


def _run(connection: Connection, revision: str) -> None:
    is_down = revision == "base" or revision.startswith("-")
    go = command.downgrade if is_down else command.upgrade
    try:
        go(config(connection), revision)
    except CommandError as error:
        raise _refused(error) from error


def _refused(error: CommandError) -> CannotMigrate:
    return CannotMigrate(
        Message("Databasen kunne ikke migreres, og intet er ændret: %(reason)s", reason=str(error))
    )


def _guard_foreign_keys(connection: Connection, state: str) -> None:
    """SQLite does not hear it inside a transaction, so it is said before one begins."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={state}")


_ASTRAY = text('SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT 20')
