"""Anchoring: the leader calls it part of the day, and somebody else confirms."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene, pointers

LOOKED_AT = {"success": "9 af 10", "citizen_value": "Ja, planen er kendt."}


def in_use(scene: Scene, days: int = 180, **over):
    since = NOON.date() - timedelta(days=days)
    return scene.handover(State.IN_USE, in_use_since_on=since, **over)


def propose(scene: Scene, handover, person=None, **said):
    return scene.does(person or scene.leader, "anchoring", handover, **LOOKED_AT, **said)


def confirm(scene: Scene, person, handover):
    return scene.does(person, "anchoring/confirmation", handover)


def test_it_is_in_use_until_somebody_else_has_confirmed(scene: Scene):
    handover = in_use(scene)
    proposed = propose(scene, handover).json()
    assert (proposed["state"], proposed["anchoring_proposed_by_id"]) == ("in_use", scene.leader.id)
    assert (proposed["success"], proposed["citizen_value_now"]) == tuple(LOOKED_AT.values())
    anchored = confirm(scene, scene.above, handover).json()
    assert (anchored["state"], anchored["life_due_on"]) == ("anchored", "2027-03-02")
    (event,) = scene.events(handover, "handover.anchored")
    assert event.data == {"proposed_by_id": scene.leader.id}


def test_it_must_have_been_in_use_for_180_days(scene: Scene, app: FastAPI):
    handover = in_use(scene, days=179)
    early = propose(scene, handover)
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    assert early.json()["earliest_on"] == "2026-03-03"
    app.state.now = NOON + timedelta(days=1)
    assert propose(scene, handover).status_code == 200


def test_there_is_nothing_to_confirm_before_the_leader_has_said_so(scene: Scene):
    handover = in_use(scene)
    response = confirm(scene, scene.giver, handover)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert handover.state is State.IN_USE


def test_who_proposed_it_does_not_confirm_it(scene: Scene):
    scene.make.member(scene.network, scene.leader)
    handover = in_use(scene)
    propose(scene, handover)
    assert confirm(scene, scene.leader, handover).status_code == 403
    assert confirm(scene, scene.giver, handover).status_code == 200


def test_a_substitutes_proposal_is_not_confirmed_by_the_leader_it_was_for(scene: Scene):
    scene.make.member(scene.network, scene.leader)
    handover = in_use(scene)
    propose(scene, handover, scene.substitute)
    assert confirm(scene, scene.leader, handover).status_code == 403


def test_the_owner_never_confirms_whatever_else_they_are(scene: Scene):
    scene.make.member(scene.network, scene.owner)
    scene.make.post(scene.area, scene.owner)
    handover = in_use(scene)
    propose(scene, handover)
    assert confirm(scene, scene.owner, handover).status_code == 403


def test_where_the_post_is_vacant_the_one_above_proposes_and_the_next_one_confirms(scene: Scene):
    top_leader = scene.make.person()
    top = scene.make.unit(leader=top_leader)
    scene.area.parent_id = top.key
    scene.leaves_vacant()
    handover = in_use(scene)
    assert confirm(scene, top_leader, handover).status_code == 409
    assert propose(scene, handover, scene.above).status_code == 200
    assert confirm(scene, scene.above, handover).status_code == 403
    assert confirm(scene, top_leader, handover).status_code == 200


@pytest.mark.parametrize("field", LOOKED_AT)
def test_success_and_citizen_value_are_looked_at_again(scene: Scene, field: str):
    said = {**LOOKED_AT, field: ""}
    response = scene.does(scene.leader, "anchoring", in_use(scene), **said)
    assert pointers(response) == [f"#/{field}"]


def test_a_pause_and_an_agreed_day_are_over_when_it_is_anchored(scene: Scene):
    handover = in_use(scene, next_on=date(2026, 4, 1), paused_until=date(2026, 5, 1))
    propose(scene, handover)
    anchored = confirm(scene, scene.giver, handover).json()
    assert (anchored["next_on"], anchored["paused_until"]) == (None, None)


def test_who_enters_a_proposal_for_the_leader_does_not_confirm_it(scene: Scene):
    handover = in_use(scene)
    propose(scene, handover, scene.secretary, on_behalf_of_id=scene.leader.id)
    assert confirm(scene, scene.secretary, handover).status_code == 403
    assert confirm(scene, scene.giver, handover).status_code == 200


def test_an_owner_does_not_confirm_in_the_name_of_the_giver(scene: Scene):
    handover = in_use(scene, owner=scene.secretary)
    propose(scene, handover)
    refused = scene.does(
        scene.secretary, "anchoring/confirmation", handover, on_behalf_of_id=scene.giver.id
    )
    assert refused.status_code == 403
