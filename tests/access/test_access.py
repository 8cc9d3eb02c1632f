"""Every route, asked by everybody, of what is theirs, another's and hidden, answers as the table
says. What one of them changes, is taken back before the next one asks."""

import asyncio
from collections.abc import Iterator

import httpx2
import pytest
from fastapi import FastAPI

from app.db import Database
from tests.access.requests import Asked, asked
from tests.access.table import BY_ROUTE, COLUMNS, RULES
from tests.access.world import World
from tests.conftest import NOON, Wired, own_session, within
from tests.databases import ON_ONE, ON_THE_OTHERS
from tests.house.operations import OPERATIONS
from tests.make import Make

pytestmark = pytest.mark.in_process("what each of them changes is taken back by a savepoint")


@pytest.fixture(scope="module")
def world(wired: Wired, database: Database) -> Iterator[World]:
    with own_session(database) as session:
        within(wired, database, session)
        yield World(Make(session, now=NOON), database.info["settings"].files_dir)


# Who may change something is decided in Python; which of many rows somebody sees, by each database.
LISTS = [route for route in BY_ROUTE if route.startswith("GET ") and not route.endswith("}")]


@ON_ONE
@pytest.mark.parametrize("route", BY_ROUTE)
def test_everybody_gets_the_answer_that_the_table_says(
    route: str, world: World, wired: FastAPI, database: Database
) -> None:
    assert _wrong(route, world, wired, database) == []


@ON_THE_OTHERS
@pytest.mark.parametrize("route", LISTS)
def test_everybody_sees_of_a_list_what_the_table_says(
    route: str, world: World, wired: FastAPI, database: Database
) -> None:
    assert _wrong(route, world, wired, database) == []


def _wrong(route: str, world: World, app: FastAPI, database: Database) -> list[str]:
    within(app, database, world.make.session)
    return asyncio.run(_answers_that_are_wrong(route, world, app))


async def _answers_that_are_wrong(route: str, world: World, app: FastAPI) -> list[str]:
    wrong = []
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://testserver"
    ) as client:
        for number, (what, rule) in enumerate(BY_ROUTE[route].items()):
            # Who is nobody, is told so before anything is looked up: one object is as good as all.
            for who in COLUMNS if number == 0 else _SOMEBODY:
                secret, asker_id = world.keys[who]
                request = asked(world, route, what, asker_id)
                answer = await _answer(client, world, route, request, secret)
                expected = RULES[rule].answers[who]
                if answer != expected:
                    wrong.append(f"{who} of {what or '-'}: {answer}, not {expected}")
    return wrong


_SOMEBODY = [who for who in COLUMNS if who not in ("nobody", "revoked", "left")]


async def _answer(
    client: httpx2.AsyncClient, world: World, route: str, request: Asked, secret: str | None
) -> str:
    """In the words of the table."""
    method, path = route.split(" ")
    headers = {"If-Match": "*"}
    if secret is not None:
        headers["Authorization"] = f"Bearer {secret}"
    with world.make.session.begin_nested() as savepoint:
        response = await client.request(
            method,
            f"/api/v1{path}".format(**request.ids),
            json=request.json,
            content=request.content,
            params=dict(request.params),
            headers=headers,
        )
        savepoint.rollback()
    world.make.session.expire_all()
    if response.status_code != OPERATIONS[method, f"/api/v1{path}"].status:
        return str(response.status_code)
    is_there = request.has is None or request.has(response.json())
    return "ok" if is_there else "out"
