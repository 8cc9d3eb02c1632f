"""The hot statements: compiled once, run on the driver's own connection, rows as plain dicts.

SQLAlchemy writes the SQL and knows the types; what it does for every row is left out. Each
statement sees one consistent state of the database, and two statements need not see the same.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import cached_property, partial
from typing import Any

import orjson
from sqlalchemy import (
    BindParameter,
    Boolean,
    ClauseElement,
    ColumnElement,
    Connection,
    Date,
    Delete,
    Insert,
    SelectBase,
    SQLColumnExpression,
    Text,
    Update,
    bindparam,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import JSON
from sqlmodel import Session

from app.db import UTCDateTime

Shown = dict[str, Any]
Row = tuple[Any, ...]
Parameters = Mapping[str, object]
Statement = SelectBase | Insert | Update | Delete


class Prepared:
    """A statement whose parameters are all named, and whose lists are of known length. One that is
    named `limit` is how many rows at most."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._on_postgresql: dict[int | None, _Text] = {}

    @cached_property
    def columns(self) -> Sequence[str]:
        return tuple(column.name for column in self._selected())

    @cached_property
    def on_sqlite(self) -> "_Text":
        return _Text(self.statement, SQLiteDialect_pysqlite(paramstyle="named"))

    def on_postgresql(self, limit: object = None) -> "_Text":
        """PostgreSQL plans for the limit, if it knows it: it is written out as one of few, and may
        give a few rows more than were asked for."""
        most = next((most for most in _LIMITS if isinstance(limit, int) and limit <= most), None)
        if most not in self._on_postgresql:
            dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
            self._on_postgresql[most] = _Text(self.statement, dialect, limit=most)
        return self._on_postgresql[most]

    @cached_property
    def decoders(self) -> Sequence[tuple[int, Callable[[Any], object]]]:
        """For the columns that SQLite keeps as text or number, and Python does not, by place."""
        return [
            (place, decode)
            for place, column in enumerate(self._selected())
            for known, decode in _DECODERS
            if isinstance(column.type, known)
        ]

    def _selected(self) -> Sequence[ColumnElement[Any]]:
        """Of a change, those that it returns."""
        return list(self.statement.exported_columns)


class _Text:
    """The statement in the words of one database. The values that it carries itself are written
    out, so that the database can plan with them, once for all who run it; `constants` are those
    that the compiler added on its own."""

    def __init__(self, statement: Statement, dialect: Dialect, *, limit: int | None = None) -> None:
        whole = replacement_traverse(statement, {}, partial(_written_out, limit))
        assert isinstance(whole, ClauseElement)
        compiled = whole.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        given = [bound.key for bound in compiled.binds.values() if bound.required]
        expanded = compiled.construct_expanded_state(dict.fromkeys(given))
        self.sql = expanded.statement
        self.constants = {
            name: value for name, value in expanded.parameters.items() if name not in given
        }


def _written_out(limit: int | None, element: object, **_: Any) -> BindParameter[Any] | None:
    if not isinstance(element, BindParameter):
        return None
    if not element.required:
        return element.render_literal_execute()
    if element.key == "limit" and limit is not None:
        return bindparam(None, limit, literal_execute=True)
    return None


