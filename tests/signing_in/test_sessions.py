"""Browsers that are signed in: new at every sign-in, seen by their owner, and ended at once."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.people.models import WebSession
from app.people.signed_in import Role
from tests.conftest import NOON

PEOPLE = "/api/v1/people"


@pytest.fixture
def person(make):
    return make.person(name="Ida", mail="ida@lindborg.example")


def events(session):
    found = session.exec(select(Event).where(Event.type.startswith("session.")).order_by(Event.id))
    return [(event.type, event.data.get("ending")) for event in found]


def test_the_cookie_is_random_only_its_hash_is_kept_and_no_script_sees_it(browser, session, person):
    answer = browser.sign_in(person)

    header = answer.headers["Set-Cookie"].lower()
    assert "httponly" in header
    assert "samesite=lax" in header
    assert "path=/" in header
    assert "domain" not in header
    assert "max-age" not in header
    assert len(browser.cookie) == 43
    (row,) = session.exec(select(WebSession)).all()
    assert re.fullmatch("[0-9a-f]{64}", row.hash)
    assert browser.cookie not in repr(row)


def test_on_https_the_cookie_is_bound_to_the_host(browser, settled, person):
    settled(public_url="https://gavebordet.lindborg.example")
    browser.sent("/sign-in/links", mail=person.mail, headers=AT_HOME)
    token = re.search(r"token=([\w-]+)", browser.mails()[0].get_content())[1]
    answer = browser.sent("/sign-in/link", token=token, headers=AT_HOME)

    header = answer.headers["Set-Cookie"]
    assert header.startswith("__Host-gavebord=")
    assert "Secure" in header
    assert "https://gavebordet.lindborg.example/sign-in/link" in browser.mails()[0].get_content()


AT_HOME = {"Origin": "https://gavebordet.lindborg.example"}


def test_signing_in_again_gives_a_new_cookie_and_ends_the_old_session(browser, session, person):
    browser.sign_in(person)
    before = browser.cookie
    browser.sign_in(person)

    assert browser.cookie != before
    browser.client.cookies.clear()
    browser.client.cookies.set("gavebord", before)
    assert not browser.is_signed_in()
    assert events(session) == [
        ("session.begun", None),
        ("session.ended", "signed_in_again"),
        ("session.begun", None),
    ]


@pytest.mark.parametrize("cookie", ["", "x", "a" * 4000, "Bearer gvb_x", "%00", "..", "null"])
def test_a_cookie_that_was_tampered_with_is_none(browser, person, cookie):
    browser.sign_in(person)
    browser.client.cookies.clear()

    answer = browser.get("/me/sessions", headers={"Cookie": f"gavebord={cookie}"})
    assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in")


def test_who_does_nothing_for_long_is_signed_out_and_who_works_is_not(browser, app, person):
    browser.sign_in(person)
    for hours in (11, 22, 33):
        app.state.now = NOON + timedelta(hours=hours)
        assert browser.is_signed_in()
    app.state.now = NOON + timedelta(hours=45)
    assert not browser.is_signed_in()


def test_nobody_stays_signed_in_for_ever(browser, app, person):
    browser.sign_in(person)
    for hours in range(11, 7 * 24, 11):
        app.state.now = NOON + timedelta(hours=hours)
        assert browser.is_signed_in()
    app.state.now = NOON + timedelta(days=7)
    assert not browser.is_signed_in()


def test_signing_out_ends_it_and_twice_is_once(browser, session, person):
    browser.sign_in(person)
    cookie = browser.cookie

    for _ in range(2):
        answer = browser.sent("/sign-out")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/signed-out")
    assert browser.cookie is None
    browser.client.cookies.set("gavebord", cookie)
    assert not browser.is_signed_in()
    assert events(session)[-1] == ("session.ended", "signed_out")


def test_all_my_browsers_are_listed_and_one_can_be_ended(browser, new_browser, person):
    phone = new_browser()
    phone.client.headers["User-Agent"] = "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1"
    browser.sign_in(person)
    phone.sign_in(person)

    page = browser.get("/me/sessions").text
    assert "Safari, iPhone" in page
    assert page.count("(denne)") == 1
    ids = re.findall(r'name="session_id" value="(\d+)"', page)
    assert len(ids) == 2
    assert browser.sent("/me/sessions/ending", session_id=ids[0]).status_code == 303
    assert not phone.is_signed_in()
    assert browser.is_signed_in()


def test_signing_out_everywhere_is_everywhere(browser, new_browser, person):
    phone = new_browser()
    browser.sign_in(person)
    phone.sign_in(person)

    assert browser.sent("/me/sessions/ending", session_id="all").status_code == 303
    assert not phone.is_signed_in()
    assert not browser.is_signed_in()


@pytest.mark.parametrize("wanted", ["", "7; DROP", "-1", "9" * 30, "¹"])
def test_nobody_ends_what_is_not_theirs(browser, new_browser, make, session, person, wanted):
    other = new_browser()
    other.sign_in(make.person(mail="bo@lindborg.example"))
    (theirs,) = session.exec(select(WebSession.id)).all()
    browser.sign_in(person)

    for session_id in (wanted, str(theirs)):
        assert browser.sent("/me/sessions/ending", session_id=session_id).status_code == 404
    assert other.is_signed_in()


def test_who_leaves_is_out_at_the_next_click(browser, signed_in, make, session, person):
    browser.sign_in(person)
    assert browser.is_signed_in()

    departure = f"{PEOPLE}/{person.id}/departure"
    left = signed_in(make.secretary()).post(departure, headers={"If-Match": "*"})

    assert left.status_code == 200
    assert not browser.is_signed_in()
    assert events(session)[-1] == ("session.ended", "left")


def test_who_loses_a_role_signs_in_again_and_who_gets_one_does_not(
    browser, signed_in, make, person
):
    administrator = signed_in(make.administrator())

    def give(*roles):
        path, body = f"{PEOPLE}/{person.id}/roles", {"roles": roles}
        assert administrator.put(path, json=body, headers={"If-Match": "*"}).status_code == 200

    browser.sign_in(person)
    give(Role.SECRETARIAT)
    assert browser.is_signed_in()
    give()
    assert not browser.is_signed_in()


def test_an_administrator_sees_and_ends_the_sessions_of_others(browser, signed_in, make, person):
    browser.sign_in(person)
    path = f"{PEOPLE}/{person.id}/sessions"
    administrator = signed_in(make.administrator())

    (shown,) = administrator.get(path).json()["items"]
    assert (shown["way"], shown["used_at"]) == ("link", "2026-03-02T12:00:00Z")
    assert signed_in(make.secretary()).get(path).status_code == 403
    assert signed_in(person).get(path).status_code == 200
    for _ in range(2):
        assert administrator.delete(f"{path}/{shown['id']}").status_code == 204
    assert not browser.is_signed_in()
    assert administrator.get(path).json() == {"items": []}
    assert administrator.delete(f"{PEOPLE}/{person.id + 1}/sessions/7").status_code == 404


def test_everywhere_is_one_request_for_an_administrator(browser, signed_in, make, session, person):
    browser.sign_in(person)
    path = f"{PEOPLE}/{person.id}/sessions"

    assert signed_in(make.administrator()).delete(path).status_code == 204
    assert not browser.is_signed_in()
    assert events(session)[-1] == ("session.ended", "administrator")
