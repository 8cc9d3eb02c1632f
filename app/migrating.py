"""Bringing a database to the tables of this version."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.db import Database

FOLDER = Path(__file__).parent.parent / "migrations"
# One number for the whole product: several processes that start at once migrate one at a time.
_MIGRATION_LOCK = 7003


def migrate(database: Database, revision: str = "head") -> None:
    """Runs what is missing; where several start at once, one does it and the others wait."""
    with database.writer.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:lock, 0)"), {"lock": _MIGRATION_LOCK})
            connection.commit()
        try:
            _run(connection, revision)
            connection.commit()
        finally:
            if not database.is_sqlite:
                connection.execute(
                    text("SELECT pg_advisory_unlock(:lock, 0)"), {"lock": _MIGRATION_LOCK}
                )
                connection.commit()


def is_current(connection: Connection) -> bool:
    """Whether the database has exactly the tables that this version knows."""
    return revision_of(connection) == newest_revision()


def revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str | None:
    """Read once: the folder does not change while the program runs."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def config(connection: Connection) -> Config:
    """Alembic's own configuration, for an open connection."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["connection"] = connection
    return made


def _run(connection: Connection, revision: str) -> None:
    if revision == "base" or (revision.startswith("-")):
        command.downgrade(config(connection), revision)
    else:
        command.upgrade(config(connection), revision)
