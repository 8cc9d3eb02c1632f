"""Reconsidering: until the trial starts, the unit takes its answer back and answers anew."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from app.handovers.lifecycle import State
from app.handovers.models import Handover, Kind
from tests.conftest import NOON
from tests.handovers.scene import NO_RIPPLE, PLANNED, Scene

ANSWERED = [State.ACCEPTED, State.RETURNED, State.DECLINED, State.PASSED_ON]
VOID = {
    "ended_at": None,
    "accepted_at": None,
    "owner_id": None,
    "next_on": None,
    "paused_until": None,
    "pause_reason": "",
    "read_back": "",
    "first_step": "",
    "support_until_on": None,
    "exit_criteria": "",
    "question": "",
    "reason": "",
    "reason_kind": None,
    "counter_proposal": "",
    "passed_to_unit_id": None,
}


def reconsider(scene: Scene, handover: Handover, **how):
    return scene.does(scene.leader, "reconsideration", handover, **how)


def passed_on(scene: Scene, handover: Handover, unit) -> Handover | None:
    """Passes it on; the handover to the other unit that it led to."""
    body = {"to_unit_id": unit.id, "reason": "De har de unge."}
    assert scene.does(scene.leader, "passing-on", handover, **body).status_code == 200
    (*_, event) = scene.events(handover, "handover.passed_on")
    return scene.make.session.get(Handover, event.data["draft_id"])


@pytest.mark.parametrize("state", ANSWERED)
def test_every_answer_before_the_trial_can_be_taken_back(scene: Scene, state: State):
    handover = scene.handover(state, days_ago=90)
    response = reconsider(scene, handover)
    assert response.status_code == 200, response.text
    shown = response.json()
    assert (shown["state"], shown["life_due_on"]) == ("acknowledged", "2026-03-30")
    assert shown["last_life_at"] == "2026-03-02T12:00:00Z"
    (event,) = scene.events(handover)
    assert event.type == "handover.reconsidered"
    assert event.data == {"former_state": state, "edition": 1}


@pytest.mark.parametrize("state", sorted(set(State) - {*ANSWERED, State.DRAFT}))
def test_nothing_else_can_be_reconsidered(scene: Scene, state: State):
    handover = scene.handover(state)
    refused = reconsider(scene, handover)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_step")
    assert "svare om" in refused.json()["detail"]
    assert scene.happened(handover) == []


def test_an_acceptance_is_void_and_the_owners_history_is_kept(scene: Scene, app: FastAPI):
    handover = scene.handover()
    body = {"owner_id": scene.owner.id, "next_on": "2026-04-01", **PLANNED}
    scene.does(scene.leader, "acceptance", handover, **body)
    plan = {"support_until_on": "2026-08-01", "exit_criteria": "Når vi kan selv."}
    scene.does(scene.leader, "plan", handover, **plan)
    scene.does(scene.owner, "pause", handover, until="2026-05-01", reason="Vi flytter.")
    app.state.now = NOON + timedelta(days=1)
    shown = reconsider(scene, handover).json()
    assert {name: shown[name] for name in VOID} == VOID
    assert (shown["acknowledged_at"], shown["pause_count"]) == ("2026-03-02T12:00:00Z", 1)
    assert shown["acknowledged_by_id"] == scene.leader.id
    (past,) = scene.get(scene.giver, f"handovers/{handover.id}/owners").json()["items"]
    assert (past["name"], past["to_at"]) == (scene.owner.name, "2026-03-03T12:00:00Z")
    again = {**body, "owner_id": scene.colleague.id}
    assert scene.does(scene.leader, "acceptance", handover, **again).json()["state"] == "accepted"


def test_a_refusal_is_void_and_the_story_still_tells_it(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    refusal = {
        "reason_kind": "no_capacity",
        "reason": "Vi er tre for få.",
        "counter_proposal": "Spørg i august.",
    }
    scene.does(scene.leader, "refusal", handover, **refusal)
    shown = reconsider(scene, handover).json()
    assert {name: shown[name] for name in VOID} == VOID
    assert scene.story(scene.stranger, handover) == [
        "Lea Leder sagde nej tak: »Vi er tre for få.«",
        "Lea Leder tog svaret »Nej tak« tilbage og vil svare om. Det gælder udgave 1 af gaven.",
    ]
    assert scene.story(scene.stranger, handover, "en")[1] == (
        "Lea Leder took the answer “No, thank you” back and will answer anew. "
        "It is about edition 1 of the gift."
    )


def test_a_question_that_is_taken_back_awaits_nobody(scene: Scene):
    handover = scene.handover()
    scene.does(scene.owner, "clarification", handover, question="Hvem betaler?")
    assert scene.does(scene.leader, "clarification", handover, question="Hvem?").status_code == 200
    scene.does(scene.leader, "pause", handover, until="2026-05-01", reason="Vi flytter.")
    shown = reconsider(scene, handover).json()
    assert {name: shown[name] for name in VOID} == VOID
    assert scene.get(scene.giver, "queue").json()["items"] == []
    queue = scene.get(scene.leader, "queue").json()["items"]
    assert [(task["verb"], task["handover"]["id"]) for task in queue] == [("accept", handover.id)]


@pytest.mark.parametrize("state", ANSWERED)
def test_without_a_receipt_the_second_thought_is_one(scene: Scene, state: State):
    handover = scene.handover(state, days_ago=30)
    has_receipt = handover.acknowledged_at is not None
    shown = scene.does(scene.substitute, "reconsideration", handover).json()
    if has_receipt:
        assert shown["acknowledged_at"] == "2026-01-31T12:00:00Z"
    else:
        assert shown["acknowledged_at"] == "2026-03-02T12:00:00Z"
        assert shown["acknowledged_by_id"] == scene.substitute.id
    assert scene.does(scene.leader, "receipt", handover).status_code == 200
    assert scene.happened(handover) == ["handover.reconsidered"]


def test_the_receipt_bears_the_name_of_the_one_the_secretariat_speaks_for(scene: Scene):
    handover = scene.handover(State.DECLINED)
    body = {"on_behalf_of_id": scene.leader.id}
    shown = scene.does(scene.secretary, "reconsideration", handover, **body).json()
    assert shown["acknowledged_by_id"] == scene.leader.id


def test_who_else_will_feel_it_stays(scene: Scene):
    handover = scene.handover()
    body = {
        "owner_id": scene.owner.id,
        "next_on": "2026-04-01",
        "ripple": {"answer": "units", "unit_ids": [scene.area.id]},
    }
    scene.does(scene.leader, "acceptance", handover, **body)
    shown = reconsider(scene, handover).json()
    assert (shown["ripple"], shown["affected_unit_ids"]) == ("units", [scene.area.id])


@pytest.mark.parametrize("state", [State.RETURNED, State.DECLINED, State.PASSED_ON])
def test_it_is_about_the_gifts_newest_edition_and_that_has_its_own_receipt(
    scene: Scene, state: State
):
    gift = scene.make.gift(network=scene.network, contact=scene.giver, edition=2)
    handover = scene.handover(
        state, gift=gift, edition=1, acknowledged_at=NOON - timedelta(days=9), days_ago=9
    )
    shown = reconsider(scene, handover).json()
    assert (shown["edition"], shown["is_new_edition"]) == (2, True)
    assert shown["acknowledged_at"] == "2026-03-02T12:00:00Z"
    assert shown["acknowledged_by_id"] == scene.leader.id
    (event,) = scene.events(handover)
    assert event.data["edition"] == 2


def test_of_the_same_edition_it_is_not_called_new(scene: Scene):
    shown = reconsider(scene, scene.handover(State.ACCEPTED)).json()
    assert (shown["edition"], shown["is_new_edition"]) == (1, False)


def test_once_is_enough(scene: Scene):
    handover = scene.handover(State.DECLINED)
    seen = f'"{handover.version}"'
    assert reconsider(scene, handover).status_code == 200
    stale, again = reconsider(scene, handover, seen=seen), reconsider(scene, handover)
    assert [stale.json()["code"], again.json()["code"]] == ["stale", "illegal_step"]
    assert scene.happened(handover) == ["handover.reconsidered"]


@pytest.mark.parametrize("state", ANSWERED)
def test_the_owner_and_the_giver_do_not_answer_for_the_leader(scene: Scene, state: State):
    handover = scene.handover(state, owner=scene.owner)
    for person in (scene.owner, scene.giver, scene.secretary):
        assert scene.does(person, "reconsideration", handover).status_code == 403
    assert scene.happened(handover) == []


@pytest.mark.parametrize("state", ANSWERED)
def test_nobody_answers_for_a_unit_that_has_closed(scene: Scene, state: State):
    handover = scene.handover(state)
    scene.unit.closed_on = date(2026, 3, 1)
    scene.make.session.flush()
    behalf = {"on_behalf_of_id": scene.leader.id}
    for response in (
        reconsider(scene, handover),
        scene.does(scene.above, "reconsideration", handover),
        scene.does(scene.secretary, "reconsideration", handover, **behalf),
    ):
        assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert scene.happened(handover) == []


def test_what_nobody_but_the_giver_sees_does_not_exist(scene: Scene):
    hidden = scene.handover(State.PASSED_ON, announced_at=None, delivered_at=None)
    assert reconsider(scene, hidden).status_code == 404
    assert scene.happened(hidden) == []


@pytest.mark.parametrize("state", [State.DECLINED, State.PASSED_ON])
def test_a_unit_never_has_the_same_gift_open_twice(scene: Scene, state: State):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    ended, there = scene.handover(state, gift=gift), scene.handover(gift=gift)
    refused = reconsider(scene, ended)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_given")
    assert refused.json()["handover_id"] == there.id
    assert scene.happened(ended) == []


@pytest.mark.parametrize("state", [State.DECLINED, State.PASSED_ON])
def test_a_place_as_lead_receiver_that_another_has_got_stays_there(scene: Scene, state: State):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    ended = scene.handover(state, gift=gift, kind=Kind.LEAD)
    lead = scene.handover(gift=gift, unit=scene.area, kind=Kind.LEAD)
    assert reconsider(scene, ended).json()["kind"] == "co"
    assert scene.sees(scene.giver, lead)["kind"] == "lead"


@pytest.mark.parametrize("state", ANSWERED)
def test_alone_it_leads_as_before(scene: Scene, state: State):
    handover = scene.handover(state, kind=Kind.LEAD)
    assert reconsider(scene, handover).json()["kind"] == "lead"


@pytest.mark.parametrize("kind", Kind)
def test_the_draft_that_passing_it_on_made_is_withdrawn(scene: Scene, kind: Kind):
    handover = scene.handover(kind=kind)
    draft = passed_on(scene, handover, scene.area)
    shown = reconsider(scene, handover).json()
    assert (shown["state"], shown["kind"]) == ("acknowledged", kind)
    assert {name: shown[name] for name in VOID} == VOID
    there = scene.sees(scene.giver, draft)
    assert (there["state"], there["ended_at"]) == ("withdrawn", "2026-03-02T12:00:00Z")
    assert there["reason"] == "Ungeenheden har taget sit svar tilbage og vil svare om."
    assert scene.happened(draft) == ["handover.drafted", "handover.withdrawn"]
    assert scene.get(scene.giver, "queue").json()["items"] == []
    assert scene.get(scene.leader, f"handovers/{draft.id}").status_code == 404


def test_it_can_be_passed_on_once_more_and_taken_back_once_more(scene: Scene):
    handover = scene.handover(kind=Kind.LEAD)
    first = passed_on(scene, handover, scene.area)
    reconsider(scene, handover)
    second = passed_on(scene, handover, scene.area)
    assert (second.id, second.kind) != (first.id, Kind.CO)
    assert reconsider(scene, handover).json()["kind"] == "lead"
    assert [scene.sees(scene.giver, draft)["state"] for draft in (first, second)] == [
        "withdrawn",
        "withdrawn",
    ]


@pytest.mark.parametrize("kind", Kind)
def test_a_draft_that_was_there_before_stays_and_is_no_longer_asked_for(scene: Scene, kind: Kind):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    draft = scene.handover(State.DRAFT, gift=gift, unit=scene.area, days_ago=1)
    handover = scene.handover(gift=gift, kind=kind)
    assert passed_on(scene, handover, scene.area) is draft
    assert reconsider(scene, handover).json()["kind"] == kind
    there = scene.sees(scene.giver, draft)
    assert (there["state"], there["kind"], there["origin_id"]) == ("draft", "co", None)
    assert scene.get(scene.giver, "queue").json()["items"] == []


def test_a_draft_that_the_giver_has_aimed_elsewhere_is_the_givers_own(scene: Scene):
    handover = scene.handover(kind=Kind.LEAD)
    draft = passed_on(scene, handover, scene.area)
    third = scene.make.unit(name="Skolen", leader=scene.make.person())
    aimed = scene.client(scene.giver).patch(
        f"/api/v1/handovers/{draft.id}", json={"unit_id": third.id}, headers={"If-Match": "*"}
    )
    assert aimed.status_code == 200, aimed.text
    assert reconsider(scene, handover).json()["kind"] == "lead"
    there = scene.sees(scene.giver, draft)
    assert (there["state"], there["unit_id"], there["kind"]) == ("draft", third.id, "co")
    assert there["origin_id"] is None


@pytest.mark.parametrize(
    ("noun", "body"), [("announcement", {}), ("delivery", {"ripple": NO_RIPPLE})]
)
def test_what_has_come_on_to_the_other_unit_is_the_givers_to_open(
    scene: Scene, noun: str, body: dict
):
    handover = scene.handover(kind=Kind.LEAD)
    there = passed_on(scene, handover, scene.area)
    assert scene.does(scene.giver, noun, there, **body).status_code == 200
    refused = reconsider(scene, handover)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert refused.json()["detail"] == (
        "Gaven er nået videre til Børn og Unge. Hører den også til hos jer, så bed giveren om at "
        "åbne overrækkelsen igen."
    )
    assert refused.json()["handover_id"] == there.id
    assert scene.happened(handover) == ["handover.passed_on"]
    reopened = scene.does(scene.giver, "reopening", handover, reason="Begge skal have den.")
    assert (reopened.status_code, reopened.json()["kind"]) == (200, "co")


def test_a_draft_that_the_giver_has_withdrawn_already_is_left_alone(scene: Scene):
    handover = scene.handover(kind=Kind.LEAD)
    draft = passed_on(scene, handover, scene.area)
    scene.does(scene.giver, "withdrawal", draft, reason="Vi venter lidt.")
    assert reconsider(scene, handover).json()["kind"] == "lead"
    assert scene.happened(draft) == ["handover.drafted", "handover.withdrawn"]
    assert scene.sees(scene.giver, draft)["reason"] == "Vi venter lidt."


def test_a_unit_that_had_the_gift_already_keeps_it_and_the_lead(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    there = scene.handover(State.ACCEPTED, gift=gift, unit=scene.area)
    handover = scene.handover(gift=gift, kind=Kind.LEAD)
    passed_on(scene, handover, scene.area)
    assert reconsider(scene, handover).json()["kind"] == "co"
    kept = scene.sees(scene.giver, there)
    assert (kept["state"], kept["kind"]) == ("accepted", "lead")


def test_what_became_of_an_earlier_passing_on_does_not_stand_in_the_way(scene: Scene):
    handover = scene.handover()
    earlier = passed_on(scene, handover, scene.area)
    scene.does(scene.giver, "delivery", earlier, ripple=NO_RIPPLE)
    scene.does(scene.giver, "reopening", handover, reason="Begge skal have den.")
    school = scene.make.unit(name="Skolen", leader=scene.make.person())
    draft = passed_on(scene, handover, school)
    assert reconsider(scene, handover).json()["state"] == "acknowledged"
    assert scene.sees(scene.giver, earlier)["state"] == "delivered"
    assert scene.sees(scene.giver, draft)["state"] == "withdrawn"
