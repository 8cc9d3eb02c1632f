"""A key has so many requests a minute over all servers, and wrong keys are not tried for ever."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from app.errors import Busy, TooMany
from app.main import create_app
from app.people import keys
from app.people.key_limits import WRONG_KEYS, Quotas, ShareNeeded
from app.rest.places import Places
from app.rest.throttle import RateCount
from tests.client import Client
from tests.conftest import NOON, patient_quotas
from tests.make import Make

pytestmark = pytest.mark.in_process(
    "the limit is set for the test, and servers count for themselves"
)
ME = "/api/v1/me"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sixty(app):
    app.state.quotas = patient_quotas(60)
    return app


def test_a_key_has_its_minute_and_is_told_what_is_left(sixty, signed_in, make):
    client = signed_in(make.person())
    answers = [client.get(ME) for _ in range(61)]

    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert answers[0].headers["RateLimit-Policy"] == '"key";q=60;w=60'
    assert [answer.headers["RateLimit"] for answer in (answers[0], *answers[-2:])] == [
        '"key";r=59;t=60',
        '"key";r=0;t=60',
        '"key";r=0;t=60',
    ]
    assert answers[-1].headers["Retry-After"] == "60"
    assert answers[-1].json()["code"] == "too_many"
    assert signed_in(make.person()).get(ME).status_code == 200

    sixty.state.now = NOON + MINUTE
    assert client.get(ME).status_code == 200


def test_changes_count_as_well_and_nothing_is_changed_by_one_too_many(sixty, signed_in, make):
    client = signed_in(make.secretary())
    answers = [client.post("/api/v1/people", json={"name": f"Nr. {n}"}) for n in range(61)]

    assert [answer.status_code for answer in answers] == [201] * 60 + [429]
    sixty.state.now = NOON + MINUTE
    assert client.get("/api/v1/people?q=Nr.%2059").json()["items"] != []
    assert client.get("/api/v1/people?q=Nr.%2060").json()["items"] == []


def test_a_refusal_is_a_request_too(sixty, signed_in, make):
    client = signed_in(make.person())

    assert client.get("/api/v1/gifts/4711").headers["RateLimit"] == '"key";r=59;t=60'
    assert client.post("/api/v1/people", json={"name": "Ny"}).status_code == 403
    assert client.get(ME).headers["RateLimit"] == '"key";r=57;t=60'


def test_two_servers_together_answer_no_more_than_the_minute_holds(own_database):
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        secret = make.key(make.person())
    settings = own_database.info["settings"].model_copy(update={"key_requests_a_minute": 205})
    headers = {"Authorization": f"Bearer {secret}"}
    apps = [create_app(settings, database=own_database, now=lambda: NOON) for _ in range(2)]
    servers = [Client(app, headers=headers) for app in apps]

    answers = [servers[n % 7 % 2].get(ME).status_code for n in range(300)]

    assert answers.count(200) == 205
    assert answers.count(429) == 95
    for app in apps:
        app.state.places.close()


def test_shares_that_are_taken_at_once_are_spent_once(own_database):
    quotas = [Quotas(1000) for _ in range(4)]

    async def spent(one: Quotas, places: Places) -> int:
        answered = 0
        while True:
            try:
                one.spend(7, now=NOON)
                answered += 1
            except ShareNeeded:
                await one.take(places, own_database, 7, now=NOON, is_read=False)
            except TooMany:
                return answered

    def served(one: Quotas) -> int:
        places = Places(own_database, threads=2, patience=30)
        try:
            return asyncio.run(spent(one, places))
        finally:
            places.close()

    with ThreadPoolExecutor(4) as servers:
        assert sum(servers.map(served, quotas)) == 1000


class Stuck:
    """Places where nothing can be changed."""

    def __init__(self) -> None:
        self.asked = 0

    async def change(self, work):
        self.asked += 1
        await asyncio.sleep(0)
        raise Busy


def test_where_nothing_can_be_written_reads_go_on_and_changes_are_told(database):
    quotas, places = Quotas(100), Stuck()

    async def at_once():
        wants = (True, False, True, False)
        taking = [quotas.take(places, database, 7, now=NOON, is_read=is_read) for is_read in wants]
        return await asyncio.gather(*taking, return_exceptions=True)

    answers = asyncio.run(at_once())

    assert [type(answer) for answer in answers] == [type(None), Busy, type(None), Busy]
    assert places.asked == 1
    assert quotas.spend(7, now=NOON).remaining > 0


def test_wrong_keys_from_one_place_come_to_an_end_and_cost_no_more(app, holding, make, session):
    wrong = holding(keys.written("1" * 32))
    answers = [wrong.get(ME) for _ in range(63)]

    assert [answer.status_code for answer in answers] == [401] * 60 + [429] * 3
    assert int(answers[-1].headers["Retry-After"]) == 15 * 60
    assert "WWW-Authenticate" not in answers[-1].headers
    counted = session.exec(select(RateCount).where(RateCount.kind == WRONG_KEYS.kind)).all()
    assert [count.count for count in counted] == [61]
    assert holding(make.key(make.person())).get(ME).status_code == 200

    app.state.now = NOON + WRONG_KEYS.within
    assert wrong.get(ME).status_code == 401


def test_what_is_wrong_with_a_request_does_not_make_it_free(sixty, signed_in, make):
    client = signed_in(make.secretary())
    answers = [client.post("/api/v1/people", json={}).status_code for _ in range(61)]

    assert answers == [422] * 60 + [429]


def test_a_request_that_was_long_on_its_way_takes_the_next_minute_as_it_is(own_database):
    quotas, places = Quotas(100), Places(own_database, threads=1, patience=30)
    before, after = NOON + timedelta(seconds=59), NOON + MINUTE

    async def both() -> int:
        answered = 0
        while True:
            for now in (after, before):
                try:
                    quotas.spend(7, now=now)
                    answered += 1
                except ShareNeeded as needed:
                    await quotas.take(places, own_database, 7, now=needed.now, is_read=False)
                except TooMany:
                    return answered

    assert asyncio.run(both()) == 100
    places.close()
