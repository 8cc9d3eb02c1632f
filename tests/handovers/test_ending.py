"""Stopping: the reason, and what was learned."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import NO_RIPPLE, Scene, pointers

STOP = {"reason": "Loven er ny.", "learned": "Mødelederen gør forskellen.", "ripple": NO_RIPPLE}


@pytest.mark.parametrize("state", [State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED])
def test_what_was_learned_is_kept(scene: Scene, state: State):
    handover = scene.handover(state, days_ago=400, paused_until=date(2026, 5, 1))
    shown = scene.does(scene.leader, "ending", handover, **STOP).json()
    assert (shown["state"], shown["ended_at"]) == ("discontinued", "2026-03-02T12:00:00Z")
    assert (shown["reason"], shown["learned"]) == (STOP["reason"], STOP["learned"])
    assert (shown["life_due_on"], shown["paused_until"]) == (None, None)
    assert not shown["is_on_shelf"]


def test_who_will_feel_it_is_answered(scene: Scene):
    handover = scene.handover(State.IN_USE)
    ripple = {"answer": "units", "unit_ids": [scene.area.id]}
    shown = scene.does(scene.leader, "ending", handover, **{**STOP, "ripple": ripple}).json()
    assert shown["affected_unit_ids"] == [scene.area.id]
    assert scene.happened(handover) == ["handover.discontinued", "handover.ripple_answered"]


@pytest.mark.parametrize("field", STOP)
def test_each_answer_is_needed(scene: Scene, field: str):
    said = {name: value for name, value in STOP.items() if name != field}
    response = scene.does(scene.leader, "ending", scene.handover(State.IN_USE), **said)
    assert pointers(response) == [f"#/{field}"]
