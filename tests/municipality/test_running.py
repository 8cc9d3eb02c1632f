"""What was changed is seen by every process within a second or so, at a cost of next to nothing."""

import logging

import pytest
from sqlalchemy import event, text
from sqlmodel import Session

from app import running
from app.db import Database
from app.handovers.rules import rules_of
from app.municipality import service
from app.municipality.models import Setting
from app.running import Changes, Running, changes_in
from app.settings import Settings
from tests.conftest import NOON
from tests.make import Make

SIGN_IN = "/sign-in"


@pytest.fixture
def clock(monkeypatch):
    """Moves the clock that looks go by."""
    now = [1000.0]
    monkeypatch.setattr(running.time, "monotonic", lambda: now[0])
    return now


def store(session, name, value, version=2):
    session.add(Setting(name=name, value=value, version=version, changed_at=NOON))
    session.flush()


def test_one_process_looks_once_a_second_however_much_it_is_asked(session, clock):
    asked = []
    event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    known = Running()
    for clock[0] in (1000, 1000.2, 1000.9, 1001, 1001.5):
        known.look(session.connection())
    assert len([statement for statement in asked if "FROM setting" in statement]) == 2


def test_what_another_process_changed_is_seen_at_the_next_look(session, clock):
    settings, known = session.info["settings"], Running()
    known.look(session.connection())
    assert known.over(settings) is settings

    store(session, "organisation", "Lindborg Kommune")
    known.look(session.connection())
    assert known.over(settings).organisation == ""
    clock[0] += running.LOOKED_WITHIN
    known.look(session.connection())
    assert known.over(settings).organisation == "Lindborg Kommune"


def test_who_changed_something_sees_it_at_once(session, make, clock):
    known = session.info["running"]
    known.look(session.connection())
    administrator = make.signed_in(make.administrator())
    service.change(session, administrator, {"pause_days": 9}, version=None, now=NOON)
    known.look(session.connection())
    assert known.over(session.info["settings"]).pause_days == 9


def test_what_is_stored_goes_by_the_database_and_not_by_the_last_look(session, clock):
    session.info["running"].look(session.connection())
    store(session, "pause_days", "9")
    assert rules_of(session).pause_days == 9


@pytest.mark.parametrize(
    ("name", "value"), [("pause_days", "0"), ("pause_days", "many"), ("port", "80"), ("gone", "1")]
)
def test_what_cannot_be_used_is_left_out_and_told_in_the_log(session, name, value, caplog):
    running._over.cache_clear()
    store(session, name, value)
    with caplog.at_level(logging.WARNING, "app.running"):
        assert changes_in(session.connection()).over(Settings()) == Settings()
    assert (name in caplog.text) == (name == "pause_days")


def test_the_settings_that_a_process_began_with_are_never_changed():
    settings = Settings(_env_file=None)
    changed = Changes(2, (("early_days", "3"),)).over(settings)
    assert (settings.early_days, changed.early_days) == (7, 3)
    assert changed.database_url == settings.database_url


def test_pages_show_the_texts_also_where_something_went_wrong(client, session, make):
    before = client.get(SIGN_IN).text
    assert "Spørgsmål?" not in before

    administrator = make.signed_in(make.administrator())
    said = {
        "organisation": "Lindborg <Kommune>",
        "contact_mail": "gaver@lindborg.example",
        "welcome": "Brug din KL-mail & ring, hvis det driller.",
    }
    service.change(session, administrator, said, version=None, now=NOON)
    page = client.get(SIGN_IN).text
    assert "<li>Lindborg &lt;Kommune&gt;</li>" in page
    assert '<a href="mailto:gaver@lindborg.example">gaver@lindborg.example</a>' in page
    assert '<p lang="da">Brug din KL-mail &amp; ring, hvis det driller.</p>' in page
    lost = client.get("/no-such-page", headers={"Accept": "text/html"}).text
    assert "Lindborg &lt;Kommune&gt;" in lost
    assert "Brug din KL-mail" not in lost


def test_it_is_still_changed_after_a_restart(own_database: Database):
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        administrator = make.signed_in(make.administrator())
        service.change(session, administrator, {"pause_days": 9}, version=None, now=NOON)
    again = Database(own_database.info["settings"])
    with again.reading() as session:
        assert isinstance(session, Session)
        assert rules_of(session).pause_days == 9
        assert session.execute(text("SELECT value FROM setting")).scalars().all() == ["9"]
    again.close()
