"""Delivering: the gift is handed over, and the clock starts."""

import pytest

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import NO_RIPPLE, Scene, pointers


def deliver(scene: Scene, handover, ripple=NO_RIPPLE):
    return scene.does(scene.giver, "delivery", handover, ripple=ripple)


@pytest.mark.parametrize("state", [State.DRAFT, State.ANNOUNCED, State.RETURNED])
def test_the_unit_has_ten_working_days(scene: Scene, state: State):
    delivered = deliver(scene, scene.handover(state, days_ago=20)).json()
    assert delivered["state"] == "delivered"
    assert delivered["delivered_at"] == delivered["last_life_at"] == "2026-03-02T12:00:00Z"
    assert delivered["life_due_on"] == "2026-03-16"


def test_all_that_is_missing_is_said_at_once(scene: Scene):
    gift = scene.make.gift(network=scene.network, ask="", baseline=" ", contact=scene.stranger)
    scene.stranger.mail = None
    scene.leader.mail = scene.substitute.mail = None
    handover = scene.handover(State.DRAFT, gift=gift)
    response = deliver(scene, handover)
    assert (response.status_code, response.json()["code"]) == (409, "not_ready")
    assert response.json()["missing"] == [
        "ask",
        "baseline",
        "contact_phone_or_mail",
        "reachable_leader",
    ]
    assert scene.happened(handover) == []


def test_a_contact_person_who_has_left_is_no_contact(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.stranger)
    scene.stranger.left_at = NOON
    response = deliver(scene, scene.handover(State.DRAFT, gift=gift))
    assert response.json()["missing"] == ["contacts"]


def test_where_the_post_is_vacant_the_leader_above_must_be_reachable(scene: Scene):
    scene.leaves_vacant()
    assert deliver(scene, scene.handover(State.DRAFT)).status_code == 200
    scene.above.mail = None
    response = deliver(scene, scene.handover(State.DRAFT))
    assert response.json()["missing"] == ["reachable_leader"]
    scene.above.phone = "12345678"
    assert deliver(scene, scene.handover(State.DRAFT)).status_code == 200


def test_the_units_that_will_feel_it_are_kept(scene: Scene):
    handover, other = scene.handover(State.DRAFT), scene.make.unit(name="Skolen")
    ripple = {"answer": "units", "unit_ids": [other.id, scene.area.id, other.id]}
    delivered = deliver(scene, handover, ripple).json()
    assert delivered["ripple"] == "units"
    assert delivered["affected_unit_ids"] == sorted([scene.area.id, other.id])
    assert len(scene.events(handover, "handover.ripple_answered")) == 1


def test_not_known_yet_is_an_answer_too(scene: Scene):
    handover = scene.handover(State.DRAFT)
    assert deliver(scene, handover, {"answer": "unknown"}).json()["ripple"] == "unknown"
    assert scene.happened(handover) == ["handover.delivered"]


@pytest.mark.parametrize(
    ("ripple", "pointer"),
    [
        ({"answer": "units"}, "#/ripple/unit_ids"),
        ({"answer": "none", "unit_ids": [1]}, "#/ripple/unit_ids"),
        ({"answer": "perhaps"}, "#/ripple/answer"),
        ({"answer": "units", "unit_ids": [0]}, "#/ripple/unit_ids/0"),
        ({"answer": "units", "unit_ids": [999_999]}, "#/ripple/unit_ids/0"),
        ({}, "#/ripple/answer"),
    ],
)
def test_what_it_means_for_others_must_be_answered_clearly(scene: Scene, ripple, pointer: str):
    handover = scene.handover(State.DRAFT)
    assert pointers(deliver(scene, handover, ripple)) == [pointer]
    assert scene.happened(handover) == []


def test_the_receiver_is_not_one_of_the_others(scene: Scene):
    ripple = {"answer": "units", "unit_ids": [scene.area.id, scene.unit.id]}
    assert pointers(deliver(scene, scene.handover(State.DRAFT), ripple)) == ["#/ripple/unit_ids/1"]


def test_after_a_question_it_comes_in_the_edition_of_now_and_without_a_receipt(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver, edition=3)
    handover = scene.handover(
        State.RETURNED, gift=gift, edition=2, acknowledged_at=NOON, question="Hvem betaler?"
    )
    delivered = deliver(scene, handover).json()
    assert (delivered["edition"], delivered["acknowledged_at"]) == (3, None)
    (event,) = scene.events(handover, "handover.delivered")
    assert event.data == {"unit_id": scene.unit.id, "edition": 3}


def test_a_giver_who_also_stands_in_for_the_leader_gives_in_their_own_name(scene: Scene):
    scene.make.member(scene.network, scene.substitute)
    handover = scene.handover(State.DRAFT)
    scene.does(scene.substitute, "delivery", handover, ripple=NO_RIPPLE)
    (event,) = scene.events(handover, "handover.delivered")
    assert (event.actor_id, event.on_behalf_of_id) == (scene.substitute.id, None)
