"""Debian's Chromium, steered by Playwright, against the real server on loopback."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from app.changeable import ReceiptBy
from tests.browser.window import Window, opened
from tests.databases import copied_database, the_demo
from tests.processes import free_port
from tests.server import command

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Every name is looked for on loopback, and nowhere else.
    "--host-resolver-rules=MAP * 127.0.0.1",
)
NAME = "gavebordet.lindborg.localhost"
INTRANET_NAME = "gavebordet.lindborg.test"
"""Browsers take `localhost` for safe, and send to it what they do not send to a name like this."""


@dataclass(frozen=True)
class Served:
    """The demo on a port of its own, by either of its names, and where its data lie."""

    port: int
    folder: Path

    @property
    def host(self) -> str:
        return f"http://{NAME}:{self.port}"

    @property
    def on_the_intranet(self) -> str:
        return f"http://{INTRANET_NAME}:{self.port}"


_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first draws pages and nothing around them, which is two thirds of the work of the others."""


def chromium_program() -> str:
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    assert found, (
        "These tests are in a real browser. Please install it first: "
        "apt install chromium-headless-shell"
    )
    return found


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """It keeps an event loop open in this thread: there is one, and it ends with these tests."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    program = chromium_program()
    with playwright.chromium.launch(executable_path=program, args=FLAGS) as browser:
        yield browser


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("demo")
    hosts = f"{NAME},{INTRANET_NAME}"
    chosen = {"GAVEBORD_HOSTS": hosts, "GAVEBORD_RECEIPT_BY": ReceiptBy.MAIL}
    with copied_database("sqlite", folder, the_demo) as settings:
        port = free_port(settings)
        words = ("run", "--demo", "--port", str(port))
        with command(*words, data_dir=folder, **chosen):
            yield Served(port, folder)


@pytest.fixture
def open_window(chromium: Browser, demo: Served) -> Iterator[Callable[..., Window]]:
    """Opens windows that know nothing of each other, and watches over them to the end."""
    with ExitStack() as windows:
        opener = partial(opened, chromium, demo.host)
        yield lambda **options: windows.enter_context(opener(**options))


@pytest.fixture
def window(open_window: Callable[..., Window]) -> Window:
    return open_window()
