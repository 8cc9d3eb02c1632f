"""Withdrawing: the giver takes the gift back before anyone has accepted it."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import Scene, pointers

BEFORE_ACCEPTED = [
    State.DRAFT,
    State.ANNOUNCED,
    State.DELIVERED,
    State.ACKNOWLEDGED,
    State.RETURNED,
]


@pytest.mark.parametrize("state", BEFORE_ACCEPTED)
def test_it_is_taken_back_with_a_reason(scene: Scene, state: State):
    handover = scene.handover(state)
    withdrawn = scene.does(scene.giver, "withdrawal", handover, reason="Vi retter den.").json()
    assert (withdrawn["state"], withdrawn["reason"]) == ("withdrawn", "Vi retter den.")
    assert withdrawn["ended_at"] == "2026-03-02T12:00:00Z"
    assert scene.happened(handover) == ["handover.withdrawn"]


def test_nothing_is_waited_for_any_more(scene: Scene):
    handover = scene.handover(days_ago=60, paused_until=date(2026, 6, 1))
    withdrawn = scene.does(scene.giver, "withdrawal", handover, reason="Vi retter den.").json()
    assert (withdrawn["life_due_on"], withdrawn["paused_until"]) == (None, None)
    assert not withdrawn["is_at_door"]


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " \n "}, {"reason": 5}])
def test_a_reason_must_be_given(scene: Scene, body: dict):
    assert pointers(scene.does(scene.giver, "withdrawal", scene.handover(), **body)) == ["#/reason"]
