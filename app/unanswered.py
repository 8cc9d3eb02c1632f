"""What is said when the database does not answer: locked, full, read-only or away."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.errors import Busy, Message, Stale, Unsettled

_log = logging.getLogger(__name__)


@contextmanager
def translated() -> Iterator[None]:
    """Says Busy where the database is locked, full or away, instead of failing unexplained. The
    log says why."""
    try:
        yield
    except StaleDataError as error:
        raise Stale from error
    except PoolExhausted as error:
        _log.warning("No connection to the database was free: %s", error)
        raise Busy(_TRY_AGAIN) from error
    except DBAPIError as error:
        if not passes(error):
            raise
        # Without the statement and its values: they may say who somebody is.
        _log.warning("The database did not answer: %s", error.orig)
        raise Busy(_TRY_AGAIN) from error


@contextmanager
def begun(session: Session) -> Iterator[None]:
    """Unsettled where PostgreSQL may have committed, and went away before it could say so."""
    is_committing = False
    try:
        with session.begin():
            yield
            session.flush()
            is_committing = True
    except DBAPIError as error:
        is_lost = error.connection_invalidated and not isinstance(error.orig, sqlite3.Error)
        if not (is_committing and is_lost):
            raise
        _log.warning("The database went away during a commit: %s", error.orig)
        raise Unsettled(_LOOK_FIRST) from error


def is_read_only(error: BaseException | None) -> bool:
    """Whether the database can only be read; a connection made meanwhile will stay so."""
    if isinstance(error, sqlite3.Error):
        return _sqlite_kind(error) == sqlite3.SQLITE_READONLY
    return getattr(error, "sqlstate", None) == _READ_ONLY_SQL_TRANSACTION


def passes(error: Exception) -> bool:
    """Whether it is the state of the database that is in the way, and not what it was asked."""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_kind(error.orig) in _SQLITE_PASSES
    passes = isinstance(error, OperationalError) or is_read_only(error.orig)
    return passes or error.connection_invalidated


def _sqlite_kind(error: sqlite3.Error) -> int:
    """The low byte is the kind of trouble; the rest says more about it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


# Told by its number, so that those on SQLite need not load the driver of PostgreSQL.
_READ_ONLY_SQL_TRANSACTION = "25006"
_SQLITE_PASSES = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)
_LOOK_FIRST = Message(
    "Databasen faldt bort, mens ændringen blev gemt. Den kan være gemt. Send det samme igen med "
    "samme Idempotency-Key, eller hent det, og se efter."
)
_TRY_AGAIN = Message("Databasen svarer ikke lige nu. Intet er ændret. Prøv igen om lidt.")
