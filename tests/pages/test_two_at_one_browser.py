"""One signs in after another in the same browser, in which a form of the other still stands."""

import pytest
from sqlmodel import select

from app.handovers.models import Note
from app.people.kept_forms import KeptForm
from app.people.models import WebSession
from app.people.signed_in import Role
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages.desk import form_in

pytestmark = ON_ONE

TEXT = "Vi venter på svar fra skolen."


@pytest.fixture
def begun(scene, desk_of):
    """What the leader has written, and not sent."""
    page = f"/handovers/{scene.handover().id}"
    fields = desk_of(scene.leader).form(page, f"{page}/notes").with_(text=TEXT)
    return page, f"{page}/notes", fields


def test_nobody_sends_in_their_own_name_what_another_wrote(scene, desk_of, session, begun):
    _, action, fields = begun
    other = desk_of(scene.secretary)

    refused = other.send(action, fields)

    assert refused.status_code == 409
    assert "nu er Sara Sekretær logget ind" in refused.text
    assert session.exec(select(Note)).all() == []
    again = form_in(refused.text, action)
    assert dict(again.fields)["text"] == TEXT
    assert other.send(action, again.fields).status_code == 303


def test_who_signs_in_again_sends_what_they_wrote(scene, desk_of, session, begun):
    _, action, fields = begun

    assert desk_of(scene.leader).send(action, fields).status_code == 303
    assert session.exec(select(Note)).one().text == TEXT


def test_it_is_not_kept_for_somebody_else(scene, desk_of, session, begun):
    page, action, fields = begun
    other = desk_of(scene.secretary)
    theirs = select(WebSession).where(WebSession.person_id == scene.secretary.key)
    ended = session.exec(theirs).one()
    ended.ended_at, ended.ended_by = NOON, "signed_out"
    session.flush()

    refused = other.send(action, fields)

    assert refused.status_code == 401
    assert session.exec(select(KeptForm)).all() == []
    assert TEXT not in desk_of(scene.secretary).page(f"{page}?kept=1")


def test_no_key_is_made_of_what_another_administrator_wrote(make, desk_of):
    first, second = (make.person(role=Role.ADMINISTRATOR) for _ in range(2))
    make.person(mail="kaj@lindborg.example")
    keys = "/administration/keys"
    typed = {"mail": "kaj@lindborg.example", "label": "Ugens tal", "scopes": ["read"]}
    fields = desk_of(first).form(keys, keys).with_(**typed)

    assert desk_of(second).send(keys, fields).status_code == 409
    assert desk_of(first).send(keys, fields).status_code == 200
