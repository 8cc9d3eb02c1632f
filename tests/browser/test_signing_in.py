"""People sign in and out in a real browser: in both languages, at a desk and on a phone, and with
scripts switched off."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.looks import must_look_right
from tests.browser.window import WAYS

SECRETARY = "Karin Solbjerg"


def mail_of(name: str) -> str:
    plain = name.lower().translate({ord("å"): "aa", ord("ø"): "oe", ord("æ"): "ae", ord(" "): "."})
    return f"{plain}@lindborg.example"


@pytest.mark.parametrize(
    ("who", "scripts", "language", "size"),
    [
        ("Henrik Dalum", True, "da", "phone"),
        ("Birgit Svanholt", True, "en", "wide"),
        ("Anja Rosendal", False, "da", "wide"),
        ("Maria Lundstrøm", False, "en", "phone"),
    ],
)
def test_somebody_signs_in_by_the_link_in_their_mail(open_window, who, scripts, language, size):
    window = open_window(language=language, size=size, scripts=scripts)
    window.go("/me/sessions")
    window.must_say("Log ind")

    window.write("Din arbejdsmail", mail_of(who))
    window.press("Send mig et link")
    window.must_say("Se i din indbakke")
    window.follow("Der er ingen mailserver her: se mailen")
    with window.page.expect_navigation():
        window.page.locator("article.mail").first.get_by_role("link").click()
    window.must_say("Hej %(name)s", name=who)
    assert session_cookies(window) == []
    window.press("Log ind")

    window.must_say("Mine logins")
    assert window.path == "/me/sessions"
    (cookie,) = session_cookies(window)
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Lax", -1)
    window.press("Log ud")
    window.must_say("Du er logget ud")
    window.go("/me/sessions")
    window.must_say("Log ind")


def session_cookies(window):
    return [one for one in window.context.cookies() if one["name"] == "gavebord"]


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_looks_around_as_one_of_the_demo(open_window, scripts):
    window = open_window(scripts=scripts)
    window.sign_in_as("Henrik Dalum")

    assert window.page.get_by_role("link", name="Henrik Dalum").is_visible()


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_every_page_on_the_way_in_and_out_can_be_used_by_all(open_window, language, size):
    window = open_window(language=language, size=size)
    suffix = f"{language}-{size}"
    window.go("/sign-in")
    must_look_right(window, f"sign-in-{suffix}")
    window.write("Din arbejdsmail", "karin")
    with window.refusing(422):
        window.press("Send mig et link")
    assert window.page.title().startswith(window.said("Fejl: "))
    assert window.page.locator("#mail").input_value() == "karin"
    assert window.page.evaluate("document.activeElement.id") == "mail"
    must_look_right(window, f"sign-in-error-{suffix}")
    window.write("Din arbejdsmail", mail_of("Niels Fjordholt"))
    window.press("Send mig et link")
    must_look_right(window, f"sent-{suffix}")
    window.follow("Der er ingen mailserver her: se mailen")
    must_look_right(window, f"mail-{suffix}")
    with window.page.expect_navigation():
        window.page.locator("article.mail").first.get_by_role("link").click()
    must_look_right(window, f"link-{suffix}")
    window.press("Log ind")
    must_look_right(window, f"home-{suffix}")
    window.follow("Mine logins")
    must_look_right(window, f"sessions-{suffix}")
    window.press("Log ud")
    must_look_right(window, f"signed-out-{suffix}")


def test_signing_out_everywhere_in_one_browser_ends_the_other(open_window):
    desk, phone = open_window(), open_window(size="phone")
    for window in (desk, phone):
        window.sign_in_as("Else Højmark")

    desk.follow("Mine logins")
    phone.go("/me/sessions")
    assert desk.page.get_by_text(desk.said("(denne)")).count() == 1
    desk.press("Log ud overalt")
    desk.must_say("Du er logget ud")
    phone.page.reload()
    phone.must_say("Log ind")
    assert phone.path == f"/sign-in?back_to={quote('/me/sessions', safe='')}"


def test_one_of_my_browsers_is_signed_out_from_another(open_window):
    desk, phone = open_window(), open_window(size="phone")
    desk.sign_in_as("Niels Fjordholt")
    desk.follow("Mine logins")
    before = desk.page.locator(".sessions form").count()
    phone.sign_in_as("Niels Fjordholt")
    desk.page.reload()
    assert desk.page.locator(".sessions form").count() == before + 1

    theirs = desk.page.locator(".sessions tbody tr").filter(has_not_text=desk.said("(denne)"))
    with desk.page.expect_navigation():
        theirs.first.get_by_role("button").click()
    assert desk.page.locator(".sessions form").count() == before
    phone.go("/")
    phone.must_say("Log ind")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_language_is_changed_where_one_is_and_stays(open_window, scripts):
    window = open_window(scripts=scripts)
    window.go("/sign-in?back_to=/me/sessions")
    window.press("English")
    window.language = "en"
    window.must_say("Log ind")
    assert window.path == "/sign-in?back_to=/me/sessions"
    assert window.page.locator("html").get_attribute("lang") == "en"
    window.sign_in_as(SECRETARY)
    window.press("Dansk")
    window.language = "da"
    window.must_say("Hej %(name)s", name=SECRETARY)


def test_all_of_it_is_done_with_the_keyboard_alone(window):
    keyboard, page = window.page.keyboard, window.page
    window.go("/sign-in")
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skipnav"
    must_be_seen_where_it_is(page)
    keyboard.press("Enter")
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "mail"
    keyboard.type(mail_of(SECRETARY))
    with page.expect_navigation():
        keyboard.press("Enter")
    tab_to(page, window.said("Der er ingen mailserver her: se mailen"))
    tab_to(page, "/sign-in/link")
    tab_to(page, window.said("Log ind"))
    window.must_say("Hej %(name)s", name=SECRETARY)
    tab_to(page, window.said("Mine logins"))
    window.must_say("Mine logins")
    tab_to(page, window.said("Log ud"))
    window.must_say("Du er logget ud")


def tab_to(page, words: str) -> None:
    """Goes on with Tab until what has the focus has the words on it, and presses Enter."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if re.search(re.escape(words), page.evaluate("document.activeElement.innerText || ''")):
            must_be_seen_where_it_is(page)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"there is no way to {words} by keyboard")


def must_be_seen_where_it_is(page) -> None:
    """Whoever sees the page, sees what has the focus."""
    focused = page.locator(":focus")
    expect(focused).to_be_in_viewport()
    outline = focused.evaluate("one => getComputedStyle(one).outline")
    assert " none " not in outline
    assert " 0px" not in outline
