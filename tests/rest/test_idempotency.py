"""Idempotency-Key: the same request again gives the same answer and no second effect."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.people.keys import Scope
from app.rest.idempotency import StoredAnswer, replay
from app.units.models import Unit
from tests.conftest import NOON

UNITS = "/api/v1/units"
KEY = {"Idempotency-Key": "0b5e1f1c-6d2f-4c86-9a3e-0f5a3b1f2f11"}


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


def test_the_same_again_gives_the_same_answer_and_happens_once(session, secretary):
    first = secretary.post(UNITS, json={"name": "Ny"}, headers=KEY)
    second = secretary.post(UNITS, json={"name": "Ny"}, headers=KEY)

    assert (second.status_code, second.content) == (first.status_code, first.content)
    for name in ("ETag", "Location", "Content-Type", "Cache-Control"):
        assert second.headers[name] == first.headers[name]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(session.exec(select(Unit)).all()) == 1
    assert len(session.exec(select(Event).where(Event.type == "unit.registered")).all()) == 1


def test_the_answer_is_the_first_one_also_when_much_has_happened_since(make, signed_in, secretary):
    leader = make.person()
    handover = make.handover(unit=make.unit(leader=leader))
    client, at = signed_in(leader), f"/api/v1/handovers/{handover.id}/receipt"
    first = client.post(at, headers=KEY)
    declined = client.post(
        f"/api/v1/handovers/{handover.id}/refusal",
        json={"reason_kind": "not_relevant", "reason": "Vi har en."},
        headers={"If-Match": "*"},
    )
    assert declined.json()["state"] == State.DECLINED

    again = client.post(at, headers=KEY)

    assert (again.status_code, again.json()) == (200, first.json())
    assert again.json()["state"] == State.ACKNOWLEDGED


def test_without_a_key_everything_happens_each_time(session, secretary):
    for _ in range(2):
        assert secretary.post(UNITS, json={"name": "Ny"}).status_code == 201

    assert len(session.exec(select(Unit)).all()) == 2
    assert not session.exec(select(StoredAnswer)).all()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (UNITS, {"name": "Ny "}),
        (UNITS, {"name": "En anden"}),
        ("/api/v1/people", {"name": "Ny"}),
    ],
)
def test_a_key_that_was_used_for_something_else_is_refused(session, secretary, path, body):
    secretary.post(UNITS, json={"name": "Ny"}, headers=KEY)

    refused = secretary.post(path, json=body, headers=KEY)

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["parameter"], error["code"]) == ("Idempotency-Key", "idempotency_key_used")
    assert len(session.exec(select(Unit)).all()) == 1


def test_two_people_may_choose_the_same_key(make, session, signed_in):
    answers = [
        signed_in(make.secretary()).post(UNITS, json={"name": "Ny"}, headers=KEY) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_a_refusal_is_not_kept_so_that_what_was_wrong_can_be_put_right(
    make, session, signed_in, secretary
):
    unit = make.unit()
    unsaid = secretary.post(f"{UNITS}/{unit.id}/closing", json={}, headers=KEY)
    stale = secretary.post(
        f"{UNITS}/{unit.id}/closing", json={}, headers={**KEY, "If-Match": '"9"'}
    )
    wrong = secretary.post(UNITS, json={"name": ""}, headers=KEY)
    forbidden = signed_in(make.person()).post(UNITS, json={"name": "Ny"}, headers=KEY)
    assert [answer.status_code for answer in (unsaid, stale, wrong, forbidden)] == [
        428,
        412,
        422,
        403,
    ]
    assert not session.exec(select(StoredAnswer)).all()

    done = secretary.post(f"{UNITS}/{unit.id}/closing", json={}, headers={**KEY, "If-Match": '"1"'})

    assert done.status_code == 200


def test_a_kept_answer_is_given_to_nobody_whose_key_no_longer_opens(
    make, session, signed_in, secretary
):
    person = make.secretary()
    client = signed_in(person)
    client.post(UNITS, json={"name": "Ny"}, headers=KEY)
    person.left_at, person.roles = make.now, ""

    assert client.post(UNITS, json={"name": "Ny"}, headers=KEY).status_code == 401


def test_a_key_that_may_less_is_not_given_what_another_key_of_the_same_person_was(
    make, session, holding
):
    person = make.administrator()
    one, other, less = (
        holding(make.key(person, *scopes))
        for scopes in ([*Scope], [Scope.WRITE, Scope.ADMIN], [Scope.READ, Scope.WRITE])
    )
    first = one.post(UNITS, json={"name": "Ny"}, headers=KEY)

    refused = less.post(UNITS, json={"name": "Ny"}, headers=KEY)

    assert (first.status_code, refused.status_code) == (201, 403)
    assert refused.json()["code"] == "not_allowed"
    assert "Ny" not in refused.text
    assert other.post(UNITS, json={"name": "Ny"}, headers=KEY).json() == first.json()
    assert len(session.exec(select(Unit)).all()) == 1


def test_who_has_lost_a_role_is_not_given_what_it_was_answered_and_who_gained_one_is(
    make, session, signed_in
):
    person = make.secretary()
    client = signed_in(person)
    first = client.post(UNITS, json={"name": "Ny"}, headers=KEY)
    person.roles = "administrator secretariat"
    session.flush()
    assert client.post(UNITS, json={"name": "Ny"}, headers=KEY).json() == first.json()
    person.roles = ""
    session.flush()

    refused = client.post(UNITS, json={"name": "Ny"}, headers=KEY)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert len(session.exec(select(Unit)).all()) == 1


def test_the_roles_that_are_kept_with_an_answer_are_no_header_of_it(secretary):
    answers = [secretary.post(UNITS, json={"name": "Ny"}, headers=KEY) for _ in range(2)]

    extra = answers[1].headers.keys() - answers[0].headers.keys()
    assert extra == {"idempotency-replayed"}


def test_answers_are_kept_for_their_days_and_then_forgotten(app, make, session, secretary):
    days = timedelta(days=app.state.settings.idempotency_days)
    first = secretary.post(UNITS, json={"name": "Ny"}, headers=KEY)

    app.state.now = make.now + days - timedelta(seconds=1)
    assert secretary.post(UNITS, json={"name": "Ny"}, headers=KEY).json() == first.json()
    app.state.now = make.now + days + timedelta(seconds=1)
    later = secretary.post(UNITS, json={"name": "Ny"}, headers=KEY)

    assert later.json()["id"] != first.json()["id"]
    assert len(session.exec(select(StoredAnswer)).all()) == 1


def test_a_key_means_nothing_on_what_can_be_repeated_anyway(make, session, secretary):
    unit = make.unit()

    for name in ("Et", "To"):
        changed = secretary.patch(
            f"{UNITS}/{unit.id}", json={"name": name}, headers={**KEY, "If-Match": "*"}
        )
        assert changed.json()["name"] == name

    assert not session.exec(select(StoredAnswer)).all()


def test_nobody_waits_for_another_who_is_forgetting_old_answers(own_database):
    def first_time(session, key, *, now):
        asked = {"request": "POST /", "digest": "", "now": now, "keep_days": 30, "roles": set()}
        return replay(session, 1, key, **asked) is None

    with own_database.writing() as session:
        assert first_time(session, "old", now=NOON)

    later = NOON + timedelta(days=31)
    with own_database.writing() as one:
        assert first_time(one, "one", now=later)
        if not own_database.is_sqlite:  # Which has one writer at a time anyway.
            with own_database.writing() as other:
                other.execute(text("SET LOCAL lock_timeout = '1s'"))
                assert first_time(other, "other", now=later)

    with own_database.reading() as session:
        kept = session.exec(select(StoredAnswer.key)).all()
    assert set(kept) == ({"one"} if own_database.is_sqlite else {"one", "other"})
