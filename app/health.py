"""Whether the process lives, and whether it can answer. For those who watch over it."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from app.db import Database
from app.errors import Busy, Message
from app.migrating import can_serve
from app.rest.bodies import resource
from app.rest.problems import MEDIA_TYPE

health = APIRouter(prefix="/health", tags=["health"])


class HealthStatus(BaseModel):
    status: str


_NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {
        "description": "The process is about to stop, or the database does not answer, or is not"
        " migrated.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


@health.get("/live", response_model=HealthStatus)
async def is_live() -> Response:
    """The process answers."""
    return resource({"status": "live"})


@health.get("/ready", response_model=HealthStatus, responses=_NOT_READY)
async def is_ready(request: Request) -> Response:
    """The database answers too, has the tables that this version needs, and the process is not
    about to stop."""
    if request.app.state.is_stopping:
        raise Busy(Message("Processen er ved at stoppe. Send til en anden."))
    await request.app.state.places.read(lambda: _must_be_ready(request.app.state.database))
    return resource({"status": "ready"})


def _must_be_ready(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        if not can_serve(session.connection()):
            raise Busy
