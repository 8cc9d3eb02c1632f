"""No measured statement reads a whole table of what grows, so that many cost the same as few."""

import re
from collections import Counter
from contextlib import contextmanager
from functools import partial

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from app import clock
from app.main import create_app
from bench.asks import API, ASKS, GROWTH, Request
from bench.seeding import seed
from bench.world import World
from tests.conftest import migrated
from tests.house.test_lists import questions

WORLD = World(10_000, clock.local_day(clock.now()))
READS = [ask for ask in ASKS if not ask.once]
GROW = ("handover", "gift", "event", "stored_answer", "follow_up", "ownership")


@pytest.fixture
def client(own_database):
    seed(own_database, WORLD)
    with TestClient(create_app(own_database.info["settings"], database=own_database)) as client:
        yield client


FOUND_BY = (
    *("events?handover_id=7", "events?subject_id=7", "events?actor_id=7", "events?type=gift.made"),
    *("handovers?gift_id=7", "handovers?owner_id=7", "handovers?unit_id=7&is_open=true"),
    *("shelf?owner_id=7", "door?unit_id=7"),
)


def test_every_statement_finds_its_rows_by_an_index(client, own_database):
    for ask in ASKS:
        finds_by_index(client, own_database, ask.requests(WORLD)[-8:])
    found_by = [Request(f"{API}/{path}", WORLD.secretary_id) for path in FOUND_BY]
    finds_by_index(client, own_database, found_by)


def test_three_times_as_many_handovers_are_as_few_steps_to_sqlite(tmp_path):
    """Where there are enough that every list has a whole first page."""
    few, many = (
        steps_in(World(size, WORLD.today), tmp_path / str(size)) for size in (7_000, 21_000)
    )
    for ask in READS:
        assert 0 < many[ask.name] < GROWTH * few[ask.name], (few, many)


def steps_in(world, folder):
    """How many steps SQLite takes, by what is asked for."""
    taken = Counter()
    with (
        migrated("sqlite", folder) as database,
        TestClient(create_app(database.info["settings"], database=database)) as client,
    ):
        seed(database, world)
        for ask in READS:
            with counted(database, partial(taken.update, [ask.name])):
                send(client, ask.requests(world)[-20:])
    return taken


@contextmanager
def counted(database, count):
    def listen(connection, *_):
        connection.set_progress_handler(count, 100)

    event.listen(database.reader, "checkout", listen)
    yield
    event.remove(database.reader, "checkout", listen)


def finds_by_index(client, database, requests):
    with questions(database) as asked:
        send(client, requests)
    for statement in {text for text in asked if re.match(r"SELECT|WITH|UPDATE", text)}:
        plan = planned(database, statement)
        assert not read_whole(plan), (statement, plan)


def send(client, requests):
    for request in requests:
        sent = client.request(request.method, request.path, headers=request.all_headers)
        assert sent.status_code == 200, sent.text


def planned(database, statement):
    """The plan in the database's words, for whatever values there will be."""
    with database.writer.connect() as connection:
        driver = connection.connection.driver_connection
        if database.is_sqlite:
            names = dict.fromkeys(re.findall(r":(\w+)", statement), 1)
            values = names or (1,) * statement.count("?")
            found = driver.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            return "\n".join(detail for *_, detail in found)
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
        numbered = re.sub(r"%\((\w+)\)s", lambda at: f"${names.index(at[1]) + 1}", statement)
        found = driver.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}".replace("%%", "%")).fetchall()
        return "\n".join(line for (line,) in found)


def read_whole(plan):
    """The tables that the plan reads from one end to the other; for a filter SQLite does so too."""
    whole = r"(?:SCAN|Seq Scan on) (\w+)\b(?! USING)"
    found = [table for table in re.findall(whole, plan) if table in GROW]
    return found + re.findall(r"BLOOM FILTER ON (\w+)", plan)
