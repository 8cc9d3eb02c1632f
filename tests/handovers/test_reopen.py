"""Reopening: an ended handover begins once more, from delivery."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from app.handovers.models import Kind
from tests.conftest import NOON
from tests.handovers.scene import Scene, pointers

ENDED = [State.DECLINED, State.PASSED_ON, State.WITHDRAWN, State.DISCONTINUED]


def reopen(scene: Scene, handover):
    return scene.does(scene.giver, "reopening", handover, reason="Der er kommet en ny leder.")


@pytest.mark.parametrize("state", ENDED)
def test_every_ended_handover_can_begin_anew(scene: Scene, state: State):
    handover = scene.handover(state, days_ago=300)
    reopened = reopen(scene, handover).json()
    assert (reopened["state"], reopened["life_due_on"]) == ("delivered", "2026-03-16")
    assert reopened["ended_at"] is None
    (event,) = scene.events(handover, "handover.reopened")
    assert event.data == {"reason": "Der er kommet en ny leder.", "edition": 1}


def test_the_former_answers_are_left_to_the_story(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver, edition=2)
    handover = scene.handover(
        State.DISCONTINUED,
        gift=gift,
        edition=1,
        owner=scene.owner,
        acknowledged_at=NOON,
        accepted_at=NOON,
        in_use_since_on=date(2025, 1, 1),
        read_back="Et møde.",
        reason="Loven er ny.",
        next_on=date(2026, 5, 1),
    )
    reopened = reopen(scene, handover).json()
    assert reopened["edition"] == 2
    for field in ("owner_id", "acknowledged_at", "accepted_at", "in_use_since_on", "next_on"):
        assert reopened[field] is None
    assert (reopened["read_back"], reopened["reason"], reopened["reason_kind"]) == ("", "", None)
    (past,) = scene.get(scene.giver, f"handovers/{handover.id}/owners").json()["items"]
    assert (past["name"], past["to_at"]) == (scene.owner.name, "2026-03-02T12:00:00Z")


@pytest.mark.parametrize("is_older", [True, False], ids=["older", "newer"])
def test_a_unit_never_has_the_same_gift_open_twice(scene: Scene, is_older: bool):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    states = [State.DECLINED, State.ACCEPTED] if is_older else [State.ACCEPTED, State.DECLINED]
    handovers = {state: scene.handover(state, gift=gift) for state in states}
    response = reopen(scene, handovers[State.DECLINED])
    assert (response.status_code, response.json()["code"]) == (409, "already_given")
    assert response.json()["handover_id"] == handovers[State.ACCEPTED].id
    assert handovers[State.DECLINED].state is State.DECLINED


@pytest.mark.parametrize("is_older", [True, False], ids=["older", "newer"])
def test_a_gift_never_has_two_lead_receivers(scene: Scene, is_older: bool):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    other = scene.make.unit()
    lead = None if is_older else scene.handover(gift=gift, unit=other, kind=Kind.LEAD)
    ended = scene.handover(State.DECLINED, gift=gift, kind=Kind.LEAD)
    lead = lead or scene.handover(gift=gift, unit=other, kind=Kind.LEAD)
    assert reopen(scene, ended).json()["kind"] == "co"
    assert scene.sees(scene.giver, lead)["kind"] == "lead"


def test_alone_it_leads_as_before(scene: Scene):
    ended = scene.handover(State.DECLINED, kind=Kind.LEAD)
    assert reopen(scene, ended).json()["kind"] == "lead"


def test_what_delivery_needs_is_needed_again(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver, ask="")
    response = reopen(scene, scene.handover(State.DECLINED, gift=gift))
    assert response.json()["missing"] == ["ask"]


def test_a_reason_must_be_given(scene: Scene):
    handover = scene.handover(State.DECLINED)
    assert pointers(scene.does(scene.giver, "reopening", handover)) == ["#/reason"]


def test_who_would_feel_it_is_asked_anew(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    ripple = {"answer": "units", "unit_ids": [scene.area.id]}
    ending = {"reason": "Slut.", "learned": "En del.", "ripple": ripple}
    assert scene.does(scene.leader, "ending", handover, **ending).status_code == 200
    shown = scene.does(scene.giver, "reopening", handover, reason="Igen.").json()
    assert (shown["ripple"], shown["affected_unit_ids"]) == ("unknown", [])
