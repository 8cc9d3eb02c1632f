"""Forms that ride on a cookie come from our own pages, or they do nothing."""

import re

import pytest

from app.rest.origin import is_ours, token_of

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
