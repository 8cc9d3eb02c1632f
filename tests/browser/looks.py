"""How a page looks, and whether all can use it: axe-core, its width, and pictures."""

import base64
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.window import SIZES, Window
from tests.node.install import PACKAGES

SHOTS = Path(__file__).parent / "shots"
ARE_KEPT = "GAVEBORD_KEEP_LOOKS" in os.environ
"""Whether there are pictures also of what is right: a fifth of what a look costs."""
WIDTHS = (*(width for width, _ in SIZES.values()), 720, 320)
"""Pixels; the last two of a screen where everything is twice as large, and of a small phone."""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def must_look_right(window: Window, name: str) -> None:
    """Where something is wrong a picture of it is kept in `shots/`; `make looks` keeps them all."""
    wrong = _wrong(window.page)
    if wrong or ARE_KEPT:
        keep_picture(window.page, name)
    assert wrong == {}, wrong


def _wrong(page: Page) -> dict[str, list[str]]:
    """Whatever the language, the page must fit in a window of any width."""
    found = {}
    asked_for = page.viewport_size
    assert asked_for is not None
    for width in (*WIDTHS, asked_for["width"]):
        page.set_viewport_size({**asked_for, "width": width})
        if overflow(page) > 0:
            found[f"{width} pixels wide"] = ["it has to be moved sideways to be read"]
    return found | faults_for_some(page)


def keep_picture(page: Page, name: str) -> None:
    """The whole page, in a larger file than it could be: made in two thirds of the time."""
    SHOTS.mkdir(exist_ok=True)
    debugger = page.context.new_cdp_session(page)
    size = debugger.send("Page.getLayoutMetrics")["cssContentSize"]
    asked = {"captureBeyondViewport": True, "clip": {**size, "scale": 1}, "optimizeForSpeed": True}
    picture = debugger.send("Page.captureScreenshot", asked)["data"]
    debugger.detach()
    (SHOTS / f"{name}.png").write_bytes(base64.b64decode(picture))


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window. What a phone calls its `innerWidth` grows
    with a page that is too wide."""
    root = "document.documentElement"
    wider: int = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
    return wider


def faults_for_some(page: Page) -> dict[str, list[str]]:
    """The rules of accessibility that the page breaks, each with where. The debugger may run code
    in a page that the content policy would not let the page have."""
    debugger = page.context.new_cdp_session(page)

    def answer(expression: str) -> Any:
        said = debugger.send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True},
        )
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    answer(_axe())
    report = json.loads(answer(f"axe.run(document, {json.dumps(_ASKED)}).then({_SHORT})"))
    debugger.detach()
    assert report["tried"] > 10
    broken: dict[str, list[str]] = report["broken"]
    return broken


# Only what is wrong is told of place by place: that is most of what it costs. It may not look into
# a frame that trusts nobody, such as that of a mail, and a mail is looked at by itself.
_ASKED = {"runOnly": _RULES, "resultTypes": ["violations"], "iframes": False}
_SHORT = """(report) => JSON.stringify({
  tried: report.passes.length,
  broken: Object.fromEntries(report.violations.map((rule) =>
    [rule.id, rule.nodes.map((node) => `${node.target}: ${node.failureSummary}`)])),
})"""


@cache
def _axe() -> str:
    return (PACKAGES / "axe-core" / "axe.min.js").read_text("utf-8")
