"""Signing in at the municipality's own identity provider, and being shut out by its directory."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser

from app import clock
from app.db import Database
from app.migrating import migrate
from app.people.keys import Scope
from app.people.signed_in import Role
from app.settings import Settings
from tests.browser.window import Window, opened
from tests.make import Make
from tests.processes import START_WITHIN, free_port
from tests.provider.process import RealProvider, provider
from tests.server import command

SIGNE = {"name": "Signe Aaskov", "email": "signe@lindborg.example", "email_verified": True}
BO = {"name": "Bo Kirkeby", "email": "bo@lindborg.example", "email_verified": True}


@dataclass(frozen=True)
class Municipality:
    """Gavebordet with a provider beside it, and the key that the directory has."""

    address: str
    directory_key: str
    provider: RealProvider

    def directory(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.directory_key}"}
        url = f"{self.address}/scim/v2{path}"
        return httpx.request(method, url, json=body, headers=headers, timeout=START_WITHIN)

    def deactivate(self, user_name: str) -> None:
        asked = self.directory("GET", f'{_PEOPLE}?filter=userName eq "{user_name}"')
        (user,) = asked.json()["Resources"]
        away = {"op": "Replace", "path": "active", "value": "False"}
        patch = {"schemas": [_PATCH], "Operations": [away]}
        changed = self.directory("PATCH", f"{_PEOPLE}/{user['id']}", patch)
        assert changed.status_code == 200, changed.text


_PEOPLE = "/Users"
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@contextmanager
def _running(settings: Settings) -> Iterator[Municipality]:
    database = Database(settings)
    migrate(database)
    with database.writing() as session:
        make = Make(session, now=clock.now())
        for account in (SIGNE, BO):
            make.person(name=account["name"], mail=account["email"])
        key = make.key(make.person(name="Kataloget", role=Role.ADMINISTRATOR), Scope.SCIM)
    database.close()
    port = free_port(settings)
    home = f"http://127.0.0.1:{port}"
    with provider(
        redirect_uris=[f"{home}/sign-in/callback"],
        post_logout_redirect_uris=[f"{home}/signed-out"],
        logout_uri=f"{home}/sign-in/back-channel",
        accounts={
            "signe": SIGNE,
            "bo": BO,
            "fremmed": {**SIGNE, "email": "fremmed@lindborg.example"},
        },
    ) as real:
        told = {
            "GAVEBORD_OIDC_ISSUER": real.issuer,
            "GAVEBORD_OIDC_CLIENT_ID": real.client_id,
            "GAVEBORD_OIDC_CLIENT_SECRET": real.client_secret,
        }
        with command("serve", "--port", str(port), data_dir=settings.data_dir, **told):
            yield Municipality(home, key, real)


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Municipality]:
    folder = tmp_path_factory.mktemp("municipality")
    with _running(Settings(data_dir=folder, _env_file=None)) as running:
        yield running


@pytest.fixture
def window(chromium: Browser, municipality: Municipality) -> Iterator[Window]:
    with opened(chromium, municipality.address) as window:
        # The provider's own page would fetch a font from elsewhere, and has no icon.
        window.context.route("https://fonts.googleapis.com/**", lambda route: route.fulfill())
        with window.refusing(404):
            yield window


def go_in(window: Window, municipality: Municipality, account: str) -> None:
    """By the button, and by what the provider asks for."""
    window.go("/me/sessions")
    window.press("Log ind med din arbejdskonto")
    assert window.page.url.startswith(municipality.provider.issuer)
    window.page.fill("input[name=login]", account)
    window.page.fill("input[name=password]", "hvad som helst")
    with window.page.expect_navigation(url=f"{municipality.address}/**"):
        window.page.click("button[type=submit]")


def test_one_signs_in_at_the_provider_is_deactivated_by_the_directory_and_is_out_at_the_next_click(
    window, municipality
):
    go_in(window, municipality, "signe")
    assert window.page.url == f"{municipality.address}/me/sessions"
    window.must_say("Mine logins")

    municipality.deactivate("signe@lindborg.example")
    window.go("/me/sessions")
    window.must_say("Log ind")
    assert window.page.url.startswith(f"{municipality.address}/sign-in")


def sign_out_there(window: Window) -> None:
    """What the provider asks, so that nobody is signed out by a link."""
    with window.page.expect_navigation(url=re.compile("/(signed-out|success)$")):
        window.page.click("button[name=logout]")


def test_one_signs_out_here_and_at_the_provider_too(window, municipality):
    go_in(window, municipality, "bo")
    window.press("Log ud")
    assert window.page.url.startswith(f"{municipality.provider.issuer}/session/end")
    sign_out_there(window)
    assert window.page.url == f"{municipality.address}/signed-out"
    window.must_say("Du er logget ud")

    # The provider does not let in whoever sits down at the machine next.
    go_in(window, municipality, "bo")
    window.must_say("Mine logins")


def test_who_signs_out_at_the_provider_is_out_here_at_the_next_click(window, municipality):
    go_in(window, municipality, "bo")
    window.must_say("Mine logins")
    window.page.goto(f"{municipality.provider.issuer}/session/end")
    sign_out_there(window)

    window.go("/me/sessions")
    window.must_say("Log ind")


def test_who_is_not_registered_is_told_whom_to_ask(window, municipality):
    with window.refusing(403):
        go_in(window, municipality, "fremmed")

    window.must_say("Du kan ikke logge ind endnu")
    window.go("/me/sessions")
    window.must_say("Log ind")
