"""The pictures in the guides: `make pictures` takes them, and each is one that a guide shows."""

import re
from pathlib import Path

from tests.browser.looks import SHOTS
from tests.browser.test_answering import unanswered

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "billeder"
MOST_OCTETS = 250_000


def take(window, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    window.page.screenshot(path=SHOTS / f"guide-{name}.png")


def test_the_leaders_guide_shows_what_a_leader_sees(open_window):
    window = open_window(size="phone")
    window.sign_in_as("Poul Gammelby")
    take(window, "leder-koe")
    window.go(unanswered(window))
    page = window.page
    page.locator(".to-answer a").tap()
    page.get_by_text(window.said("Vi tager imod"), exact=True).tap()
    take(window, "leder-svar")
    with page.expect_navigation():
        page.get_by_role("button", name=window.said("Send svar")).tap()
    page.wait_for_load_state("networkidle")
    take(window, "leder-kvittering")


def test_every_picture_is_shown_in_a_guide_and_small():
    shown = {
        name
        for guide in DOCS.glob("vejledning-*.md")
        for name in re.findall(r"\(billeder/([\w-]+\.png)\)", guide.read_text("utf-8"))
    }
    assert shown
    assert {picture.name for picture in PICTURES.glob("*.png")} == shown
    assert {one.name for one in PICTURES.glob("*.png") if one.stat().st_size > MOST_OCTETS} == set()
