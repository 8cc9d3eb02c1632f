"""What somebody wrote is given back, also where the form that it was written in is gone."""

import pytest
from sqlmodel import select

from app.errors import Busy, Message
from app.handovers.service import answering
from app.people.kept_forms import KeptForm
from app.people.models import WebSession
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages.desk import Desk, form_in

pytestmark = ON_ONE

ASKED = "Hvem <b>betaler</b>,\r\nog hvornår?"
GIVEN_BACK = "Hvem &lt;b&gt;betaler&lt;/b&gt;,\r\nog hvornår?</blockquote>"


def answer(scene, desk):
    handover = scene.handover()
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/answer"
    fields = desk.form(page, action).with_(answer="ask", ask__question=ASKED)
    return handover, action, fields


def test_where_somebody_was_faster_and_the_form_is_gone(scene, desk_of):
    desk = desk_of(scene.leader)
    handover, action, fields = answer(scene, desk)
    declined = {"reason_kind": "not_relevant", "reason": "Det passer ikke."}
    assert scene.does(scene.substitute, "refusal", handover, **declined).status_code == 200

    refused = desk.send(action, fields)

    assert refused.status_code == 412
    assert refused.text.count("<blockquote") == 1
    assert GIVEN_BACK in refused.text


def test_where_it_is_no_longer_theirs_to_do(scene, desk_of, session):
    desk = desk_of(scene.substitute)
    _, action, fields = answer(scene, desk)
    session.delete(scene.substitute_post)
    session.flush()

    refused = desk.send(action, fields)

    assert refused.status_code == 403
    assert GIVEN_BACK in refused.text


def test_where_nobody_knows_any_more_who_wrote_it(scene, desk_of):
    desk = desk_of(scene.leader)
    _, action, fields = answer(scene, desk)
    desk.client.cookies.clear()

    refused = desk.send(action, fields)

    assert refused.status_code == 401
    assert GIVEN_BACK in refused.text


def test_where_the_form_is_gone_when_they_have_signed_in_again(scene, desk_of, session):
    desk = desk_of(scene.leader)
    handover, action, fields = answer(scene, desk)
    ended = session.exec(select(WebSession)).one()
    ended.ended_at, ended.ended_by = NOON, "signed_out"
    session.flush()
    kept = desk.send(action, fields)
    withdrawn = scene.does(scene.giver, "withdrawal", handover, reason="Den var for tidlig.")
    assert withdrawn.status_code == 200

    page = desk_of(scene.leader).page(f"/handovers/{handover.id}?kept=1")

    assert "<blockquote" not in kept.text
    assert GIVEN_BACK in page


def test_a_cpr_number_is_given_back_and_not_kept(scene, desk_of, session):
    desk = desk_of(scene.leader)
    _, action, fields = answer(scene, desk)
    fields = [(name, value.replace("Hvem", "Hvem med 010190-1234")) for name, value in fields]
    ended = session.exec(select(WebSession)).one()
    ended.ended_at, ended.ended_by = NOON, "signed_out"
    session.flush()

    refused = desk.send(action, fields)

    assert refused.status_code == 401
    assert "er ikke gemt" in refused.text
    assert "Hvem med 010190-1234" in refused.text
    assert session.exec(select(KeptForm)).all() == []


def test_what_stands_in_the_form_is_not_said_twice(scene, desk_of):
    desk = desk_of(scene.leader)
    handover, action, fields = answer(scene, desk)
    fields = form_in(desk.page(f"/handovers/{handover.id}"), action).with_(
        answer="ask", ask__question=f"{ASKED}\0"
    )

    refused = desk.send(action, fields)

    assert refused.status_code == 422
    assert "Hvem &lt;b&gt;betaler&lt;/b&gt;" in refused.text
    assert "<blockquote" not in refused.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_nothing_is_given_back_of_what_comes_from_elsewhere(scene, desk_of, origin):
    desk: Desk = desk_of(scene.leader)
    _, action, fields = answer(scene, desk)
    fields = [(name, value) for name, value in fields if name != "csrf"]

    refused = desk.send(action, fields, Origin=origin)

    assert refused.status_code == 403
    assert "<blockquote" not in refused.text


def test_where_the_database_is_too_busy(scene, desk_of, monkeypatch):
    desk = desk_of(scene.leader)
    _, action, fields = answer(scene, desk)

    def busy(*_: object, **__: object) -> None:
        raise Busy(Message("Der er kø."))

    monkeypatch.setattr(answering, "ask", busy)
    refused = desk.send(action, fields)

    assert refused.status_code == 503
    assert GIVEN_BACK in refused.text
