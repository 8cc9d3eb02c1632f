"""What the product is measured beside: a bare route, and the page as a textbook would make it."""

import hashlib
import os
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel
from sqlalchemy import Engine, create_engine, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import clock, tables
from app.gifts.models import Gift
from app.handovers.models import Handover
from app.networks.models import Member, Network
from app.people.models import ApiKey, Person
from app.units.models import Unit


def bare() -> Starlette:
    """One route, one constant body: as many bytes as were asked for last."""
    body = b""

    async def answer(request: Request) -> Response:
        return Response(body, media_type="application/json")

    async def be(request: Request) -> Response:
        nonlocal body
        body = b"x" * int(await request.body())
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/", answer, methods=["GET", "POST"]),
            Route("/size", be, methods=["PUT"]),
        ]
    )


class Summary(BaseModel):
    """The same fields as the product's own page has of a handover."""

    id: int
    version: int
    gift_id: int
    gift_title: str
    network_id: int
    network_name: str
    unit_id: int
    unit_name: str
    kind: str
    state: str
    edition: int
    is_new_edition: bool
    owner_id: int | None
    owner_name: str | None
    next_on: date | None
    paused_until: date | None
    ripple: str
    delivered_at: datetime | None
    last_life_at: datetime
    life_due_on: date | None
    is_at_door: bool
    is_on_shelf: bool
    dust_days: int


class Page(BaseModel):
    items: list[Summary]


def textbook() -> FastAPI:
    """ORM objects, `response_model`, a session and a person by dependency, plain functions in the
    thread pool. The database is BENCH_URL."""
    tables.metadata()
    app = FastAPI()
    app.add_api_route("/api/v1/handovers", _page, response_model=Page)
    return app


@cache
def _engine() -> Engine:
    return create_engine(os.environ["BENCH_URL"])


def _session() -> Iterator[Session]:
    with Session(_engine()) as made:
        yield made


Opened = Annotated[Session, Depends(_session)]


def _person(session: Opened, authorization: Annotated[str, Header()]) -> Person:
    digest = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()
    joined = select(Person).join(ApiKey, col(ApiKey.person_id) == Person.id)
    found = session.exec(joined.where(ApiKey.hash == digest)).first()
    if found is None:
        raise HTTPException(401)
    return found


def _page(
    session: Opened,
    person: Annotated[Person, Depends(_person)],
    state: Annotated[list[str] | None, Query()] = None,
    network_id: int | None = None,
    unit_id: int | None = None,
    is_paused: bool | None = None,
    limit: int = 50,
) -> Page:
    owner = aliased(Person)
    mine = select(Member.network_id).where(Member.person_id == person.id)
    statement = (
        select(Handover, Gift, Network, Unit, owner)
        .join(Gift, col(Gift.id) == Handover.gift_id)
        .join(Network, col(Network.id) == Handover.network_id)
        .join(Unit, col(Unit.id) == Handover.unit_id)
        .outerjoin(owner, owner.id == Handover.owner_id)
        .where(or_(col(Handover.announced_at).is_not(None), col(Handover.network_id).in_(mine)))
    )
    if state:
        statement = statement.where(col(Handover.state).in_(state))
    if network_id is not None:
        statement = statement.where(Handover.network_id == network_id)
    if unit_id is not None:
        statement = statement.where(Handover.unit_id == unit_id)
    if is_paused is False:
        until = col(Handover.paused_until)
        statement = statement.where(or_(until.is_(None), until <= clock.local_day(clock.now())))
    rows = session.exec(statement.order_by(col(Handover.id).desc()).limit(limit)).all()
    return Page(items=[_shown(*row) for row in rows])


def _shown(
    handover: Handover, gift: Gift, network: Network, unit: Unit, owner: Person | None
) -> Summary:
    due_on = handover.life_due_on
    dust_days = max(0, (clock.local_day(clock.now()) - due_on).days) if due_on else 0
    return Summary(
        **handover.model_dump(),
        gift_title=gift.title,
        network_name=network.name,
        unit_name=unit.name,
        owner_name=owner.name if owner else None,
        is_at_door=handover.state == "delivered" and dust_days > 0,
        is_on_shelf=handover.state in ("acknowledged", "accepted", "trial", "in_use")
        and dust_days > 0,
        dust_days=dust_days,
    )
