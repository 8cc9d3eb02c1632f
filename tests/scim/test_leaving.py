"""Whom the directory makes inactive, the door closes for at once."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.people.models import ApiKey, Person, WebSession
from app.people.signed_in import Role
from tests.scim.conftest import refusal, replace, user


@pytest.fixture
def signe(make):
    make.administrator()
    return make.person(mail="signe@lindborg.example", role=Role.SECRETARIAT)


@pytest.mark.parametrize("inactive", [False, "False", "false"])
def test_keys_sessions_and_roles_end_with_the_request_that_says_so(
    directory, session, make, signed_in, signe, inactive
):
    held = signed_in(signe)
    make.web_session(signe)
    assert held.get("/api/v1/me").status_code == 200

    left = directory.patch(f"Users/{signe.id}", replace("active", inactive))

    assert (left.status_code, left.json()["active"]) == (200, False)
    assert held.get("/api/v1/me").status_code == 401
    session.expire_all()
    key = session.exec(select(ApiKey).where(ApiKey.person_id == signe.id)).one()
    browser = session.exec(select(WebSession)).one()
    person = session.get(Person, signe.id)
    assert key.revoked_at == browser.ended_at == person.left_at == make.now
    assert person.roles == ""
    kinds = session.exec(select(Event.type).order_by(Event.id)).all()
    assert kinds[-4:] == ["api_key.revoked", "session.ended", "person.left", "api_key.refused"]


def test_nothing_ends_where_something_else_in_the_request_is_refused(
    directory, session, make, signed_in, signe
):
    held = signed_in(signe)
    make.person(mail="bo@lindborg.example")

    refused = directory.patch(
        f"Users/{signe.id}",
        replace("active", False),
        replace('emails[type eq "work"].value', "bo@lindborg.example"),
    )

    assert refusal(refused) == (409, "uniqueness")
    assert held.get("/api/v1/me").status_code == 200


def test_who_is_active_again_is_back_without_what_they_had(directory, signed_in, signe):
    old = signed_in(signe)
    path = f"Users/{signe.id}"
    directory.patch(path, replace("active", "False"))

    back = directory.patch(path, replace("active", "True"))

    assert back.json()["active"] is True
    assert old.get("/api/v1/me").status_code == 401
    assert signed_in(signe).get("/api/v1/me").json()["roles"] == []


def test_who_is_made_inactive_has_left_from_the_beginning(directory, session):
    made = directory.user(active=False)

    assert made["active"] is False
    assert session.get(Person, int(made["id"])).has_left
    assert directory.found("Users", "active eq false") == [made["id"]]


@pytest.mark.parametrize("way", ["patch", "put", "delete"])
def test_the_last_administrator_stays(directory, make, session, signed_in, way):
    chief = make.administrator()
    path, held = f"Users/{chief.id}", signed_in(chief)

    refused = {
        "patch": lambda: directory.patch(path, replace("active", False)),
        "put": lambda: directory.put(path, user(userName=chief.mail, active=False)),
        "delete": lambda: directory.delete(path),
    }[way]()

    assert refusal(refused) == (409, None)
    assert "administrator" in refused.json()["detail"]
    assert held.get("/api/v1/me").status_code == 200
    assert directory.get(path).json()["displayName"] == chief.name

    make.administrator()
    assert directory.patch(path, replace("active", False)).status_code == 200


def test_a_key_ends_with_the_person_whose_it_is(directory, session):
    holder = session.exec(select(Person).where(Person.name == "Kataloget")).one()

    assert directory.patch(f"Users/{holder.id}", replace("active", False)).status_code == 200

    assert refusal(directory.get("Users")) == (401, None)
