"""Announcing: a word to the unit that a gift is on its way."""

import pytest

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene


def test_from_now_on_the_unit_sees_it(scene: Scene):
    handover = scene.handover(State.DRAFT)
    assert scene.get(scene.leader, f"handovers/{handover.id}").status_code == 404
    announced = scene.does(scene.giver, "announcement", handover).json()
    assert announced["announced_at"] == "2026-03-02T12:00:00Z"
    assert scene.sees(scene.leader, handover)["state"] == "announced"


def test_nothing_is_expected_of_the_unit_yet(scene: Scene):
    handover = scene.handover(State.DRAFT)
    assert scene.does(scene.giver, "announcement", handover).json()["life_due_on"] is None


def test_the_gift_is_shown_to_all_from_its_first_announcement(scene: Scene):
    gift = scene.make.gift(network=scene.network, is_given=False)
    handover = scene.handover(State.DRAFT, gift=gift)
    assert scene.get(scene.stranger, f"gifts/{gift.id}").status_code == 404
    scene.does(scene.giver, "announcement", handover)
    assert scene.get(scene.stranger, f"gifts/{gift.id}").status_code == 200
    assert gift.given_at == NOON


@pytest.mark.parametrize("field", ["title", "summary", "citizen_value"])
def test_a_gift_needs_a_title_a_summary_and_a_citizen_value(scene: Scene, field: str):
    gift = scene.make.gift(network=scene.network, **{field: " "})
    handover = scene.handover(State.DRAFT, gift=gift)
    response = scene.does(scene.giver, "announcement", handover)
    assert (response.status_code, response.json()["code"]) == (409, "not_ready")
    assert response.json()["missing"] == [field]
    assert handover.state is State.DRAFT


def test_the_rest_of_the_gift_may_wait_until_delivery(scene: Scene):
    gift = scene.make.gift(network=scene.network, ask="", how_to_continue="")
    handover = scene.handover(State.DRAFT, gift=gift)
    assert scene.does(scene.giver, "announcement", handover).status_code == 200


def test_a_closed_unit_gets_no_word(scene: Scene):
    handover = scene.handover(State.DRAFT)
    scene.unit.closed_on = NOON.date()
    assert scene.does(scene.giver, "announcement", handover).status_code == 409
