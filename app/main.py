"""The web application. Wiring only: routers, middleware, error handlers, what a request needs."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app import clock
from app.chores import worker_on
from app.db import Database
from app.docs import describe, docs
from app.errors import AppError
from app.follow_ups.api import follow_ups
from app.gifts.api import gifts
from app.gifts.materials_api import UPLOADS, gift_materials
from app.handovers.api import handovers
from app.handovers.giving_api import giving_steps
from app.handovers.requests_api import wishes
from app.handovers.steps_api import steps
from app.handovers.told_api import told_of
from app.health import Readiness, health
from app.importing.api import UPLOADS as IMPORTS
from app.importing.api import imports
from app.importing.importer import Importer
from app.insight.api import insight
from app.insight.summaries_api import summaries
from app.lazily import loaded
from app.look import look, look_of
from app.municipality.api import municipality
from app.networks.api import networks
from app.notifications.choices_api import my_mail
from app.notifications.inbox_api import my_notifications
from app.pages import PAGES as PUT_TOGETHER
from app.people.api import me, people
from app.people.key_limits import Quotas, WrongKeys
from app.people.looks import Looks
from app.people.refusals import Refusals
from app.people.sessions_api import sessions_of
from app.people.sessions_pages import my_sessions
from app.rest import problems
from app.rest.hosts import KnownHosts
from app.rest.later import Later, plain_routes
from app.rest.limits import BodyLimit
from app.rest.log_lines import Stderr
from app.rest.places import Places
from app.rest.request_log import RequestLog
from app.rest.switchboard import Switchboard
from app.scim import events as _told_of  # noqa: F401 - Also where nobody provisions.
from app.scim import forgetting as _followed  # noqa: F401
from app.scim.refusals import PREFIX as SCIM
from app.scim.refusals import shown as shown_in_scim
from app.scim.roles import by_group
from app.settings import Settings
from app.signing_in.pages import signing_in
from app.signing_in.provider_pages import provided
from app.stalled.api import stalled_work
from app.units.api import units
from app.web import form_targets, shown_to_people
from app.webhooks.api import webhooks

ROUTERS = (
    me,
    my_mail,
    my_notifications,
    people,
    sessions_of,
    units,
    networks,
    gifts,
    gift_materials,
    handovers,
    told_of,
    wishes,
    giving_steps,
    steps,
    follow_ups,
    insight,
    summaries,
    imports,
    municipality,
    stalled_work,
    webhooks,
)
PAGES = (*PUT_TOGETHER, signing_in, provided, my_sessions)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    now: Callable[[], datetime] = clock.now,
    works: bool = False,
) -> FastAPI:
    """One that `works` does what waits beside the requests, in threads of its own."""
    by_group(settings)
    look_of(settings)
    database = database or Database(settings)
    log = Stderr()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if app.state.worker is not None:
            app.state.worker.start()
        yield
        if app.state.worker is not None:
            app.state.worker.stop()
        app.state.imports.close()
        app.state.places.close()
        log.flush()
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
    app.state.provider = _provider(settings)
    app.state.form_targets = form_targets(settings)
    app.state.looks, app.state.refusals = Looks(), Refusals()
    app.state.quotas, app.state.wrong_keys = Quotas(settings.key_requests_a_minute), WrongKeys()
    app.state.imports = Importer(now)
    app.state.places = Places(
        database, threads=settings.database_threads, patience=settings.busy_seconds
    )
    app.state.worker = None
    if works:
        app.state.worker = worker_on(database, settings, turn=app.state.places.turn)
    refused = shown_to_people(problems.on_app_error)
    if settings.known_hosts:
        app.add_middleware(KnownHosts, hosts=settings.known_hosts, tell=refused)
    app.add_middleware(
        BodyLimit,
        limit=settings.max_body_kib * 1024,
        upload_limit=settings.max_upload_mib * 1024 * 1024,
        uploads=re.compile(f"{UPLOADS.pattern}|{IMPORTS.pattern}"),
        slow_seconds=settings.slow_seconds,
        tell=refused,
    )
    app.add_middleware(
        RequestLog,
        form=settings.log_format,
        is_told=settings.log_requests,
        trusts_ids=settings.trust_request_id,
        put=log.put,
    )
    for kind, told in (
        (AppError, problems.on_app_error),
        (RequestValidationError, problems.on_invalid_request),
        (HTTPException, problems.on_http_error),
        (IntegrityError, problems.on_constraint),
        (ClientDisconnect, problems.on_gone),
        (Exception, problems.on_unexpected),
    ):
        app.add_exception_handler(kind, shown_to_people(told))
    # As they stand: to include a router is to build each of its routes anew, for this application.
    routes = plain_routes((*ROUTERS, *PAGES, health, look))
    app.router.routes.extend(routes)
    others = Later(
        app.router.middleware_stack, prefix=SCIM, load=lambda: loaded("app.scim.routers:SCIM")
    )
    app.router.middleware_stack = Switchboard(others, routes)
    problems.shown_under(SCIM, shown_in_scim)
    docs(app)
    describe(app)
    return app


def _provider(settings: Settings) -> Any:
    """The municipality's own identity provider, where it has one."""
    if not settings.oidc_issuer:
        return None
    return loaded("app.signing_in.provider:Provider")(settings)
