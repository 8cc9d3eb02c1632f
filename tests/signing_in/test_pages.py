"""What browsers are told with every page, in which language, and by whose name."""

import pytest

from app.main import PAGES
from app.rest.limits import LARGEST_FORM
from tests.conftest import client_of
from tests.signing_in.browser import OURS

PATHS = sorted(
    route.path for router in PAGES for route in router.routes if "GET" in (route.methods or ())
)


@pytest.mark.parametrize("path", [*PATHS, "/no-such-page"])
def test_every_page_trusts_only_itself_is_never_kept_and_is_framed_by_nobody(browser, path):
    headers = browser.get(path, headers={"Accept": "text/html"}).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    if "Location" in headers:
        return
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    frames = "'self'" if path == "/development/mail" else None
    assert policy.pop("frame-src", None) == frames
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", PATHS)
def test_what_only_asks_whether_a_page_is_there_hears_what_getting_it_would(browser, path):
    asked, got = browser.client.head(path, follow_redirects=False), browser.get(path)

    assert asked.status_code == got.status_code
    assert asked.headers.get("Location") == got.headers.get("Location")


def test_on_https_browsers_are_told_to_stay_there(browser, settled):
    settled(public_url="https://gavebordet.lindborg.example")

    for path in ("/sign-in", "/me/sessions", "/sign-in/link", "/no-such-page"):
        answer = browser.get(path, headers={"Accept": "text/html"})
        header = answer.headers["Strict-Transport-Security"]
        assert int(header.split("=")[1].split(";")[0]) >= 31_536_000


def test_pages_are_danish_until_english_is_chosen(browser):
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    assert "<h1>Log ind</h1>" in browser.get("/sign-in", headers=english).text

    chosen = browser.sent("/language", language="en", back_to="/sign-in")
    assert chosen.headers["Location"] == "/sign-in"
    page = browser.get("/sign-in")
    assert "<h1>Sign in</h1>" in page.text
    assert '<html lang="en">' in page.text
    assert page.headers["Content-Language"] == "en"
    browser.sent("/language", language="da")
    assert "<h1>Log ind</h1>" in browser.get("/sign-in").text


@pytest.mark.parametrize("path", ["/no-such-page", "/handovers/7/no-such"])
def test_people_are_told_of_errors_on_a_page_and_machines_as_json(browser, path):
    page = browser.get(path, headers={"Accept": "text/html,*/*"})
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "Adressen findes ikke" in page.text
    for asked in ("*/*", "application/json"):
        told = browser.get(path, headers={"Accept": asked})
        assert (told.status_code, told.headers["Content-Type"]) == (404, "application/problem+json")
    in_api = browser.get("/api/v1/no-such", headers={"Accept": "text/html"})
    assert in_api.headers["Content-Type"] == "application/problem+json"


def test_an_error_is_told_in_the_language_that_was_chosen_not_in_that_of_the_browser(browser):
    asked = {"Accept": "text/html", "Accept-Language": "en"}
    assert "<h1>Adressen findes ikke</h1>" in browser.get("/no-such-page", headers=asked).text

    browser.sent("/language", language="en")
    asked = {"Accept": "text/html", "Accept-Language": "da"}
    assert "<h1>There is no such address</h1>" in browser.get("/no-such-page", headers=asked).text


def test_what_goes_wrong_for_somebody_is_told_in_the_language_that_is_theirs(browser, make):
    english = make.person(mail="liv@lindborg.example")
    english.locale = "en"
    browser.sign_in(english)

    answer = browser.sent("/sign-in/demo", person_id="1")

    assert answer.status_code == 404
    assert '<html lang="en">' in answer.text


def test_a_wrong_method_says_which_are_right(browser):
    refused = browser.sent("/signed-out", headers={"Accept": "text/html"})

    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")


def test_names_with_markup_in_them_are_only_names(browser, make):
    person = make.person(name="<script>alert(1)</script>", mail="x@lindborg.example")
    browser.sign_in(person)

    page = browser.get("/").text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_demo_lets_one_look_around_as_its_people_and_nothing_else_does(browser, settled, make):
    secretary, gone = make.secretary(), make.person(left_at=make.now)
    assert "se det som" not in browser.get("/sign-in").text
    assert browser.sent("/sign-in/demo", person_id=secretary.id).status_code == 404

    settled(demo_sign_in=True)
    assert "se det som" in browser.get("/sign-in").text
    for nobody in (gone.id, gone.id + 7, "", "x", "9" * 30):
        assert browser.sent("/sign-in/demo", person_id=nobody).status_code == 404
    assert browser.sent("/sign-in/demo", person_id=secretary.id).status_code == 303
    assert secretary.name in browser.get("/").text

    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        through_a_proxy = {**OURS, header: "10.0.0.7"}
        sent = browser.sent("/sign-in/demo", headers=through_a_proxy, person_id=secretary.id)
        assert sent.status_code == 404
    settled(mode="production")
    assert browser.sent("/sign-in/demo", person_id=secretary.id).status_code == 404


def test_signed_in_one_has_no_business_on_the_way_in(browser, make):
    browser.sign_in(make.person(mail="ida@lindborg.example"))

    answer = browser.get("/sign-in?back_to=/me/sessions")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/sessions")


def test_an_api_key_opens_no_page(app, settled, make):
    key = {"Authorization": f"Bearer {make.key(make.secretary())}"}

    answer = client_of(app, key).get("/me/sessions", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in")


def test_a_form_of_very_many_fields_or_very_much_is_refused(browser):
    many = {f"field{number}": "x" for number in range(1001)}
    assert browser.sent("/language", **many).status_code == 400
    assert browser.sent("/language", language="x" * LARGEST_FORM).status_code == 413


def test_a_form_from_elsewhere_is_refused_before_it_is_read(browser):
    forged = {"Origin": "https://evil.example"}
    many = {f"field{number}": "x" for number in range(1001)}
    assert browser.sent("/language", headers=forged, **many).status_code == 403


@pytest.mark.parametrize("imitated", ["\xa0gavebord", "gavebord\x85", "GAVEBORD", "xgavebord"])
def test_a_cookie_of_almost_the_name_is_another_one(browser, make, imitated):
    browser.sign_in(make.person(mail="ida@lindborg.example"))
    secret = browser.cookie
    browser.client.cookies.clear()

    sent = {"Cookie": f"{imitated}={secret}".encode("latin-1")}
    assert browser.get("/me/sessions", headers=sent).status_code == 303
    first = {"Cookie": f"a=b; gavebord={secret}; gavebord=other"}
    assert browser.get("/me/sessions", headers=first).status_code == 200
