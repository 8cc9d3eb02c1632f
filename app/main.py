"""The web application. Wiring only: routers, middleware, error handlers, what a request needs."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app import clock
from app.db import Database
from app.docs import describe, docs
from app.errors import AppError
from app.follow_ups.api import follow_ups
from app.gifts.api import gifts
from app.gifts.materials_api import UPLOADS, gift_materials
from app.handovers.api import handovers
from app.handovers.giving_api import giving_steps
from app.handovers.steps_api import steps
from app.handovers.told_api import told_of
from app.health import Readiness, health
from app.insight.api import insight
from app.insight.summaries_api import summaries
from app.networks.api import networks
from app.people.api import me, people
from app.rest import problems
from app.rest.limits import BodyLimit
from app.rest.places import Places
from app.rest.switchboard import Switchboard
from app.settings import Settings
from app.units.api import units

ROUTERS = (
    me,
    people,
    units,
    networks,
    gifts,
    gift_materials,
    handovers,
    told_of,
    giving_steps,
    steps,
    follow_ups,
    insight,
    summaries,
)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    now: Callable[[], datetime] = clock.now,
) -> FastAPI:
    database = database or Database(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.places.close()
        database.close()

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.clock = now
    app.state.is_stopping = False
    app.state.readiness = Readiness()
    app.state.places = Places(
        database, threads=settings.database_threads, patience=settings.busy_seconds
    )
    app.add_middleware(
        BodyLimit,
        limit=settings.max_body_kib * 1024,
        upload_limit=settings.max_upload_mib * 1024 * 1024,
        uploads=UPLOADS,
        slow_seconds=settings.slow_seconds,
    )
    app.add_exception_handler(AppError, problems.on_app_error)
    app.add_exception_handler(RequestValidationError, problems.on_invalid_request)
    app.add_exception_handler(HTTPException, problems.on_http_error)
    app.add_exception_handler(IntegrityError, problems.on_constraint)
    app.add_exception_handler(ClientDisconnect, problems.on_gone)
    app.add_exception_handler(Exception, problems.on_unexpected)
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(health)
    known = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    app.router.middleware_stack = Switchboard(app.router.middleware_stack, known)
    docs(app)
    describe(app)
    return app
