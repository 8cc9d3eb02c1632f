"""Engines, transactions, and how instants, words and ids are kept."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    ExceptionContext,
    Integer,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, Session, SQLModel

from app.errors import Message, NotFound, Stale
from app.running import Running
from app.settings import Settings
from app.unanswered import begun, is_read_only, translated

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer, "sqlite")
"""Ids fit every integer a client can send in JSON, on both databases."""


class UTCDateTime(TypeDecorator[datetime]):
    """Refuses naive datetimes on the way in, returns aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value and value.astimezone(UTC)


def words(enum: type[StrEnum]) -> Enum:
    """A column holding the enum's words as text, so adding a member needs no migration."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Versioned(SQLModel):
    """A row that people change: `version` rises with every change and is its ETag."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    version: int = Field(default=1, nullable=False)
    created_at: datetime = Field(sa_type=UTCDateTime)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy hands over the class
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]

    @property
    def key(self) -> int:
        """The id of a row that has been stored."""
        assert self.id is not None
        return self.id


Row = TypeVar("Row", bound=Versioned)


def locked(session: Session, kind: type[Row], row_id: int, *, version: int | None = None) -> Row:
    """The row, locked until the transaction ends. NotFound; Stale when it is not `version`."""
    row = session.get(kind, row_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None:
        raise NotFound
    must_be(row, version)
    return row


def must_be(row: Versioned, version: int | None) -> None:
    """Stale unless the row is the version that the caller has seen. None: any version will do."""
    must_be_seen(row.version, version)


def must_be_seen(now: int, seen: int | None) -> None:
    """The same of what is no row with a version of its own."""
    if seen is not None and now != seen:
        raise Stale(
            Message(
                "Den er ændret, siden du hentede den: du har version %(seen)s, nu er det "
                "version %(now)s. "
                "Hent den igen, og se, hvad der er ændret.",
                seen=seen,
                now=now,
            ),
            current_version=now,
        )


class Database:
    """One engine for changes and one for reads; on PostgreSQL they are the same.

    Every session carries the settings as the process was started with them, as
    `session.info["settings"]`; what is changed of them meanwhile is in the database.
    """

    def __init__(self, settings: Settings) -> None:
        url, busy_seconds = settings.url, settings.busy_seconds
        threads = settings.database_threads
        self.running = Running()
        self.info = {"settings": settings, "running": self.running}
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.writer = _sqlite_engine(url, busy_seconds, begin="BEGIN IMMEDIATE")
            self.reader = _sqlite_engine(url, busy_seconds, begin="BEGIN", query_only=True)
        else:
            self.writer = create_engine(
                self.url.set(drivername="postgresql+psycopg"),
                pool_size=threads,
                max_overflow=2,
                pool_timeout=busy_seconds,
                hide_parameters=True,
                connect_args={
                    "options": _OPTIONS,
                    "connect_timeout": 5,
                    **_GIVES_UP,
                },
            )
            # Each statement of a read sees what has been committed by then, as it does in a
            # transaction at READ COMMITTED; beginning and ending one would be two round trips.
            self.reader = self.writer.execution_options(isolation_level="AUTOCOMMIT")

        self._reads_only = False
        event.listen(self.writer, "handle_error", self._let_go)
        event.listen(self.writer, "do_connect", self._forget_what_is_open)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.connected() as connection:
            yield self.session_on(connection)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection to read on. What is done on it is not kept."""
        with translated(), self.reader.connect() as connection:
            yield connection

    def session_on(self, connection: Connection) -> Session:
        """A session on a connection to read on; it ends with the connection."""
        return Session(connection, autoflush=False, info=self.info)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with (
            translated(),
            Session(self.writer, expire_on_commit=False, info=self.info) as session,
            begun(session),
        ):
            yield session

    def _let_go(self, context: ExceptionContext) -> None:
        """What was opened while the database could only be read, would only ever read."""
        if is_read_only(context.original_exception):
            context.is_disconnect = True
            self._reads_only = self.is_sqlite

    def _forget_what_is_open(self, *_: object) -> None:
        """Before a new connection. SQLite shares what it knows of a file among all who have it
        open, also those that nobody can reach any more: as long as one of them is left, a new one
        can only read too."""
        if self._reads_only:
            self._reads_only = False
            self.reader.dispose()
            gc.collect()

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()


def _sqlite_engine(
    url: str, busy_seconds: float, *, begin: str, query_only: bool = False
) -> Engine:
    if path := make_url(url).database:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": busy_seconds},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # Without this the driver begins transactions by itself, too late and too weak.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin_explicitly(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


# A statement that comes again is planned once: planning a list for the values of each request takes
# longer than reading it. What is asked for often is in memory, where looking a row up is cheap, and
# what is asked for is a page: nothing that is worth compiling, or a table of what was looked up.
_OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "timezone=UTC",
        "datestyle=ISO",
        "lock_timeout=10s",
        "plan_cache_mode=force_generic_plan",
        "random_page_cost=1.1",
        "jit=off",
        "enable_memoize=off",
    )
)
# Seconds until a server that has vanished without a word is given up; milliseconds for the last.
_GIVES_UP = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
