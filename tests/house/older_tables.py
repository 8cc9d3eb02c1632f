"""Tables of an older version, into which the rows of this one can be written all the same."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import inspect, text

from app.db import Database
from app.handovers.models import Handover
from app.tables import metadata


@contextmanager
def with_later_columns(database: Database) -> Iterator[None]:
    """The columns that handovers have got since are there meanwhile, without their rules."""
    there = {column["name"] for column in inspect(database.writer).get_columns("handover")}
    later = [
        column
        for column in metadata().tables[str(Handover.__tablename__)].columns
        if column.name not in there
    ]
    dialect = database.writer.dialect
    kinds = [f"ADD COLUMN {column.name} {column.type.compile(dialect)}" for column in later]
    _alter(database, kinds)
    yield
    _alter(database, [f"DROP COLUMN {column.name}" for column in later])


def _alter(database: Database, changes: list[str]) -> None:
    with database.writer.begin() as connection:
        for change in changes:
            connection.execute(text(f"ALTER TABLE handover {change}"))
