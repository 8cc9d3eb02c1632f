"""Declining: no thank you, and why."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import Scene, pointers

NO = {"reason_kind": "no_capacity", "reason": "Vi er tre for få."}


@pytest.mark.parametrize("state", [State.DELIVERED, State.ACKNOWLEDGED, State.ACCEPTED])
def test_a_no_is_an_answer_with_a_reason(scene: Scene, state: State):
    handover = scene.handover(state, days_ago=90, paused_until=date(2026, 5, 1))
    shown = scene.does(
        scene.leader, "refusal", handover, **NO, counter_proposal="Spørg til august."
    ).json()
    assert (shown["state"], shown["reason_kind"]) == ("declined", "no_capacity")
    assert (shown["reason"], shown["counter_proposal"]) == (
        "Vi er tre for få.",
        "Spørg til august.",
    )
    assert (shown["ended_at"], shown["life_due_on"]) == ("2026-03-02T12:00:00Z", None)
    assert shown["paused_until"] is None
    assert scene.happened(handover) == ["handover.declined"]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"reason_kind": "boring"}, "#/reason_kind"),
        ({"reason_kind": None}, "#/reason_kind"),
        ({"reason": ""}, "#/reason"),
        ({"reason": "Se sagen på 010280-1234"}, "#/reason"),
        ({"counter_proposal": "\x00"}, "#/counter_proposal"),
    ],
)
def test_what_cannot_be_is_named(scene: Scene, said: dict, pointer: str):
    response = scene.does(scene.leader, "refusal", scene.handover(), **{**NO, **said})
    assert pointers(response) == [pointer]
