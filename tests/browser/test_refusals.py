"""What people meet when something cannot be done: a page that says so, in their language, and the
way on."""

import pytest

from tests.browser.looks import must_look_right
from tests.browser.window import WAYS


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_every_refusal_is_a_page_that_all_can_use(open_window, demo, language, size):
    window = open_window(language=language, size=size)
    suffix = f"{language}-{size}"

    window.go("/no-such-page", status=404)
    window.must_say("Adressen findes ikke")
    must_look_right(window, f"404-{suffix}")
    window.go("/sign-in/link?token=nobodys", status=410)
    window.must_say("Linket virker ikke længere")
    must_look_right(window, f"410-{suffix}")
    window.follow("Log ind")
    with window.refusing(429):
        _ask_until_it_is_too_often(window, f"nobody-{suffix}@lindborg.example")
    window.must_say("For mange forsøg")
    must_look_right(window, f"429-{suffix}")


def _ask_until_it_is_too_often(window, mail):
    """Five times; but ten where a quarter of an hour begins meanwhile."""
    for _ in range(11):
        window.write("Din arbejdsmail", mail)
        window.press("Send mig et link")
        if window.heading == window.said("For mange forsøg"):
            return
        window.follow("Prøv igen")


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_what_is_sent_after_signing_out_elsewhere_is_not_done(open_window, language, size):
    window, other = open_window(language=language, size=size), open_window()
    window.sign_in_as("Else Højmark")
    window.follow("Mine logins")
    other.sign_in_as("Else Højmark")
    other.follow("Mine logins")
    other.press("Log ud overalt")

    with window.refusing(401):
        window.press("Log ud overalt")
    must_look_right(window, f"401-{language}-{size}")
    window.follow("Log ind")
    window.must_say("Log ind")


def test_by_another_name_it_is_not_to_be_found(open_window, demo):
    window = open_window()

    window.host = f"http://127.0.0.1:{demo.port}"
    with window.refusing(421):
        answer = window.go("/sign-in", status=421)
    window.must_say("Gavebordet har en anden adresse")
    must_look_right(window, "421")
    assert "Set-Cookie" not in answer.headers


def test_nothing_is_lost_in_ones_own_colours(open_window):
    window = open_window(forced_colors="active")
    window.go("/sign-in")
    must_look_right(window, "forced-sign-in")
    window.sign_in_as("Karin Solbjerg")
    for name, path, status in (
        ("sessions", "/me/sessions", 200),
        ("404", "/no-such-page", 404),
        ("mail", "/development/mail", 200),
    ):
        window.go(path, status=status)
        must_look_right(window, f"forced-{name}")


def test_what_goes_wrong_in_a_window_is_seen(open_window):
    window = open_window()
    window.page.route("**/wrong", lambda route: route.fulfill(body=_WRONG, headers=_HEADERS))

    window.go("/wrong")
    found = " ".join(window.unasked())
    assert "Content Security Policy" in found
    assert "status of 404" in found
    assert "error on the page: told so" in found
    window.complaints.clear()


_HEADERS = {
    "Content-Type": "text/html",
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'",
}
_WRONG = """<!doctype html><title>x</title><p style="color: red">x</p>
<img alt="" src="/no-such-file">
<script>throw new Error("told so")</script>"""
