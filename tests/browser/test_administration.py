"""The registers, the keys, the settings and the log, as an administrator sees them."""

from contextlib import closing
from pathlib import Path

import pytest

from app import clock
from app.db import Database
from app.settings import Settings
from app.webhooks.models import DeliveryState, Trouble, Webhook
from tests.browser.looks import must_look_right
from tests.browser.window import WAYS, Window
from tests.make import Make
from tests.pages.webhooks import AT, NEW, attempt, delivery

READ = {
    "overview": "/administration",
    "people": "/administration/people",
    "person-new": "/administration/people/new",
    "person": "/administration/people/4",
    "person-gone": "/administration/people?has_left=1",
    "units": "/administration/units",
    "unit-new": "/administration/units/new",
    "unit": "/administration/units/12",
    "closing": "/administration/units/12/closing?successor_id=Familiehuset",
    "closing-without": "/administration/units/2/closing",
    "merger": "/administration/units/12/merger?unit_ids=PPR",
    "keys": "/administration/keys",
    "settings": "/administration/settings",
    "foresight": "/administration/settings/foresight?patience_delivered=5&version=1",
    "sign-ins": "/administration/sign-ins",
    "stalled": "/administration/stalled",
    "log": "/administration/log",
    "log-nothing": "/administration/log?kind=imports",
}
STALLED = READ["stalled"]
REFUSED = {
    "closing-unknown": "/administration/units/12/closing?successor_id=Nord",
    "log-unknown": "/administration/log?person=Nobody",
}


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_administration_can_be_used_by_all(open_window, demo, language, size):
    window = open_window(language=language, size=size)
    suffix = f"{language}-{size}"
    window.sign_in_as("Niels Fjordholt")

    for name, path in READ.items():
        window.go(path)
        must_look_right(window, f"administration-{name}-{suffix}")
    for name, path in REFUSED.items():
        window.go(path, status=422)
        must_look_right(window, f"administration-{name}-{suffix}")
    window.go("/administration/people/new")
    with window.refusing(422):
        window.press("Opret personen")
    must_look_right(window, f"administration-person-refused-{suffix}")

    give_up_work(demo.folder, f"{suffix}:{'k' * 180}")
    for name, path in (("overview-stalled", "/administration"), ("stalled-long", STALLED)):
        window.go(path)
        must_look_right(window, f"administration-{name}-{suffix}")
    window.press("Prøv igen")
    assert window.page.get_by_text(window.said("Det er sat i gang igen")).is_visible()
    must_look_right(window, f"administration-stalled-done-{suffix}")

    window.go("/administration/people?has_left=1")
    window.follow("Bo Aagesholm")
    window.follow("Fjern navnet for altid")
    must_look_right(window, f"administration-pseudonymisation-{suffix}")

    window.go("/administration/keys")
    window.write("Hvem er den til?", "karin.solbjerg@lindborg.example")
    window.write("Hvad bruges den til?", f"{suffix} " + "x" * 180)
    window.press("Lav nøglen")
    window.must_say("Nøglen er lavet")
    must_look_right(window, f"administration-key-{suffix}")
    window.follow("Jeg har gemt den")
    must_look_right(window, f"administration-keys-long-{suffix}")


@pytest.mark.parametrize(("language", "size"), WAYS)
def test_webhooks_can_be_kept_by_all(open_window, demo, language, size):
    window = open_window(language=language, size=size)
    suffix = f"{language}-{size}"
    window.sign_in_as("Niels Fjordholt")

    window.go(NEW)
    must_look_right(window, f"administration-webhook-new-{suffix}")
    with window.refusing(422):
        window.press("Lav webhooken")
    must_look_right(window, f"administration-webhook-refused-{suffix}")
    write(window, "Navn", f"{suffix} " + "x" * 180)
    write(window, "Adresse", "https://intranet.lindborg.example/krog/7f3a")
    window.press("Lav webhooken")
    window.must_say("Webhooken er lavet")
    must_look_right(window, f"administration-webhook-made-{suffix}")
    window.follow("Jeg har gemt den")
    path = window.path
    send_in_vain(demo.folder, int(path.rpartition("/")[2]))
    for name, where in (("webhook", path), ("webhook-edit", f"{path}/edit"), ("webhooks-long", AT)):
        window.go(where)
        must_look_right(window, f"administration-{name}-{suffix}")

    window.go(path)
    window.press("Send en prøve")
    said = window.said("En prøve er på vej. Hvordan det gik, står herunder om lidt.")
    assert window.page.get_by_text(said).is_visible()
    window.page.get_by_text(window.said("Slå den fra")).click()
    window.press("Slå webhooken fra")
    must_look_right(window, f"administration-webhook-off-{suffix}")


def test_nothing_is_lost_in_ones_own_colours(open_window):
    window = open_window(forced_colors="active")
    window.sign_in_as("Niels Fjordholt")

    for name in ("overview", "person", "unit", "keys", "log"):
        window.go(READ[name])
        must_look_right(window, f"administration-{name}-forced")


def write(window: Window, danish: str, text: str) -> None:
    """In the field that is called so, and not in one that is called more."""
    window.page.get_by_role("textbox", name=window.said(danish), exact=True).fill(text)


def send_in_vain(folder: Path, webhook_id: int) -> None:
    """What it was sent: some arrived, some is tried again, and some was given up."""
    database = Database(Settings(data_dir=folder, _env_file=None))
    with closing(database), database.writing() as session:
        to = session.get_one(Webhook, webhook_id)
        to.failing_since = clock.now()
        for state in DeliveryState:
            sent = delivery(session, to, state=state)
            attempt(session, sent, trouble=Trouble.NO_CONNECTION, status=None, excerpt="")
            attempt(session, sent, excerpt="<html>" + "x" * 400)


def give_up_work(folder: Path, key: str) -> None:
    database = Database(Settings(data_dir=folder, _env_file=None))
    with closing(database), database.writing() as session:
        error = "RemoteDisconnected: " + "x" * 470
        Make(session, clock.now()).dead_work(kind="imports.forget", key=key, last_error=error)
