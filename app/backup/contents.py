"""How many rows each table has, and a digest of them: what a backup and a restore compare."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text

from app.backup.manifest import Table

_LARGEST = 2**256


def tables_of(connection: Connection) -> dict[str, Table]:
    """Every table of the database, as the connection's transaction sees it."""
    if connection.dialect.name == "postgresql":
        connection.execute(_WRITTEN_ALIKE)
    names = sorted(inspect(connection).get_table_names())
    return {name: _table(connection, name) for name in names}


def _table(connection: Connection, name: str) -> Table:
    """The sum of the rows' digests, so that no table has to be sorted."""
    rows = total = 0
    for row in _rows(connection, name):
        rows += 1
        total += int.from_bytes(hashlib.sha256(row.encode()).digest(), "big")
    return Table(rows=rows, digest=f"{total % _LARGEST:064x}")


def _rows(connection: Connection, name: str) -> Iterator[str]:
    """Each row as text that says the same wherever the same row is."""
    quoted = connection.dialect.identifier_preparer.quote_identifier(name)
    whole = "*" if connection.dialect.name == "sqlite" else "whole::text"
    query = text(f"SELECT {whole} FROM {quoted} AS whole")  # noqa: S608 - a table's own name  # nosec B608
    with connection.execute(query, execution_options=_BY_AND_BY) as found:
        for row in found:
            yield repr(tuple(row))


_BY_AND_BY = {"yield_per": 1000}
# A server may have been told to write values in its own way. For this transaction only.
_WRITTEN_ALIKE = text(
    "SELECT set_config('datestyle', 'ISO, YMD', true), set_config('timezone', 'UTC', true),"
    " set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true),"
    " set_config('extra_float_digits', '1', true)"
)
