"""The pages on which people look around: the board, the catalogue, units, people and words."""

import pytest

from tests.browser.looks import must_look_right, overflow
from tests.browser.window import WAYS

PAGES = {
    "board-shelf": "/board?column=shelf",
    "board-door": "/board?column=door",
    "board-column": "/board?column=in_use",
    "board-empty": "/board?unit_id=1&owner_id=1",
    "catalogue": "/catalogue",
    "catalogue-none": "/catalogue?q=zzz",
    "gift": "/gifts/3",
    "units": "/units",
    "units-found": "/units?q=skole",
    "unit": "/units/7",
    "unit-vacant": "/units/2",
    "person": "/people/9",
    "help": "/help",
    "accessibility": "/accessibility",
}
LEADER, SECRETARY = "Henrik Dalum", "Karin Solbjerg"


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_all_pages_to_look_around_on_can_be_used_by_all(open_window, language, size):
    window = open_window(language=language, size=size)
    suffix = f"{language}-{size}"
    window.sign_in_as(LEADER)
    window.go("/board")
    window.must_say("Tavlen")
    must_look_right(window, f"board-{suffix}")
    window.page.locator(".term summary").first.click()
    must_look_right(window, f"board-explained-{suffix}")
    for name, path in PAGES.items():
        window.go(path)
        must_look_right(window, f"{name}-{suffix}")


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_a_leader_asks_for_a_gift_and_sees_what_was_asked(open_window, language, size):
    """A gift of its own for each, since a unit asks once."""
    window, suffix = open_window(language=language, size=size), f"{language}-{size}"
    window.sign_in_as("Birgit Svanholt")
    gift = WAYS.index((language, size))
    window.go("/catalogue?q=" + ("papir", "kaffe")[gift])
    with window.page.expect_navigation():
        window.page.locator(".offer-h a").first.click()
    with window.refusing(422):
        window.press("Bed om gaven")
    must_look_right(window, f"gift-request-error-{suffix}")
    window.write("Hvad vil I bruge den til?", "Vi har otte familier, der venter på den.")
    window.press("Bed om gaven")
    assert window.page.get_by_text(window.said("I kan følge med her.")).is_visible()
    must_look_right(window, f"gift-request-{suffix}")


def test_the_secretariat_chooses_who_asked(window):
    window.sign_in_as(SECRETARY)
    window.go("/gifts/3")
    window.page.get_by_label(window.said("Hvilken enhed beder om gaven?")).select_option(
        label="Lindeskolen"
    )
    window.press("Vælg")
    assert window.page.get_by_label(window.said("På vegne af")).is_visible()
    must_look_right(window, "gift-on-behalf")


def test_a_word_without_end_fits_the_narrowest_of_screens(open_window):
    window = open_window(viewport={"width": 320, "height": 640})
    window.sign_in_as(LEADER)
    window.go("/units/7")
    window.page.evaluate("document.querySelector('h1').textContent = 'x'.repeat(200)")
    assert overflow(window.page) <= 0


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_everybody_may_read_can_be_used_before_signing_in(open_window, language):
    window = open_window(language=language)
    for path in ("/help", "/accessibility", "/was"):
        window.go(path)
        must_look_right(window, f"{path.strip('/')}-before-{language}")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_board_is_narrowed_where_one_is_and_the_address_says_so(open_window, scripts):
    window = open_window(scripts=scripts)
    window.sign_in_as(LEADER)
    window.go("/board")
    before = window.page.locator(".gift-card").count()
    window.page.get_by_label(window.said("Område")).select_option(label="Voksenenheden")
    if not scripts:
        window.press("Vis")
    window.page.wait_for_url("**/board?unit_id=*")
    window.page.wait_for_function(f"document.querySelectorAll('.gift-card').length < {before}")
    units = window.page.locator(".gift-card-unit").all_inner_texts()
    assert set(units) == {"Voksenenheden"}
    assert "unit_id=" in window.page.locator("[name=back_to]").get_attribute("value")
    narrowed = window.path
    window.press("English")
    window.language = "en"
    window.must_say("Tavlen")
    assert window.path == narrowed
