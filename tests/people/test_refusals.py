"""What was refused is in the log, and nobody can fill the log with it."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.eventlog.log import By
from app.eventlog.models import Event
from app.people import keys
from app.people.keys import UNKNOWN_KEYS, Scope
from app.people.models import ApiKey
from app.people.refusals import REQUESTS
from tests.conftest import NOON

pytestmark = pytest.mark.in_process("each server keeps count of what it has told already")
ME = "/api/v1/me"


@pytest.fixture
def events(session):
    def of(kind: str) -> list[Event]:
        statement = select(Event).where(Event.type == kind).order_by(col(Event.id))
        return list(session.exec(statement).all())

    return of


def known_as(number: int) -> str:
    """A made-up key with a beginning of its own."""
    return keys.written(f"{number:06}{0:026}")


def test_a_refused_change_is_told_of_with_who_and_what_and_no_values(make, signed_in, events):
    person = make.person()

    refused = signed_in(person).post("/api/v1/people", json={"name": "Hemmelig"})

    assert refused.status_code == 403
    (event,) = events("request.refused")
    assert (event.actor_id, event.subject_id) == (person.id, person.id)
    assert event.data == {"route": "register_person", "code": "not_allowed"}
    assert events("person.registered") == []


def test_the_refusal_of_a_key_without_the_scope_and_of_an_auditor_are_told_of(
    make, holding, events
):
    holding(make.key(make.secretary(), Scope.READ)).post("/api/v1/people", json={"name": "Ny"})
    holding(make.key(make.person(role="auditor"))).post("/api/v1/people", json={"name": "Ny"})

    assert [event.data["code"] for event in events("request.refused")] == [
        "not_allowed",
        "only_reads",
    ]


def test_a_refused_read_or_a_change_that_cannot_be_made_is_no_refusal(make, signed_in, events):
    person = make.person()
    client = signed_in(person)

    assert client.get(f"/api/v1/people/{make.person().id}/looks").status_code == 403
    assert client.post("/api/v1/people", json={}).status_code == 422
    assert client.patch("/api/v1/gifts/4711", json={}, headers={"If-Match": "*"}).status_code == 404

    assert events("request.refused") == []


def test_so_many_refusals_an_hour_are_told_of_and_no_more(make, app, signed_in, events):
    first, second = signed_in(make.person()), signed_in(make.person())

    for _ in range(REQUESTS.most + 5):
        assert first.post("/api/v1/people", json={"name": "Ny"}).status_code == 403
    assert len(events("request.refused")) == REQUESTS.most
    second.post("/api/v1/people", json={"name": "Ny"})
    assert len(events("request.refused")) == REQUESTS.most + 1
    app.state.now = NOON + timedelta(hours=1)
    first.post("/api/v1/people", json={"name": "Ny"})
    assert len(events("request.refused")) == REQUESTS.most + 2


def test_the_limit_holds_over_several_servers(make, app, signed_in, events):
    client = signed_in(make.person())
    for _ in range(2):
        app.state.refusals = type(app.state.refusals)()
        for _ in range(REQUESTS.most):
            client.post("/api/v1/people", json={"name": "Ny"})

    assert len(events("request.refused")) == REQUESTS.most


def test_an_unknown_key_is_told_of_once_an_hour_by_its_start(app, holding, events):
    secret = known_as(1)
    for method in ("GET", "POST", "GET"):
        refused = holding(secret).request(method, "/api/v1/people", json={"name": "Ny"})
        assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
        assert refused.headers["WWW-Authenticate"] == "Bearer"

    (event,) = events("api_key.refused")
    assert (event.subject_id, event.actor_id) == (0, None)
    assert event.data == {"start": secret[:10], "reason": "unknown", "person_id": None}
    assert secret[10:] not in str(event.model_dump())
    app.state.now = NOON + timedelta(hours=1)
    holding(secret).get(ME)
    assert len(events("api_key.refused")) == 2


def test_nobody_fills_the_log_with_keys_that_they_make_up(holding, events):
    for number in range(UNKNOWN_KEYS.most + 5):
        assert holding(known_as(number)).get(ME).status_code in {401, 429}

    assert len(events("api_key.refused")) == UNKNOWN_KEYS.most


def test_a_key_that_is_no_longer_good_is_told_of_with_whose_it_was(make, session, holding, events):
    person = make.person()
    revoked, expired = make.key(person), make.key(person)
    rows = {secret: _row(session, secret) for secret in (revoked, expired)}
    rows[revoked].revoked_at = rows[expired].expires_at = NOON
    session.flush()

    holding(revoked).get(ME)
    holding(expired).post("/api/v1/gifts/7/files?filename=a.txt", content=b"a")

    told = events("api_key.refused")
    assert [(event.subject_id, event.data["reason"]) for event in told] == [
        (rows[revoked].id, "revoked"),
        (rows[expired].id, "expired"),
    ]
    assert {event.data["person_id"] for event in told} == {person.id}


def test_what_is_no_key_at_all_is_not_told_of(client, holding, events):
    client.get(ME)
    holding("gvb_nonsense").get(ME)

    assert events("api_key.refused") == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_first_use_of_a_key_on_a_day_is_told_of(make, app, holding, events, method):
    person = make.secretary()
    client = holding(make.key(person))

    def used_at(moment):
        app.state.now = moment
        path, body = (ME, None) if method == "GET" else ("/api/v1/people", {"name": "Ny"})
        assert client.request(method, path, json=body).is_success
        return len(events("api_key.used"))

    assert used_at(NOON) == 1
    assert used_at(NOON + timedelta(hours=2)) == 1
    # Midnight is where the people are.
    assert used_at(NOON + timedelta(hours=10, minutes=59)) == 1
    assert used_at(NOON + timedelta(hours=11, minutes=10)) == 2
    event = events("api_key.used")[0]
    assert event.actor_id == person.id
    assert event.data == {"person_id": person.id, "label": "test"}


def test_two_who_use_a_key_at_once_are_told_of_once(make, session, events):
    make.key(make.person())
    key_id = session.exec(select(ApiKey.id)).one()

    for _ in range(2):
        keys.note_use(session, key_id, now=NOON)
    keys.note_use(session, 4711, now=NOON)

    assert len(events("api_key.used")) == 1
    keys.revoke(session, key_id, by=By(), now=NOON)


def _row(session, secret: str) -> ApiKey:
    return session.exec(select(ApiKey).where(ApiKey.start == secret[:10])).one()
