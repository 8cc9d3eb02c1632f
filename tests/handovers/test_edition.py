"""A new edition of a gift: receipts are void, trials keep theirs and are offered the new one."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import Scene, pointers
from tests.make import FILLED

BEFORE_TRIAL = [State.DELIVERED, State.ACKNOWLEDGED, State.ACCEPTED]
FROM_TRIAL_ON = [State.TRIAL, State.IN_USE, State.ANCHORED]
UNTOUCHED = [
    State.DRAFT,
    State.ANNOUNCED,
    State.RETURNED,
    State.DECLINED,
    State.PASSED_ON,
    State.WITHDRAWN,
    State.DISCONTINUED,
]


@pytest.fixture
def gift(scene: Scene):
    return scene.make.gift(network=scene.network, contact=scene.giver)


def change_gift(scene: Scene, gift, change: str = "material"):
    response = scene.client(scene.giver).patch(
        f"/api/v1/gifts/{gift.id}",
        json={"ask": "To mødeledere.", "change": change, "changes": "Vi beder om to mødeledere."},
        headers={"If-Match": "*"},
    )
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("state", BEFORE_TRIAL)
def test_before_a_trial_it_is_delivered_anew_and_the_receipt_is_void(
    scene: Scene, gift, state: State
):
    handover = scene.handover(
        state, gift=gift, days_ago=40, paused_until=date(2026, 5, 1), next_on=date(2026, 4, 1)
    )
    change_gift(scene, gift)
    shown = scene.sees(scene.leader, handover)
    assert (shown["state"], shown["edition"], shown["is_new_edition"]) == ("delivered", 2, True)
    assert (shown["acknowledged_at"], shown["accepted_at"]) == (None, None)
    assert (shown["paused_until"], shown["next_on"]) == (None, None)
    assert shown["life_due_on"] == "2026-03-16"
    (event,) = scene.events(handover)
    assert event.type == "handover.receipt_voided"
    assert event.data == {"edition": 2, "former_state": state}


@pytest.mark.parametrize("state", FROM_TRIAL_ON)
def test_from_a_trial_on_it_keeps_its_edition_and_is_offered_the_new_one(
    scene: Scene, gift, state: State
):
    handover = scene.handover(state, gift=gift, days_ago=40)
    before = scene.sees(scene.leader, handover)
    change_gift(scene, gift)
    shown = scene.sees(scene.leader, handover)
    assert (shown["state"], shown["edition"]) == (state, 1)
    assert (shown["is_new_edition"], shown["newest_edition"]) == (True, 2)
    assert shown["life_due_on"] == before["life_due_on"]
    assert scene.happened(handover) == ["handover.edition_offered"]


@pytest.mark.parametrize("state", UNTOUCHED)
def test_what_is_not_with_the_unit_is_left_alone(scene: Scene, gift, state: State):
    handover = scene.handover(state, gift=gift)
    change_gift(scene, gift)
    assert (handover.state, handover.version) == (state, 1)
    assert scene.happened(handover) == []


def test_a_minor_change_disturbs_nobody(scene: Scene, gift):
    handovers = [scene.handover(state, gift=gift, unit=scene.make.unit()) for state in BEFORE_TRIAL]
    change_gift(scene, gift, "minor")
    assert [handover.state for handover in handovers] == BEFORE_TRIAL
    assert [scene.happened(handover) for handover in handovers] == [[], [], []]


def test_other_gifts_are_left_alone(scene: Scene, gift):
    other = scene.handover(State.ACKNOWLEDGED)
    change_gift(scene, gift)
    assert other.state is State.ACKNOWLEDGED


def test_a_voided_receipt_is_given_anew(scene: Scene, gift):
    handover = scene.handover(State.ACKNOWLEDGED, gift=gift)
    change_gift(scene, gift)
    assert scene.does(scene.leader, "receipt", handover).json()["state"] == "acknowledged"
    assert scene.happened(handover) == ["handover.receipt_voided", "handover.acknowledged"]


def test_accepting_the_new_edition_takes_away_its_mark(scene: Scene, gift):
    handover = scene.handover(State.ACCEPTED, gift=gift)
    change_gift(scene, gift)
    shown = scene.does(
        scene.leader, "acceptance", handover, owner_id=scene.owner.id, next_on="2026-04-01"
    ).json()
    assert (shown["edition"], shown["is_new_edition"]) == (2, False)


@pytest.mark.parametrize("state", FROM_TRIAL_ON)
def test_a_unit_takes_the_new_edition_when_it_likes(scene: Scene, gift, state: State):
    handover = scene.handover(state, gift=gift)
    change_gift(scene, gift)
    change_gift(scene, gift, "minor")
    shown = scene.does(scene.owner, "edition", handover).json()
    assert (shown["state"], shown["edition"], shown["is_new_edition"]) == (state, 2, False)
    (event,) = scene.events(handover, "handover.edition_taken")
    assert event.data == {"edition": 2}


def test_who_has_the_newest_edition_takes_nothing(scene: Scene, gift):
    handover = scene.handover(State.IN_USE, gift=gift)
    response = scene.does(scene.owner, "edition", handover)
    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')
    assert scene.happened(handover) == []


def test_a_unit_that_keeps_its_edition_reads_what_that_edition_says(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    handover = scene.handover(State.TRIAL, gift=gift)
    changed = scene.client(scene.giver).patch(
        f"/api/v1/gifts/{gift.id}",
        json={"ask": "To møder.", "change": "material", "changes": "Et møde mere."},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 200
    shown = scene.sees(scene.owner, handover)
    assert (shown["edition"], shown["newest_edition"]) == (1, 2)
    assert shown["ask"] == FILLED["ask"]


def test_a_gift_that_has_been_given_is_not_emptied(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    response = scene.client(scene.giver).patch(
        f"/api/v1/gifts/{gift.id}",
        json={"ask": "", "baseline": "", "change": "material", "changes": "Kortere."},
        headers={"If-Match": "*"},
    )
    assert pointers(response) == ["#/ask", "#/baseline"]
