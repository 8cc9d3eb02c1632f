"""A leader answers on the handover's page, without scripts."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.clock import local_day
from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.handovers.models import Kind
from app.people.models import WebSession
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages.desk import form_in

pytestmark = ON_ONE

TODAY = local_day(NOON)
IN_A_MONTH = (TODAY + timedelta(days=30)).isoformat()


def happened(session, handover):
    statement = select(Event.type).where(Event.handover_id == handover.key).order_by(Event.id)
    return session.exec(statement).all()


def test_a_yes_takes_an_owner_and_a_date_and_both_are_there_already(scene, desk_of, session):
    handover = scene.handover()
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/answer"

    told = desk_of(scene.leader).done(page, action, answer="accept")

    session.refresh(handover)
    assert (handover.state, handover.owner_id) == (State.ACCEPTED, scene.leader.key)
    assert handover.next_on > TODAY
    assert "gaven er taget imod" in told
    assert "Lea Leder er tovholder." in told


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"answer": "acknowledge"}, State.ACKNOWLEDGED),
        (
            {"answer": "later", "later__until": IN_A_MONTH, "later__reason": "Ny leder i maj"},
            State.ACKNOWLEDGED,
        ),
        ({"answer": "ask", "ask__question": "Hvem betaler?"}, State.RETURNED),
        (
            {
                "answer": "decline",
                "decline__reason_kind": "no_capacity",
                "decline__reason": "Vi er to mand færre.",
            },
            State.DECLINED,
        ),
    ],
)
def test_every_other_answer_has_its_own_fields(scene, desk_of, session, answer, state):
    handover = scene.handover()
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/answer"

    assert "Tak" in desk_of(scene.leader).done(page, action, **answer) or state is State.RETURNED

    session.refresh(handover)
    assert handover.state is state


def test_it_is_passed_on_to_a_unit_that_is_chosen(scene, desk_of, session, make):
    handover, there = scene.handover(), make.unit(name="Åparkens Skole")
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/answer"

    told = desk_of(scene.leader).done(
        page,
        action,
        answer="pass_on",
        pass_on__to_unit_id=there.key,
        pass_on__reason="De har børnene.",
    )

    session.refresh(handover)
    assert handover.state is State.PASSED_ON
    assert "Giveren får en overrækkelse klar til Åparkens Skole." in told


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({}, "Vælg et svar."),
        ({"answer": "maybe"}, "Vælg et svar."),
        ({"answer": "accept", "accept__owner_id": ""}, "Vælg, hvem der er tovholder."),
        ({"answer": "accept", "accept__owner_id": "Lea"}, "Vælg, hvem der er tovholder."),
        ({"answer": "accept", "accept__next_on": ""}, "Vælg en dag."),
        ({"answer": "accept", "accept__next_on": "other"}, "Vælg en dag."),
        ({"answer": "accept", "accept__next_on": "1.1.2001"}, "Vælg en dag efter i dag."),
        (
            {"answer": "accept", "accept__ripple__answer": "units"},
            "Sæt kryds ved enhederne, hvis det berører nogen, og kun da.",
        ),
        (
            {"answer": "accept", "accept__ripple__unit_names": ["<b>Ingensteds</b>"]},
            "Enheden »&lt;b&gt;Ingensteds&lt;/b&gt;« findes ikke. Vælg den på listen.",
        ),
        ({"answer": "later", "later__until": "", "later__reason": "Ny leder"}, "Vælg en dag."),
        ({"answer": "later", "later__until": IN_A_MONTH}, "Skriv på én linje, hvad I venter på."),
        ({"answer": "decline", "decline__reason": "Nej"}, "Vælg en grund."),
        ({"answer": "decline", "decline__reason_kind": "other"}, "Skriv kort hvorfor."),
        ({"answer": "ask"}, "Skriv spørgsmålet."),
        ({"answer": "pass_on", "pass_on__reason": "De har børnene."}, "Vælg en enhed."),
        ({"answer": "ask", "ask__question": "Barnet 010203-1234?"}, "ligner et CPR-nummer"),
        ({"answer": "ask", "ask__question": "x" * 5000}, "Teksten er for lang"),
        ({"answer": "ask", "ask__question": "a\x00b"}, "kan ikke læses"),
    ],
)
def test_what_is_missing_is_said_at_the_field_and_on_top(scene, desk_of, session, filled, said):
    handover = scene.handover()
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/answer"
    before = happened(session, handover)

    refused = desk_of(scene.leader).press(page, action, **filled)

    assert refused.status_code == 422
    assert refused.text.count(said) == 2 or "maybe" in filled.values() or not filled
    assert said in refused.text
    assert "<title>Fejl: " in refused.text
    assert f'name="back_to" value="{page}"' in refused.text
    assert happened(session, handover) == before


def test_units_that_will_feel_it_are_written_by_name(scene, desk_of, session, make):
    handover, school = scene.handover(), make.unit(name="Åparkens Skole")
    for area in (scene.area, make.unit(name="Kultur")):
        make.unit(name="Vest", parent_id=area.key)
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/answer"

    told = desk_of(scene.leader).done(
        page,
        action,
        answer="accept",
        accept__ripple__answer="units",
        accept__ripple__unit_names=["åparkens skole ", "Vest (Kultur)", ""],
    )

    assert f'<a href="/units/{school.key}" lang="da">Åparkens Skole</a>' in told
    assert '<option value="Vest (Børn og Unge)">' in told
    session.refresh(handover)
    assert handover.ripple == "units"


def test_what_was_typed_is_still_there_after_a_refusal(scene, desk_of):
    handover = scene.handover()
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/answer"
    hostile = "<script>alert(1)</script> & \"'"

    refused = desk_of(scene.leader).press(page, action, answer="decline", decline__reason=hostile)

    assert "<script>alert" not in refused.text
    fields = dict(form_in(refused.text, action).fields)
    assert (fields["answer"], fields["decline.reason"]) == ("decline", hostile)


def test_two_presses_are_one_answer(scene, desk_of, session):
    handover = scene.handover()
    desk, action = desk_of(scene.leader), f"/handovers/{handover.id}/answer"
    fields = desk.form(f"/handovers/{handover.id}", action).with_(answer="accept")

    first, second = desk.send(action, fields), desk.send(action, fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert happened(session, handover).count("handover.accepted") == 1


def test_who_goes_back_and_writes_something_else_is_heard_again(scene, desk_of, session):
    handover = scene.handover()
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/notes"
    desk = desk_of(scene.leader)
    form = desk.form(page, action)

    for said in ("Talt sammen.", "Talt sammen.", "Og aftalt et møde."):
        assert desk.send(action, form.with_(text=said)).status_code == 303

    assert happened(session, handover).count("handover.note_written") == 2


def test_somebody_was_faster_and_the_page_says_what_they_did(scene, desk_of, session):
    handover = scene.handover()
    slow, action = desk_of(scene.leader), f"/handovers/{handover.id}/answer"
    typed = slow.form(f"/handovers/{handover.id}", action).with_(
        answer="decline", decline__reason_kind="other", decline__reason="Ikke os"
    )
    desk_of(scene.substitute).done(f"/handovers/{handover.id}", action, answer="accept")

    refused = slow.send(action, typed)

    assert refused.status_code == 412
    assert "Nogen var hurtigere" in refused.text
    assert "Stig Stedfortræder på vegne af Lea Leder tog imod gaven." in refused.text
    session.refresh(handover)
    assert handover.state is State.ACCEPTED


def test_who_has_been_signed_out_finds_what_they_typed_after_signing_in_again(
    scene, desk_of, session
):
    handover = scene.handover()
    desk, action = desk_of(scene.leader), f"/handovers/{handover.id}/answer"
    fields = desk.form(f"/handovers/{handover.id}", action).with_(
        answer="ask", ask__question="Hvem betaler?"
    )
    ended = session.exec(select(WebSession)).one()
    ended.ended_at, ended.ended_by = NOON, "signed_out"
    session.flush()

    refused = desk.send(action, fields)
    again = desk_of(scene.leader)
    page = again.get(f"/handovers/{handover.id}?kept=1").text

    assert refused.status_code == 401
    assert f"back_to=/handovers/{handover.id}%3Fkept%3D1" in refused.text
    assert "Det, du skrev, er her endnu" in page
    form = form_in(page, action)
    assert dict(form.fields)["ask.question"] == "Hvem betaler?"
    assert again.send(action, form.fields).status_code == 303
    assert "Det, du skrev" not in again.get(f"/handovers/{handover.id}?kept=1").text


def test_nobody_else_is_shown_what_was_typed(scene, desk_of, session):
    handover = scene.handover()
    desk, action = desk_of(scene.leader), f"/handovers/{handover.id}/answer"
    fields = desk.form(f"/handovers/{handover.id}", action).with_(answer="ask")
    ended = session.exec(select(WebSession)).one()
    ended.ended_at, ended.ended_by = NOON, "signed_out"
    session.flush()
    desk.send(action, fields)

    other = desk_of(scene.substitute).get(f"/handovers/{handover.id}?kept=1").text

    assert "Det, du skrev" not in other


def test_a_stranger_sees_it_and_is_offered_no_answer(scene, desk_of):
    handover = scene.handover()
    desk = desk_of(scene.stranger)

    page = desk.get(f"/handovers/{handover.id}").text

    assert "Hvad gør I med gaven?" not in page
    fields = [("version", str(handover.version)), ("answer", "acknowledge")]
    assert desk.send(f"/handovers/{handover.id}/answer", fields).status_code == 403


def test_what_may_not_be_seen_is_not_there(scene, desk_of):
    handover = scene.handover(State.DRAFT)
    desk = desk_of(scene.leader)

    for path in (f"/handovers/{handover.id}", "/handovers/0", "/handovers/x", "/handovers/-1"):
        desk.get(path, 404)
    fields = [("version", "1"), ("answer", "acknowledge")]
    assert desk.send(f"/handovers/{handover.id}/answer", fields).status_code == 404


def test_the_secretariat_answers_only_on_behalf_of_somebody(scene, desk_of, session):
    handover = scene.handover()
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/answer"
    desk = desk_of(scene.secretary)

    assert desk.press(page, action, answer="acknowledge").status_code == 403
    desk.done(page, action, answer="acknowledge", on_behalf_of_id=scene.leader.key)

    session.refresh(handover)
    assert handover.acknowledged_by_id == scene.leader.key
    assert "Sara Sekretær på vegne af Lea Leder kvitterede" in desk.get(page).text


def test_the_page_says_what_the_gift_is_and_whom_to_call(scene, desk_of, make):
    gift = make.gift(network=scene.network, contact=scene.giver)
    handover = scene.handover(gift=gift, kind=Kind.LEAD)
    other = make.handover(gift=gift, unit=make.unit(name="Åparkens Skole"))

    page = desk_of(scene.leader).get(f"/handovers/{handover.id}").text

    for said in ("Gry Giver", "12345678", "Lea Leder", "Åparkens Skole", "Hvad bliver bedre"):
        assert said in page
    assert f'href="/handovers/{other.id}"' in page


def test_the_next_date_is_a_file_for_the_calendar(scene, desk_of):
    handover = scene.handover(State.ACCEPTED)

    answer = desk_of(scene.owner).get(f"/handovers/{handover.id}/calendar.ics")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"DTSTART;VALUE=DATE:{handover.life_due_on:%Y%m%d}" in answer.text
    assert f"http://testserver/handovers/{handover.id}" in answer.text.replace("\r\n ", "")


@pytest.mark.parametrize("state", [State.ACCEPTED, State.DECLINED, State.RETURNED])
def test_the_unit_changes_its_mind_until_the_trial_begins(scene, desk_of, session, state):
    handover = scene.handover(state)
    page = f"/handovers/{handover.id}"
    desk = desk_of(scene.leader)

    told = desk.done(page, f"{page}/reconsideration")
    assert "Svaret er taget tilbage" in told
    desk.done(page, f"{page}/answer", answer="accept")

    session.refresh(handover)
    assert handover.state is State.ACCEPTED


def test_once_the_trial_has_begun_the_answer_stands(scene, desk_of):
    handover = scene.handover(State.TRIAL)
    page = f"/handovers/{handover.id}"
    desk = desk_of(scene.leader)

    assert "/reconsideration" not in desk.get(page).text
    sent = desk.send(f"{page}/reconsideration", [("version", str(handover.version))])
    assert sent.status_code == 409
