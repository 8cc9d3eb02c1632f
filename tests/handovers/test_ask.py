"""Asking: it goes back to the giver with a question."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import NO_RIPPLE, Scene, pointers


@pytest.mark.parametrize("state", [State.DELIVERED, State.ACKNOWLEDGED])
def test_it_is_the_givers_turn(scene: Scene, state: State):
    handover = scene.handover(state, paused_until=date(2026, 5, 1), days_ago=40)
    shown = scene.does(scene.leader, "clarification", handover, question="Hvem betaler?").json()
    assert (shown["state"], shown["question"]) == ("returned", "Hvem betaler?")
    assert (shown["life_due_on"], shown["paused_until"]) == (None, None)
    assert not shown["is_at_door"]
    assert not shown["is_on_shelf"]


def test_the_giver_answers_by_delivering_again(scene: Scene):
    handover = scene.handover()
    scene.does(scene.leader, "clarification", handover, question="Hvem betaler?")
    answered = scene.does(scene.giver, "delivery", handover, ripple=NO_RIPPLE).json()
    assert (answered["state"], answered["question"]) == ("delivered", "Hvem betaler?")
    assert scene.happened(handover)[:2] == ["handover.returned", "handover.delivered"]


@pytest.mark.parametrize("body", [{}, {"question": ""}, {"question": "x" * 4001}])
def test_a_question_must_be_asked(scene: Scene, body: dict):
    response = scene.does(scene.leader, "clarification", scene.handover(), **body)
    assert pointers(response) == ["#/question"]
