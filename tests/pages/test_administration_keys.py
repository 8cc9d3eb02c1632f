"""A key is shown once and never again, and is over when it is revoked."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.clock import local_day, start_of
from app.eventlog.models import Event
from app.people.models import ApiKey, WebSession
from app.people.signed_in import Role
from app.rest.idempotency import StoredAnswer
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages.desk import form_in

pytestmark = ON_ONE

KEYS = "/administration/keys"
TODAY = local_day(NOON)
A_YEAR_ON = TODAY + timedelta(days=365)


@pytest.fixture
def clerk(make):
    return make.person(name="Kaj Kontorist", mail="kaj@lindborg.example")


def filled(desk, **over):
    said = {"mail": "KAJ@lindborg.example", "label": "Ugens tal", "scopes": ["read", "write"]}
    return desk.form(KEYS, KEYS).with_(**{**said, **over})


def secret_in(html):
    return html.split("<code>")[1].split("</code>")[0]


def test_a_key_is_shown_once_and_opens_the_api(desk, clerk, holding, session):
    made = desk.send(KEYS, filled(desk))

    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    secret = secret_in(made.text)
    assert holding(secret).get("/api/v1/me").json()["name"] == "Kaj Kontorist"
    key = session.exec(select(ApiKey)).one()
    assert key.scopes == "read write"
    assert key.expires_at == start_of(A_YEAR_ON + timedelta(days=1))
    told = desk.get(KEYS).text
    assert "Ugens tal" in told
    assert secret not in told


def test_pressed_twice_there_is_one_key_and_it_is_kept_nowhere(desk, clerk, session):
    fields = filled(desk)

    first, second = desk.send(KEYS, fields), desk.send(KEYS, fields)

    secret = secret_in(first.text)
    assert (second.status_code, second.headers["Location"]) == (303, f"{KEYS}?done=made")
    assert "Den blev vist én gang" in desk.get(second.headers["Location"]).text
    assert len(session.exec(select(ApiKey)).all()) == 1
    stored = session.exec(select(StoredAnswer)).all()
    assert stored
    assert not any(secret.encode() in answer.body for answer in stored)
    events = session.exec(select(Event.data)).all()
    assert not any(secret in str(data) for data in events)


def test_who_goes_back_and_writes_something_else_gets_another_key(desk, clerk, session):
    fields = filled(desk)

    desk.send(KEYS, fields)
    other = [(name, "Årets tal" if name == "label" else value) for name, value in fields]

    assert desk.send(KEYS, other).status_code == 200
    assert [key.label for key in session.exec(select(ApiKey))] == ["Ugens tal", "Årets tal"]


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"mail": ""}, "Skriv mailadressen på den, nøglen er til."),
        ({"mail": "nobody@lindborg.example"}, "Ingen har mailadressen"),
        ({"label": ""}, "Skriv, hvad nøglen bruges til."),
        ({"label": "a" * 201}, "højst 200 tegn"),
        ({"label": "Bo 010203-1234"}, "ligner et CPR-nummer"),
        ({"scopes": []}, "Sæt kryds ved det, nøglen må."),
        ({"scopes": ["root"]}, "Vælg en af: read, write, admin, scim."),
        ({"expires_on": ""}, "Vælg nøglens sidste dag."),
        ({"expires_on": TODAY.isoformat()}, "Vælg en dag efter i dag"),
        ({"expires_on": "2099-01-01"}, "Vælg en dag efter i dag"),
        ({"expires_on": "i morgen"}, "Skriv dagen som"),
    ],
)
def test_what_is_wrong_with_a_key_is_said_and_none_is_made(desk, clerk, session, over, said):
    refused = desk.send(KEYS, filled(desk, **{"label": "<script>x</script>", **over}))

    assert refused.status_code == 422
    assert refused.text.count(said) == 2
    assert "<script>x" not in refused.text
    assert session.exec(select(ApiKey)).all() == []


def test_nobody_who_has_left_gets_a_key(desk, make, session):
    make.person(mail="gone@lindborg.example", left_at=NOON)

    refused = desk.send(KEYS, filled(desk, mail="gone@lindborg.example"))

    assert refused.status_code == 409
    assert "er her ikke mere" in refused.text


def test_a_revoked_key_opens_nothing_and_is_found_among_the_old(desk, make, clerk, holding):
    secret = make.key(clerk)
    action = next(line for line in desk.get(KEYS).text.split('action="') if "/revocation" in line)
    fields = desk.form(KEYS, action.split('"')[0]).fields

    answers = [desk.send(action.split('"')[0], fields).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert holding(secret).get("/api/v1/me").status_code == 401
    assert "Kaj Kontorist" not in desk.get(KEYS).text
    assert "Trukket tilbage" in desk.get(f"{KEYS}?over=1").text
    assert desk.send(f"{KEYS}/9999/revocation", fields[:1]).status_code == 404


def test_keys_that_are_soon_over_are_told_of(desk, make, clerk, session):
    make.key(clerk)
    key = session.exec(select(ApiKey)).one()
    assert "Udløber snart" not in desk.get(KEYS).text
    key.expires_at = NOON + timedelta(days=29)
    session.flush()

    assert "Udløber snart" in desk.get(KEYS).text
    tile = desk.get("/administration").text.split("API-nøgler</a></h2>")[1][:120]
    assert '<strong class="tile-n">1</strong>' in tile


def test_keys_come_in_pages(desk, make, clerk):
    for _ in range(53):
        make.key(clerk)

    page = desk.get(KEYS).text
    following = page.split(">Vis flere<")[0].rpartition('href="')[2].split('"')[0]

    assert page.count("/revocation") == 50
    assert desk.get(following).text.count("/revocation") == 3


def test_only_administrators_keep_keys(make, desk_of, clerk):
    for role in (Role.SECRETARIAT, Role.AUDITOR, None):
        desk = desk_of(make.person(role=role))
        desk.get(KEYS, 403)
        assert desk.send(KEYS, [("mail", clerk.mail), ("press", "1")]).status_code == 403
        assert desk.send(f"{KEYS}/1/revocation", []).status_code == 403


def test_what_was_typed_for_a_key_is_kept_through_signing_in_again(
    desk, desk_of, administrator, session
):
    fields = filled(desk, mail="", label="Skrevet før")
    for row in session.exec(select(WebSession)):
        row.ended_at, row.ended_by = NOON, "signed_out"
    session.flush()

    assert desk.send(KEYS, fields).status_code == 401
    kept = form_in(desk_of(administrator).get(f"{KEYS}?kept=1").text, KEYS)

    assert dict(kept.fields)["label"] == "Skrevet før"
