"""The registers, the keys, the settings and the log, as an administrator sees them."""

from contextlib import closing
from pathlib import Path

import pytest

from app import clock
from app.db import Database
from app.settings import Settings
from tests.browser.looks import must_look_right
from tests.browser.window import WAYS
from tests.make import Make

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


@pytest.mark.parametrize(
    ("way", "options"),
    [
        ("320", {"viewport": {"width": 320, "height": 640}}),
        ("zoomed", {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}),
        ("forced", {"forced_colors": "active"}),
    ],
)
def test_nothing_is_lost_on_narrow_windows_and_in_ones_own_colours(open_window, way, options):
    window = open_window(**options)
    window.sign_in_as("Niels Fjordholt")

    for name in ("overview", "person", "unit", "keys", "log"):
        window.go(READ[name])
        must_look_right(window, f"administration-{name}-{way}")


def give_up_work(folder: Path, key: str) -> None:
    database = Database(Settings(data_dir=folder, _env_file=None))
    with closing(database), database.writing() as session:
        error = "RemoteDisconnected: " + "x" * 470
        Make(session, clock.now()).dead_work(kind="imports.forget", key=key, last_error=error)
