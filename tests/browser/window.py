"""A window of Chromium, in which nothing may go wrong unseen.

Whatever the browser complains of while a test is in it fails the test: an error in the console,
which a violation of the content policy is too, an error on the page, a file that was not to be had.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from app.errors import Message
from app.i18n import Locale, translate

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
WAYS = [("da", "wide"), ("en", "phone")]
"""Each language and each size. A page is loaded so often; whether it fits at every width is looked
at in each (tests/browser/looks.py)."""
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


@dataclass
class Window:
    """`host` is where Gavebordet is. The refusals that a test asks for are no complaints, nor is
    what begins with something `known`."""

    context: BrowserContext
    page: Page
    host: str
    language: Locale
    size: str = "wide"
    complaints: list[str] = field(default_factory=list)
    asked_for: set[int] = field(default_factory=set)
    known: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error on the page: {error}"))
        page.on("requestfailed", self._missed)

    def go(self, path: str, *, status: int = 200) -> Response:
        """The answer, which has the status."""
        with self.refusing(status):
            response = self.page.goto(self.host + path)
        assert response is not None
        assert response.status == status, path
        return response

    @contextmanager
    def refusing(self, *statuses: int) -> Iterator[None]:
        """What is done in here may be refused with these."""
        self.asked_for |= set(statuses)
        yield

    def said(self, danish: str, **values: str) -> str:
        """What stands on the page in the window's language."""
        return translate(Message(danish, **values), self.language)

    def press(self, danish: str) -> None:
        """The first button with the words on it; until the page is there that it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=self.said(danish)).first.click()

    def follow(self, danish: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=self.said(danish)).first.click()

    def write(self, danish: str, text: str) -> None:
        self.page.get_by_label(self.said(danish)).fill(text)

    def sign_in_as(self, name: str) -> None:
        """As somebody of the demo."""
        self.go("/sign-in")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()
        self.must_say("Hej %(name)s", name=name)

    def must_say(self, danish: str, **values: str) -> None:
        """As its heading."""
        assert self.heading == self.said(danish, **values)

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.host)

    def unasked(self) -> list[str]:
        """What was complained of without having been asked for."""
        return [complaint for complaint in self.complaints if not self._was_asked_for(complaint)]

    def _was_asked_for(self, complaint: str) -> bool:
        if complaint.startswith(tuple(self.known)):
            return True
        refused = _STATUS.match(complaint)
        return refused is not None and int(refused[1]) in self.asked_for

    def _missed(self, request: Request) -> None:
        """What was still on its way when the page was left is given up by the browser itself."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"not had: {request.url}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@contextmanager
def opened(
    browser: Browser,
    host: str,
    *,
    size: str = "wide",
    language: Locale = "da",
    scripts: bool = True,
    **more: Any,
) -> Iterator[Window]:
    """A window with cookies of its own. What a browser asks for is no choice of a language, so
    English is chosen as people choose it: by the cookie of the button."""
    width, height = SIZES[size]
    options = {
        "viewport": {"width": width, "height": height},
        "locale": "da-DK",
        "java_script_enabled": scripts,
        "is_mobile": size == "phone",
        "has_touch": size == "phone",
        **more,
    }
    with browser.new_context(**options) as context:
        context.set_default_timeout(60_000)
        if language == "en":
            context.add_cookies([{"name": "gavebord_language", "value": "en", "url": host}])
        window = Window(context, context.new_page(), host, language, size)
        window.watch(window.page)
        yield window
        found = window.unasked()
        assert not found, found
