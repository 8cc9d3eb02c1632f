"""A leader opens the link, and has answered before half a minute is over: with a thumb, with keys,
and with scripts switched off."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import must_look_right, overflow
from tests.browser.window import WAYS

LEADER = "Henrik Dalum"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False])


def unanswered(window) -> str:
    """The address of a gift that waits for the leader's answer."""
    link = window.page.get_by_role("link", name=window.said("Svar")).first
    return link.get_attribute("href")


def test_four_taps_lead_from_the_link_to_the_receipt(open_window):
    window = open_window(size="phone")
    window.sign_in_as(LEADER)
    window.go(unanswered(window))
    page = window.page

    page.locator(".to-answer a").tap()
    page.get_by_text(window.said("Vi tager imod"), exact=True).tap()
    page.get_by_role("radio", name=window.said("Om %(count)s uger", count="2")).tap()
    with page.expect_navigation():
        page.get_by_role("button", name=window.said("Send svar")).tap()

    receipt = page.locator(".alert-success")
    assert window.said("Tak – gaven er taget imod") in receipt.inner_text()  # noqa: RUF001
    with page.expect_download() as calendar:
        receipt.get_by_role("link").first.tap()
    assert calendar.value.suggested_filename.endswith(".ics")


def test_nine_keys_lead_from_the_link_to_the_receipt(open_window):
    window = open_window()
    window.sign_in_as("Tobias Engmark")
    window.go(unanswered(window))
    keyboard, page = window.page.keyboard, window.page

    for key in ("Tab", "Tab", "Enter", "Tab", "Space", "Tab", "Tab", "ArrowRight"):
        keyboard.press(key)
    with page.expect_navigation():
        keyboard.press("Enter")

    receipt = page.locator(".alert-success")
    assert "Tobias Engmark" in receipt.inner_text()
    assert page.evaluate("document.activeElement.classList.contains('thanks')")


@SCRIPTS
def test_a_no_is_said_in_the_units_own_words(open_window, scripts):
    window = open_window(scripts=scripts, size="phone", language="en" if scripts else "da")
    window.sign_in_as("Jens Oldrup" if scripts else "Inge Marielund")
    window.go(unanswered(window))
    page = window.page

    page.get_by_text(window.said("Nej tak"), exact=True).click()
    with window.refusing(422):
        window.press("Send svar")
    assert page.title().startswith(window.said("Fejl: "))
    page.get_by_label(window.said("Hvad er den vigtigste grund?")).select_option("wrong_time")
    page.get_by_label(window.said("Sig det med jeres egne ord")).fill("Vi flytter i maj.")
    window.press("Send svar")

    assert window.said("Tak for svaret") in page.locator(".alert-success").inner_text()
    assert "Vi flytter i maj." in page.locator(".gift-facts").inner_text()


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_every_state_of_the_page_can_be_used_by_all(open_window, language, size):
    window = open_window(language=language, size=size)
    suffix = f"{language}-{size}"
    window.sign_in_as("Lasse Hedemark")
    must_look_right(window, f"queue-{suffix}")
    window.go("/handovers/1")
    must_look_right(window, f"handover-{suffix}")
    window.press("Log ud")

    window.sign_in_as("Karin Solbjerg")
    must_look_right(window, f"queue-secretariat-{suffix}")
    waiting = next(
        number for number in range(1, 50) if asks_for_an_answer(window, f"/handovers/{number}")
    )
    must_look_right(window, f"handover-unanswered-{suffix}")
    with window.refusing(422, 403):
        window.press("Send svar")
    must_look_right(window, f"handover-refused-{suffix}")
    window.go(f"/handovers/{waiting}")
    for panel in window.page.locator("details.panel").all():
        panel.evaluate("panel => { panel.open = true }")
    must_look_right(window, f"handover-open-{suffix}")


def asks_for_an_answer(window, path: str) -> bool:
    window.go(path)
    return window.page.locator("#answer").count() > 0


def test_it_can_be_read_on_paper_and_in_ones_own_colours(open_window):
    window = open_window()
    window.sign_in_as(LEADER)
    page = window.page
    for path in ("/", "/handovers/1"):
        window.go(path)
        for media in (
            {"media": "print"},
            {"forced_colors": "active"},
            {"reduced_motion": "reduce"},
        ):
            page.emulate_media(**media)
            assert page.get_by_role("heading", level=1).is_visible()
            assert overflow(page) <= 0, (path, media)
        page.emulate_media(media="screen", forced_colors="none", reduced_motion="no-preference")


def test_the_first_visit_is_no_burden_on_a_phone(open_window):
    window = open_window(size="phone")
    taken = []
    debugger = window.context.new_cdp_session(window.page)
    debugger.send("Network.enable")
    debugger.on("Network.loadingFinished", lambda told: taken.append(told["encodedDataLength"]))

    window.sign_in_as(LEADER)
    window.go(unanswered(window))
    window.page.wait_for_load_state("networkidle")

    assert 50_000 < sum(taken) < 200_000, sum(taken)


def test_those_who_will_hear_turn_up_while_their_units_are_chosen(open_window):
    window = open_window()
    window.sign_in_as("Karin Solbjerg")
    window.go("/handovers/42?done=change")
    panel = window.page.locator("#ripple")
    panel.locator("summary").first.click()
    heard = panel.locator(".will-hear")
    expect(heard).to_contain_text("lederne af de enheder, du vælger")
    panel.get_by_label("Det berører enhederne herunder").check()
    panel.get_by_label("Enhed 1").fill("Genoptræningen")
    panel.get_by_label("Enhed 2").fill("Visitationen")
    panel.get_by_label("Enhed 3").focus()
    expect(heard).to_contain_text("Helle Stenbro (svarer for en berørt enhed), Claus Ravnsbæk")
    expect(panel.get_by_label("Enhed 3")).to_be_focused()
    panel.get_by_label("Det berører ingen andre").check()
    expect(heard).to_contain_text("Ingen andre får besked.")
