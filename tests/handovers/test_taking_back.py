"""A unit takes back what it has asked for, as long as the giver has not answered."""

import pytest

from app.gifts.models import Gift
from app.handovers.lifecycle import State
from tests.handovers.scene import NO_RIPPLE, Scene
from tests.handovers.test_requests import asked
from tests.handovers.test_requests import gift as gift


@pytest.mark.parametrize("who", ["leader", "substitute"])
def test_the_unit_takes_back_what_it_has_asked_for(scene: Scene, gift: Gift, who: str):
    handover = asked(scene, gift)
    taken = scene.does(getattr(scene, who), "withdrawal", handover, reason="Vi har ingen unge.")
    assert (taken.status_code, taken.json()["state"]) == (200, "withdrawn")
    event = scene.events(handover)[-1]
    assert (event.type, event.data["reason"]) == (
        "handover.request_taken_back",
        "Vi har ingen unge.",
    )
    assert (event.on_behalf_of_id is None) is (who == "leader")
    assert scene.sees(scene.leader, handover)["reason"] == "Vi har ingen unge."
    assert asked(scene, gift).id != handover.id


def test_the_secretariat_takes_a_request_back_for_a_named_person(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    for_leader = {"reason": "De har ringet.", "on_behalf_of_id": scene.leader.id}
    assert scene.does(scene.secretary, "withdrawal", handover, **for_leader).is_success
    event = scene.events(handover)[-1]
    assert (event.type, event.on_behalf_of_id) == ("handover.request_taken_back", scene.leader.id)


def test_the_givers_no_is_not_the_units_second_thought(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    assert scene.does(scene.giver, "withdrawal", handover, reason="Ikke i år.").is_success
    assert scene.happened(handover) == ["handover.requested", "handover.withdrawn"]


def test_taken_back_twice_it_is_taken_back_once(scene: Scene, gift: Gift):
    handover = asked(scene, gift)
    assert scene.does(scene.leader, "withdrawal", handover, reason="Nej.").is_success
    again = scene.does(scene.substitute, "withdrawal", handover, reason="Nej.")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_step")
    assert scene.happened(handover) == ["handover.requested", "handover.request_taken_back"]


@pytest.mark.parametrize("verb", ["announcement", "delivery"])
def test_what_the_giver_has_answered_is_the_givers_to_withdraw(scene: Scene, gift: Gift, verb: str):
    handover = asked(scene, gift)
    answer = {"ripple": NO_RIPPLE} if verb == "delivery" else {}
    assert scene.does(scene.giver, verb, handover, **answer).is_success
    refused = scene.does(scene.leader, "withdrawal", handover, reason="Nej.")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert "indtil giveren har svaret" in refused.json()["detail"]


def test_a_draft_that_nobody_asked_for_is_not_the_units(scene: Scene):
    draft = scene.handover(State.DRAFT)
    assert scene.does(scene.leader, "withdrawal", draft, reason="Nej.").status_code == 404
