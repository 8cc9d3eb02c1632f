"""Whether the process lives, and whether it can answer. For those who watch over it."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from app.db import Database
from app.errors import Busy
from app.migrating import is_current
from app.rest.bodies import resource
from app.rest.problems import MEDIA_TYPE

health = APIRouter(prefix="/health", tags=["health"])


class HealthStatus(BaseModel):
    status: str


_NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {
        "description": "The database does not answer, or is not migrated.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


@health.get("/live", response_model=HealthStatus)
async def is_live() -> Response:
    """The process answers."""
    return resource({"status": "live"})


@health.get("/ready", response_model=HealthStatus, responses=_NOT_READY)
async def is_ready(request: Request) -> Response:
    """The database answers too, and has the tables of this version."""
    await request.app.state.places.read(lambda: _must_be_ready(request.app.state.database))
    return resource({"status": "ready"})


def _must_be_ready(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        if not is_current(session.connection()):
            raise Busy