class Rows:
    """Runs prepared statements on one connection, inside whatever transaction it has."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"
        self.driver: Any = connection.connection.driver_connection

    def all(self, prepared: Prepared, parameters: Parameters) -> list[Shown]:
        found: Sequence[Row] = self._run(prepared, parameters).fetchall()
        if self.is_sqlite and found:
            found = _decoded(prepared, found)
        elif isinstance(limit := parameters.get("limit"), int):
            found = found[:limit]
        return [dict(zip(prepared.columns, row, strict=True)) for row in found]

    def first(self, prepared: Prepared, parameters: Parameters) -> Shown | None:
        """The first row; the statement itself says how many there can be."""
        return next(iter(self.all(prepared, parameters)), None)

    def change(self, prepared: Prepared, parameters: Parameters) -> int:
        """How many rows were added or changed. JSON is given as text."""
        count: int = self._run(prepared, parameters).rowcount
        return count

    def change_each(self, prepared: Prepared, several: Sequence[Parameters]) -> None:
        """The same change with each of the parameters, in their order."""
        if several:
            text = prepared.on_sqlite if self.is_sqlite else prepared.on_postgresql()
            values = [self._values(text, parameters) for parameters in several]
            self._on_driver(text, lambda: self.driver.cursor().executemany(text.sql, values))

    def _run(self, prepared: Prepared, parameters: Parameters) -> Any:
        if self.is_sqlite:
            text = prepared.on_sqlite
        else:
            text = prepared.on_postgresql(parameters.get("limit"))
        values = self._values(text, parameters)
        return self._on_driver(text, lambda: self.driver.execute(text.sql, values))

    def _values(self, text: "_Text", parameters: Parameters) -> dict[str, object]:
        bound = _as_sqlite_keeps if self.is_sqlite else _plain
        values = dict(text.constants)
        for name, value in parameters.items():
            values[name] = bound(value)
        return values

    def _on_driver(self, text: "_Text", run: Callable[[], Any]) -> Any:
        dialect = self.connection.dialect
        assert dialect.dbapi is not None
        try:
            return run()
        except dialect.dbapi.Error as error:
            # As SQLAlchemy does where it runs the statement itself: it tells those who listen,
            # forgets a connection that is gone, and raises an error of its own kind.
            self.connection._handle_dbapi_exception(error, text.sql, None, None, None)


class RowsOnce(Rows):
    """Reads nothing twice: for whoever looks the same up again and again, while nothing of it can
    have changed."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._found: dict[tuple[object, ...], list[Shown]] = {}

    def all(self, prepared: Prepared, parameters: Parameters) -> list[Shown]:
        asked = (prepared, *parameters.items())
        if asked not in self._found:
            self._found[asked] = super().all(prepared, parameters)
        return self._found[asked]


def rows_of(session: Session) -> Rows:
    """On the session's own connection, which is first told what the session has changed."""
    session.flush()
    return Rows(session.connection())


def among(column: SQLColumnExpression[Any], places: int) -> ColumnElement[bool]:
    """The condition that the column is one of `places` values, which `listed` names."""
    return column.in_([bindparam(f"listed_{place}") for place in range(places)])


def listed(values: Collection[object]) -> dict[str, object]:
    """Parameters for `among`. There are always a power of two of them, the last one repeated, so
    that few statements serve lists of every length."""
    whole = list(values)
    places = 1 << (len(whole) - 1).bit_length()
    whole += whole[-1:] * (places - len(whole))
    return {f"listed_{place}": value for place, value in enumerate(whole)}


class json_by_key(FunctionElement[str]):  # noqa: N801 - it is written as a function of SQL
    """One JSON object out of many rows, as text: a key and a value from each."""

    type = Text()
    inherit_cache = True


@compiles(json_by_key, "sqlite")
def _on_sqlite(element: json_by_key, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_object({compiler.process(element.clauses, **options)})"


@compiles(json_by_key, "postgresql")
def _on_postgresql(element: json_by_key, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_object_agg({compiler.process(element.clauses, **options)})::text"


def _decoded(prepared: Prepared, found: Sequence[Row]) -> Sequence[Row]:
    """Column by column, which costs a third less than row by row."""
    columns: list[Sequence[Any]] = list(zip(*found, strict=True))
    for place, decode in prepared.decoders:
        columns[place] = [None if value is None else decode(value) for value in columns[place]]
    return list(zip(*columns, strict=True))


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _as_sqlite_keeps(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return _plain(value)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


_LIMITS = (51, 201)
"""A page of 50 or of 200, and one more, which says that there is another."""
_DECODERS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (UTCDateTime, _instant),
    (Date, date.fromisoformat),
    (Boolean, bool),
    (JSON, orjson.loads),
)
