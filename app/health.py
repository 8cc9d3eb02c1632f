"""Whether the process lives, and whether it can answer. For those who watch over it."""

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from starlette.datastructures import State

from app.db import Database
from app.errors import Busy, Message
from app.rest.bodies import resource
from app.rest.problems import MEDIA_TYPE
from app.revisions import can_serve
from app.settings import Settings

health = APIRouter(prefix="/health", tags=["health"])

LOOKED_WITHIN = 1.0
"""Seconds that one look is good for: who asks often, does not disturb those who work."""

_LOCKED_FOR = 1.0
"""Seconds that another process may hold the SQLite file before that is told."""

_ROOM = 64 * 1024
"""Bytes that there must be room for."""


class HealthStatus(BaseModel):
    status: str


_NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {
        "description": "The process is about to stop; or the database does not answer, is not"
        " migrated, or nothing can be stored.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


@health.get("/live", response_model=HealthStatus)
async def is_live() -> Response:
    """The process answers."""
    return resource({"status": "live"})


@health.get("/ready", response_model=HealthStatus, responses=_NOT_READY)
async def is_ready(request: Request) -> Response:
    """The database answers, has the tables that this version needs and takes changes, files can
    be laid in the data folder, and the process is not about to stop. Looked at no more than once a
    second. How much room PostgreSQL has on a disk of its own is not looked at."""
    if request.app.state.is_stopping:
        raise Busy(Message("Processen er ved at stoppe. Send til en anden."))
    readiness: Readiness = request.app.state.readiness
    await readiness.must_be(request.app.state)
    return resource({"status": "ready"})


class Readiness:
    """What was seen at the last look, which those who ask at the same time share."""

    def __init__(self) -> None:
        self._looking = asyncio.Lock()
        self._until = 0.0
        self._trouble: Busy | None = None

    async def must_be(self, state: State) -> None:
        """Busy where it is not ready."""
        time = asyncio.get_running_loop().time
        async with self._looking:
            if time() >= self._until:
                self._trouble = await _trouble(state)
                self._until = time() + LOOKED_WITHIN
            if self._trouble is not None:
                raise Busy(self._trouble.detail)


async def _trouble(state: State) -> Busy | None:
    try:
        await state.places.read(lambda: _must_answer(state.database))
        await asyncio.to_thread(_must_store, state.database, state.settings)
    except Busy as busy:
        return busy
    return None


def _must_answer(database: Database) -> None:
    with database.reading() as session:
        if not can_serve(session.connection()):
            raise Busy(_WRONG_TABLES)
        if not database.is_sqlite and session.scalar(_READS_ONLY) == "on":
            raise Busy(_ONLY_READS)


_READS_ONLY = text("SELECT current_setting('transaction_read_only')")


def _must_store(database: Database, settings: Settings) -> None:
    try:
        if database.is_sqlite:
            _must_begin(str(database.url.database))
        settings.files_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.files_dir) as file:
            file.write(bytes(_ROOM))
    except sqlite3.Error as error:
        raise Busy(_ONLY_READS) from error
    except OSError as error:
        raise Busy(_NO_ROOM) from error


def _must_begin(path: str) -> None:
    """On a connection of its own, as a new request may get one. What is changed, is no more than
    tells a file that can only be read, and is taken back."""
    address = f"{Path(path).absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, timeout=_LOCKED_FOR, isolation_level=None, uri=True)
    with closing(connection):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("ROLLBACK")


_WRONG_TABLES = Message("Databasen har ikke denne udgaves tabeller. Kør gavebord migrate.")
_ONLY_READS = Message("Databasen kan ikke ændres lige nu: den er låst eller kan kun læses.")
_NO_ROOM = Message("Der kan ikke skrives i datamappen: disken er fuld eller kan kun læses.")
