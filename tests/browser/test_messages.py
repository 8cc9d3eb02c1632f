"""Beskeder in a browser: from somebody's word to the number in the menu, and until it is read."""

import pytest

from tests.browser.looks import must_look_right
from tests.browser.window import WAYS
from tests.processes import wait_until

LEADER, SECRETARY = "Henrik Dalum", "Karin Solbjerg"


def unread(window) -> int:
    window.go("/notifications")
    found = window.page.locator(".menu .count")
    return int(found.inner_text()) if found.count() else 0


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_what_happens_reaches_the_one_it_concerns_within_moments(open_window, language, size):
    window, suffix = open_window(language=language, size=size), f"{language}-{size}"
    window.sign_in_as(LEADER)
    mine = window.page.locator(".task-h a").first.get_attribute("href")
    if unread(window):
        window.press("Jeg har læst dem alle")
    window.must_say("Beskeder")
    assert unread(window) == 0
    must_look_right(window, f"messages-none-{suffix}")

    other = open_window(language=language, size=size)
    other.sign_in_as(SECRETARY)
    other.go(mine)
    assert other.page.locator("#hears-handover-note_written").get_by_text(LEADER).is_visible()
    other.write("Skriv en bemærkning", "Ring endelig. " + "Langtord" * 25)
    other.press("Gem bemærkningen")
    must_look_right(other, f"messages-will-hear-{suffix}")

    wait_until(lambda: unread(window) == 1)
    must_look_right(window, f"messages-{suffix}")
    with window.page.expect_navigation():
        window.page.locator(".message button").first.click()
    assert unread(window) == 0
    window.go("/notifications?read=1")
    must_look_right(window, f"messages-read-{suffix}")
