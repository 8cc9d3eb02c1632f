"""Forms that ride on a cookie come from our own pages, or they do nothing."""

import re

import pytest

from app.people.keys import Scope
from app.rest.origin import is_ours, token_of
from tests.signing_in.browser import OURS

HOME = "https://gavebordet.lindborg.example"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"origin": HOME}, True),
        ({"origin": HOME.upper()}, True),
        ({"origin": HOME, "sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "https://andet.lindborg.example", "sec-fetch-site": "same-site"}, False),
        ({"origin": "https://evil.gavebordet.lindborg.example"}, False),
        ({"origin": f"{HOME}:8443"}, False),
        ({"origin": f"{HOME}.evil.example"}, False),
        ({"origin": HOME.replace("https", "http")}, False),
        ({"origin": ""}, False),
        ({"origin": "null"}, False),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": ""}, False),
        ({}, False),
        ({"referer": f"{HOME}/"}, False),
    ],
)
def test_a_browser_says_where_a_form_comes_from(headers, ours):
    assert is_ours("POST", headers, origin=HOME, token=None, secret="s") is ours


def test_a_browser_that_says_nothing_sends_the_token_of_our_pages():
    def sends(token, secret):
        return is_ours("POST", {}, origin=HOME, token=token, secret=secret)

    assert sends(token_of("s"), "s")
    assert not sends(token_of("t"), "s")
    assert not sends("", "s")
    assert not sends("æ", "s")
    assert not sends(token_of("s"), None)
    assert not is_ours(
        "POST", {"origin": "https://evil.example"}, origin=HOME, token=token_of("s"), secret="s"
    )


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_changes_nothing_may_come_from_anywhere(method):
    assert is_ours(method, {"origin": "https://evil.example"}, origin=HOME, token=None, secret=None)


@pytest.fixture
def person(make):
    return make.person(mail="ida@lindborg.example")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://evil.testserver"},
        {"Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
@pytest.mark.parametrize("path", ["/sign-out", "/me/sessions/ending", "/sign-in/link", "/language"])
def test_a_forged_form_does_nothing_and_is_told_so(browser, person, headers, path):
    browser.sign_in(person)

    answer = browser.sent(path, headers=headers, session_id="all")

    assert answer.status_code == 403
    assert "Formularen kom ikke fra Gavebordets egne sider" in answer.text
    assert browser.is_signed_in()


def test_every_form_carries_what_an_old_browser_needs(browser, person):
    browser.sign_in(person)
    page = browser.get("/me/sessions").text
    tokens = set(re.findall(r'name="csrf" value="(\w+)"', page))

    assert tokens == {token_of(browser.cookie)}
    assert browser.cookie not in page
    assert browser.sent("/sign-out", headers={}, csrf=tokens.pop()).status_code == 303
    assert not browser.is_signed_in()


ME = "/api/v1/me"


def test_the_api_knows_who_is_signed_in_with_this_browser(browser, make):
    leader = make.person(mail="ida@lindborg.example")
    browser.sign_in(leader)

    me = browser.get(ME)
    assert (me.status_code, me.json()["name"]) == (200, leader.name)
    browser.sent("/sign-out")
    assert browser.get(ME).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
def test_a_change_through_the_api_that_rides_on_a_cookie_is_ours_or_nothing(
    browser, make, headers, status
):
    leader = make.person(mail="ida@lindborg.example")
    handover = make.handover(unit=make.unit(leader=leader))
    browser.sign_in(leader)

    path = f"/api/v1/handovers/{handover.id}/receipt"
    assert browser.client.post(path, headers=headers).status_code == status
    state = browser.get(f"/api/v1/handovers/{handover.id}").json()["state"]
    assert state == ("acknowledged" if status == 200 else "delivered")


def test_the_token_of_our_pages_goes_for_the_api_too(browser, make):
    leader = make.person(mail="ida@lindborg.example")
    handover = make.handover(unit=make.unit(leader=leader))
    browser.sign_in(leader)

    path = f"/api/v1/handovers/{handover.id}/receipt"
    for token, status in (("x", 403), (token_of(browser.cookie), 200)):
        assert browser.client.post(path, headers={"X-CSRF-Token": token}).status_code == status


def test_a_key_is_no_cookie_and_a_cookie_is_no_key(browser, make):
    person = make.person(mail="ida@lindborg.example")
    key = make.key(person)
    assert browser.get(ME, headers={"Cookie": f"gavebord={key}"}).status_code == 401

    browser.sign_in(person)
    with_cookie = {"Authorization": f"Bearer {browser.cookie}", "Cookie": ""}
    assert browser.get(ME, headers=with_cookie).status_code == 401
    # Where both are sent, the key is what counts: it says what it may do.
    handover = make.handover(unit=make.unit(leader=person))
    path = f"/api/v1/handovers/{handover.id}/receipt"
    read_only = {"Authorization": f"Bearer {make.key(person, Scope.READ)}", **OURS}
    assert browser.client.post(path, headers=read_only).status_code == 403
    assert browser.client.post(path, headers=OURS).status_code == 200
