"""What is measured is answered rightly: checked against the seeded world, on both databases."""

import re
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app import clock
from app.db import Database
from app.main import create_app
from bench.asks import API, ASKS
from bench.seeding import seed
from bench.world import World, secret
from tests.databases import DATABASES, copied_database
from tests.house.operations import OPERATIONS, holds

TODAY = clock.local_day(clock.now())
WORLD = World(1_000, TODAY)
NOON = clock.noon_of(TODAY)
BY_NAME = {ask.name: ask for ask in ASKS}


def seeded(database):
    seed(database, WORLD)


@pytest.fixture(params=DATABASES)
def client(request, tmp_path):
    with (
        copied_database(request.param, tmp_path, seeded) as settings,
        closing(Database(settings)) as database,
        TestClient(create_app(settings, database=database, now=lambda: NOON)) as client,
    ):
        yield client


def sent(client, request):
    response = client.request(request.method, request.path, headers=request.all_headers)
    assert response.status_code == 200, response.text
    return response


def asked(client, path):
    headers = {"Authorization": f"Bearer {secret(WORLD.secretary_id)}"}
    response = client.get(f"{API}{path}", headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def newest(*states, unit_id=None, network_id=None):
    """The handovers that a unit leader sees, newest first, reckoned from the world."""
    return [
        row
        for row in range(WORLD.size, 0, -1)
        if (not states or WORLD.state_of(row) in states)
        and (unit_id is None or WORLD.unit_of(row) == unit_id)
        and (network_id is None or WORLD.network_of(WORLD.gift_of(row)) == network_id)
        and WORLD.state_of(row) != "draft"
    ][:50]


def ids(response):
    return [item["id"] for item in response.json()["items"]]


def test_every_measured_answer_is_what_the_api_promises(client):
    for ask in ASKS:
        for request in ask.requests(WORLD)[:4]:
            path = re.sub(r"/\d+", "/{handover_id}", request.path.partition("?")[0])
            holds(OPERATIONS[request.method, path], sent(client, request).content)


def test_the_measured_pages_hold_what_they_should(client):
    by_state, by_network, by_states, by_unit = BY_NAME["page"].requests(WORLD)[-4:]
    assert ids(sent(client, by_state)) == newest("in_use")
    network_id = int(by_network.path.rpartition("=")[2])
    assert ids(sent(client, by_network)) == newest(network_id=network_id)
    assert ids(sent(client, by_states)) == newest("trial", "accepted")
    leaf = WORLD.units
    found = asked(client, f"/handovers?unit_id={leaf}&is_open=true")["items"]
    assert {item["unit_id"] for item in found} == {leaf}
    assert set(ids(sent(client, by_unit))) >= set(newest(unit_id=by_unit.person_id)[:5])


def test_the_shelf_and_the_door_are_in_order_and_past_their_day(client):
    for name in ("shelf", "door"):
        found = sent(client, BY_NAME[name].requests(WORLD)[0]).json()["items"]
        due = [item["life_due_on"] for item in found]
        assert due
        assert due == sorted(due)
        assert due[-1] < TODAY.isoformat()
        assert all(item[f"is_{'on' if name == 'shelf' else 'at'}_{name}"] for item in found)


def test_the_counts_are_those_of_the_world(client):
    there = Counter((WORLD.unit_of(row), WORLD.state_of(row)) for row in range(1, WORLD.size + 1))
    for item in asked(client, "/counts")["items"]:
        for state, count in item["states"].items():
            assert there.pop((item["unit_id"], state)) == count
    assert there == Counter()


def test_an_acknowledgement_is_stored_with_its_event_and_its_answer(client):
    request = BY_NAME["acknowledgement"].requests(WORLD)[0]
    first = sent(client, request)
    again = sent(client, request)
    assert first.json()["state"] == "acknowledged"
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    with client.app.state.database.reading() as session:
        told = session.execute(
            text("SELECT count(*) FROM event WHERE handover_id = :id AND type = :type"),
            {"id": first.json()["id"], "type": "handover.acknowledged"},
        ).scalar_one()
    assert told == 1


def test_a_queue_and_a_story_have_something_to_tell(client):
    assert any(
        sent(client, request).json()["items"] for request in BY_NAME["queue"].requests(WORLD)
    )
    story = sent(client, BY_NAME["story"].requests(WORLD)[0]).json()["items"]
    assert story[0]["type"] == "handover.drafted"
    events = sent(client, BY_NAME["events"].requests(WORLD)[0]).json()["items"]
    assert [event["id"] for event in events] == sorted(event["id"] for event in events)


def test_nothing_in_the_world_begins_after_today(client):
    assert all(WORLD.begun_on(row) <= TODAY - timedelta(days=1) for row in range(1, WORLD.size + 1))
