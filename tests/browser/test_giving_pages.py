"""A secretary who has read no manual registers a network, and gives its gift to three units."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import must_look_right
from tests.browser.test_signing_in import SECRETARY
from tests.browser.window import WAYS

UNITS = ("Klub og SSP", "Genoptræningen", "Visitationen")
LONG = "Selvbestemmelsesretsforkæmperne" * 5


def fill(window, **fields):
    for name, text in fields.items():
        window.page.locator(f"main [name={name}]").first.fill(text)


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_a_secretary_registers_a_network_with_a_gift_and_gives_it_to_three(
    open_window, language, size
):
    window = open_window(language=language, size=size)
    page, suffix = window.page, f"{language}-{size}"
    window.sign_in_as(SECRETARY)
    window.go("/networks")
    must_look_right(window, f"networks-{suffix}")
    window.go("/networks?q=intet-sted")
    must_look_right(window, f"networks-none-{suffix}")
    window.go("/networks/1")
    must_look_right(window, f"network-{suffix}")
    window.go("/networks/1/edit")
    must_look_right(window, f"network-edit-{suffix}")

    window.go("/networks")
    window.follow("Opret et netværk")
    with window.refusing(422):
        window.press("Opret netværket")
    assert page.title().startswith(window.said("Fejl: "))
    must_look_right(window, f"network-new-error-{suffix}")
    fill(window, name=f"{LONG} {suffix}", question="Hvordan hænger det sammen?")
    page.locator("[name=leader_id_words]").press_sequentially("signe aas")
    expect(page.get_by_label("Signe Aaskov")).to_be_checked()
    must_look_right(window, f"network-new-{suffix}")
    window.press("Opret netværket")
    window.must_say(f"{LONG} {suffix}")
    must_look_right(window, f"network-registered-{suffix}")

    window.follow("Opret en gave")
    fill(window, title="Mødet", citizen_value="Borgeren møder ét menneske.")
    must_look_right(window, f"gift-new-{suffix}")
    window.press("Opret gaven")
    must_look_right(window, f"gift-missing-{suffix}")
    fill(window, target_group="Dem, det handler om.")
    page.locator(".missing-list a").first.click()
    assert page.evaluate("document.activeElement.name") == "summary"
    assert page.locator("[name=target_group]").input_value() == "Dem, det handler om."
    for name in ("summary", "ask", "target_group", "success_criterion", "baseline"):
        fill(window, **{name: f"Det er {name}."})
    fill(window, how_to_continue="Ring.")
    window.press("Gem gaven")
    assert page.locator(".missing-list").count() == 0
    send_a_file(window)
    must_look_right(window, f"gift-complete-{suffix}")

    window.follow("Overræk gaven")
    must_look_right(window, f"deliver-{suffix}")
    with window.refusing(422):
        window.press("Se det igennem")
    must_look_right(window, f"deliver-error-{suffix}")
    for unit in UNITS:
        page.locator("[data-filter]").fill(unit.lower())
        page.get_by_label(unit).check()
    expect(page.locator(".unit-tree > li:visible")).to_have_count(3)
    window.press("Se det igennem")
    window.must_say("Disse får besked")
    must_look_right(window, f"check-{suffix}")
    window.press("Overræk gaven")
    window.must_say("Gaven er overrakt")
    assert page.locator(".receipt-list > li").count() == 3
    must_look_right(window, f"receipt-{suffix}")


def send_a_file(window):
    """It is seen how far it has come, and the page that answers is the page one is on."""
    page = window.page
    file = {"name": "stor.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" * 100_000}
    page.locator("input[type=file]").set_input_files(file)
    page.evaluate(
        """() => {
          const shown = (window.__shown = []);
          const bar = document.querySelector(".upload-state progress");
          new MutationObserver(() => shown.push(bar.value)).observe(bar, {attributes: true});
        }"""
    )
    page.get_by_role("button", name=window.said("Læg filen ved")).click()
    expect(page.get_by_role("link", name="stor.pdf")).to_be_visible()
    assert page.evaluate("window.__shown").pop() == 100
    assert re.search(r"/gifts/\d+/edit\?done=changed$", page.url)


def test_a_file_that_is_too_large_or_refused_is_told_of_where_one_is(open_window):
    window = open_window()
    page = window.page
    window.sign_in_as(SECRETARY)
    window.go("/gifts/1/edit")
    wrong = {"name": "billede.png", "mimeType": "image/png", "buffer": b"%PDF-1.7"}
    page.locator("input[type=file]").set_input_files(wrong)
    with window.refusing(422):
        page.get_by_role("button", name="Læg filen ved").click()
        expect(page.locator(".form-error-message")).to_contain_text("indholdet er noget andet")
    must_look_right(window, "upload-refused")

    page.evaluate("document.querySelector('form[data-upload]').dataset.most = 3")
    page.locator("input[type=file]").set_input_files(wrong)
    page.get_by_role("button", name="Læg filen ved").click()
    expect(page.locator(".upload-said")).to_have_text("Filen er for stor: højst 25 MB.")


def test_all_of_it_works_without_scripts(open_window):
    window = open_window(scripts=False)
    page = window.page
    window.sign_in_as(SECRETARY)
    window.go("/networks/new")
    fill(window, name="Uden scripts", question="Går det?", leader_id_words="Signe Aaskov")
    window.press("Opret netværket")
    window.must_say("Uden scripts")
    window.follow("Opret en gave")
    fill(window, title="Mødet")
    window.press("Opret gaven")
    file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"Velkommen"}
    page.locator("input[type=file]").set_input_files(file)
    window.press("Læg filen ved")
    assert page.get_by_role("link", name="a.txt").is_visible()
    window.follow("Overræk gaven")
    page.locator("[data-filter]").fill("genopt")
    window.press("Find")
    page.get_by_label("Genoptræningen").check()
    page.locator("[data-filter]").fill("klub")
    window.press("Find")
    page.get_by_label("Klub og SSP").check()
    window.press("Se det igennem")
    window.press("Gem som kladder")
    window.must_say("Kladderne er gemt")
    assert page.locator(".receipt-list > li").count() == 2
