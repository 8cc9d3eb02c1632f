"""The pages on which people look around: the board, the catalogue, units, people and words."""

import pytest

from tests.browser.looks import must_look_right

LANGUAGES_AND_SIZES = [(language, size) for language in ("da", "en") for size in ("wide", "phone")]
LEADER, SECRETARY = "Henrik Dalum", "Karin Solbjerg"


@pytest.mark.parametrize(("language", "size"), LANGUAGES_AND_SIZES)
def test_all_pages_to_look_around_on_can_be_used_by_all(open_window, language, size):
    window = open_window(language=language, size=size)
    suffix = f"{language}-{size}"
    window.sign_in_as(LEADER)
    window.go("/board")
    window.must_say("Tavlen")
    must_look_right(window, f"board-{suffix}")
    window.page.locator(".term summary").first.click()
    must_look_right(window, f"board-explained-{suffix}")
    window.go("/board?column=shelf")
    must_look_right(window, f"board-shelf-{suffix}")


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
