"""The owner's, the leader's and the giver's forms on the handover's page, without scripts."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.clock import local_day
from app.follow_ups.models import FollowUp
from app.handovers.lifecycle import State
from app.handovers.models import Kind, Note
from tests.conftest import NOON
from tests.databases import ON_ONE

pytestmark = ON_ONE

TODAY = local_day(NOON)
SOON = (TODAY + timedelta(days=40)).isoformat()
LONG_AGO = TODAY - timedelta(days=200)
USED = {"in_use_since_on": LONG_AGO}

OWNERS = {
    "follow-ups": (
        State.ACCEPTED,
        {"health": "going_well", "note": "Mødet holdes.", "better": "yes", "measured": "3,5"},
        "health",
        State.ACCEPTED,
    ),
    "plan": (State.ACCEPTED, {"read_back": "Ét møde", "next_on": SOON}, None, State.ACCEPTED),
    "ripple": (State.ACCEPTED, {"ripple__answer": "none"}, "ripple__answer", State.ACCEPTED),
    "trial": (
        State.ACCEPTED,
        {"question": "Kommer de?", "to_on": SOON},
        "question",
        State.TRIAL,
    ),
    "use": (
        State.ACCEPTED,
        {"practice": "Vi holder mødet.", "ripple__answer": "none"},
        "practice",
        State.IN_USE,
    ),
    "pause": (State.ACCEPTED, {"until": SOON, "reason": "Ny leder"}, "reason", State.ACCEPTED),
}
LEADERS = {
    "ending": (
        State.IN_USE,
        {"reason": "Loven er ændret", "learned": "At spørge først", "ripple__answer": "none"},
        "learned",
        State.DISCONTINUED,
    ),
    "refusal": (
        State.ACCEPTED,
        {"reason_kind": "no_capacity", "reason": "To er rejst"},
        "reason_kind",
        State.DECLINED,
    ),
    "anchoring": (
        State.IN_USE,
        {"success": "8 af 10", "citizen_value": "Ja, de kommer."},
        "success",
        State.IN_USE,
    ),
}
GIVERS = {
    "announcement": (State.DRAFT, {}, None, State.ANNOUNCED),
    "delivery": (State.DRAFT, {"ripple__answer": "none"}, "ripple__answer", State.DELIVERED),
    "withdrawal": (State.DELIVERED, {"reason": "Den er ikke god nok"}, "reason", State.WITHDRAWN),
    "reopening": (State.DECLINED, {"reason": "De bad selv om den"}, "reason", State.DELIVERED),
}
ALL = [
    *(
        (who, noun, *told)
        for who, steps in (("owner", OWNERS), ("leader", LEADERS), ("giver", GIVERS))
        for noun, told in steps.items()
    ),
]


@pytest.mark.parametrize(("who", "noun", "state", "filled", "needed", "after"), ALL)
def test_each_step_is_a_form_on_the_page(
    scene, desk_of, session, who, noun, state, filled, needed, after
):
    handover = scene.handover(state, **(USED if state is State.IN_USE else {}))
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/{noun}"
    desk = desk_of(getattr(scene, who))

    if needed:
        refused = desk.press(page, action, **{**filled, needed: ""})
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text
    assert 'role="status"' in desk.done(page, action, **filled)

    session.refresh(handover)
    assert handover.state is after


@pytest.mark.parametrize(("who", "noun", "state", "filled", "needed", "after"), ALL)
def test_nobody_else_is_shown_the_form_or_may_send_it(
    scene, desk_of, session, who, noun, state, filled, needed, after
):
    handover = scene.handover(state, **(USED if state is State.IN_USE else {}))
    desk = desk_of(scene.participant)

    page = desk.get(f"/handovers/{handover.id}").text
    fields = [(name.replace("__", "."), value) for name, value in filled.items()]
    sent = desk.send(
        f"/handovers/{handover.id}/{noun}", [("version", str(handover.version)), *fields]
    )

    assert f'action="/handovers/{handover.id}/{noun}"' not in page
    assert sent.status_code == 403
    session.refresh(handover)
    assert handover.state is state


@pytest.mark.parametrize("noun", [*OWNERS, *LEADERS, *GIVERS])
def test_a_form_without_a_version_is_none_of_ours(scene, desk_of, noun):
    handover = scene.handover(State.ACCEPTED)
    sent = desk_of(scene.leader).send(f"/handovers/{handover.id}/{noun}", [("answer", "x")])
    assert sent.status_code in (404, 422)


def test_the_first_follow_up_asks_for_what_could_wait(scene, desk_of, session):
    handover = scene.handover(State.ACCEPTED, read_back="", first_step="")
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/follow-ups"
    desk = desk_of(scene.owner)
    filled = {"health": "wobbling", "note": "Vi er i gang.", "better": "unknown"}

    refused = desk.press(page, action, **filled)
    assert refused.status_code == 422
    assert "Skriv det første skridt." in refused.text
    desk.done(page, action, **filled, read_back="Ét møde", first_step="Kalenderen")

    assert session.exec(select(FollowUp.note)).all() == ["Vi er i gang."]


def test_the_giver_marks_a_follow_up_as_seen(scene, desk_of, session):
    handover = scene.handover(State.ACCEPTED)
    page = f"/handovers/{handover.id}"
    desk_of(scene.owner).done(
        page, f"{page}/follow-ups", health="stuck", note="Ingen tid.", better="no"
    )
    (follow_up,) = session.exec(select(FollowUp)).all()

    told = desk_of(scene.giver).done(page, f"{page}/follow-ups/{follow_up.id}/seen")

    assert "Set af giveren" in told
    assert f"{page}/follow-ups/{follow_up.id}/seen" not in desk_of(scene.owner).get(page).text


def test_a_note_is_written_by_anybody_who_sees_it(scene, desk_of, session):
    handover = scene.handover()
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/notes"
    desk = desk_of(scene.stranger)

    assert desk.press(page, action, text="").status_code == 422
    assert "Talt sammen." in desk.done(page, action, text="Talt sammen.")
    assert session.exec(select(Note.text)).all() == ["Talt sammen."]


def test_another_owner_is_named(scene, desk_of, session):
    handover = scene.handover(State.ACCEPTED)
    page, action = f"/handovers/{handover.id}", f"/handovers/{handover.id}/owner"

    told = desk_of(scene.leader).done(page, action, owner_id=scene.colleague.key)

    assert ">Kaj Kollega</span>" in told
    refused = desk_of(scene.leader).press(page, action, owner_id=scene.stranger.key)
    assert "Frede Fremmed hører ikke til i enheden" in refused.text


def test_a_pause_is_ended(scene, desk_of, session):
    handover = scene.handover(State.ACCEPTED)
    page = f"/handovers/{handover.id}"
    desk = desk_of(scene.owner)
    told = desk.done(page, f"{page}/pause", until=SOON, reason="Ny leder")
    assert "På pause til" in told

    assert "På pause til" not in desk.done(page, f"{page}/resume")


def test_anchoring_is_confirmed_by_somebody_else(scene, desk_of, session):
    handover = scene.handover(State.IN_USE, **USED)
    page = f"/handovers/{handover.id}"
    desk_of(scene.leader).done(page, f"{page}/anchoring", success="8 af 10", citizen_value="Ja")
    assert f"{page}/confirmation" not in desk_of(scene.owner).get(page).text

    told = desk_of(scene.giver).done(page, f"{page}/confirmation")

    assert "En del af hverdagen" in told
    session.refresh(handover)
    assert handover.state is State.ANCHORED


def test_a_draft_is_aimed_at_another_unit_and_made_the_lead(scene, desk_of, session, make):
    gift = make.gift(network=scene.network, contact=scene.giver)
    lead = scene.handover(State.DRAFT, gift=gift, kind=Kind.LEAD, unit=make.unit())
    handover = scene.handover(State.DRAFT, gift=gift, kind=Kind.CO)
    there, page = make.unit(name="Åparkens Skole"), f"/handovers/{handover.id}"
    desk = desk_of(scene.giver)

    assert "Åparkens Skole" in desk.done(page, f"{page}/unit", unit_id=there.key)
    desk.done(page, f"{page}/lead")

    session.refresh(handover)
    session.refresh(lead)
    assert (handover.unit_id, handover.kind, lead.kind) == (there.key, Kind.LEAD, Kind.CO)


def test_what_is_missing_before_a_delivery_is_named(scene, desk_of, make):
    gift = make.gift(network=scene.network, contact=scene.giver, ask="")
    handover = scene.handover(State.DRAFT, gift=gift)
    page = f"/handovers/{handover.id}"

    refused = desk_of(scene.giver).press(page, f"{page}/delivery", ripple__answer="none")

    assert refused.status_code == 409
    assert "Der mangler: hvad vi beder modtageren om." in refused.text


def test_a_new_edition_is_taken(scene, desk_of, session, make):
    gift = make.gift(network=scene.network, contact=scene.giver, edition=2)
    handover = scene.handover(State.IN_USE, gift=gift, edition=1, is_new_edition=True, **USED)
    page = f"/handovers/{handover.id}"

    assert "Den nyeste er udgave 2." in desk_of(scene.owner).get(page).text
    desk_of(scene.owner).done(page, f"{page}/edition")

    session.refresh(handover)
    assert handover.edition == 2


def test_an_auditor_reads_and_is_offered_nothing(scene, desk_of, make):
    handover = scene.handover()
    desk = desk_of(make.person(role="auditor"))

    page = desk.get(f"/handovers/{handover.id}").text

    assert f'action="/handovers/{handover.id}' not in page
    fields = [("version", str(handover.version)), ("answer", "acknowledge")]
    assert desk.send(f"/handovers/{handover.id}/answer", fields).status_code == 403


def test_of_a_long_story_the_newest_is_told(scene, desk_of, monkeypatch):
    monkeypatch.setattr("app.pages.handover.MOST_TOLD", 2)
    handover = scene.handover()
    page, desk = f"/handovers/{handover.id}", desk_of(scene.stranger)
    for said in ("Det første.", "Det næste.", "Det sidste."):
        told = desk.done(page, f"{page}/notes", text=said)

    assert "Det første." not in told
    assert told.index("Det sidste.") < told.index("Det næste.")


def test_what_has_ended_is_not_on_its_way_any_more(scene, make, desk_of):
    gone = scene.handover(State.DECLINED, ended_at=NOON)
    page = desk_of(scene.leader).page(f"/handovers/{gone.key}")
    trip = page.split("Gavens rejse")[1].split("</ol>")[0]
    assert "Nej tak" in trip
    assert "ikke endnu" not in trip


def test_each_step_has_a_receipt_of_its_own(scene, desk_of):
    at = f"/handovers/{scene.handover(State.ACCEPTED, owner=scene.owner).key}"
    desk = desk_of(scene.leader)
    trial = desk.done(at, f"{at}/trial", question="Kommer de?", to_on=SOON)
    assert "I prøver gaven af" in trial
    paused = desk.done(at, f"{at}/pause", until=SOON, reason="Ny leder")
    assert "vi spørger igen" in paused
    assert "Pausen er slut" in desk.done(at, f"{at}/resume")
    assert "Bemærkningen er gemt" in desk.done(at, f"{at}/notes", text="Talt sammen.")
