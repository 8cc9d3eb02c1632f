"""Pausing: quiet until a day, counted, and never longer than 180 days at a time."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene, pointers

HELD = [
    State.DELIVERED,
    State.ACKNOWLEDGED,
    State.ACCEPTED,
    State.TRIAL,
    State.IN_USE,
    State.ANCHORED,
]


def pause(scene: Scene, handover, until: str, reason: str = "Vi flytter."):
    return scene.does(scene.leader, "pause", handover, until=until, reason=reason)


def resume(scene: Scene, handover):
    return scene.does(scene.leader, "pause", handover, method="DELETE")


@pytest.mark.parametrize("state", HELD)
def test_the_state_stays_and_nothing_is_due_before_the_pause_ends(scene: Scene, state: State):
    handover = scene.handover(state, days_ago=400)
    shown = pause(scene, handover, "2026-05-01").json()
    assert (shown["state"], shown["paused_until"]) == (state, "2026-05-01")
    assert (shown["life_due_on"], shown["dust_days"]) == ("2026-05-01", 0)
    assert (shown["pause_reason"], shown["pause_count"]) == ("Vi flytter.", 1)


def test_the_pauses_are_counted(scene: Scene):
    handover = scene.handover(pause_count=2)
    assert pause(scene, handover, "2026-05-01").json()["pause_count"] == 3
    assert pause(scene, handover, "2026-06-01").json()["pause_count"] == 4


@pytest.mark.parametrize(
    ("days", "is_long_enough"), [(-1, False), (0, False), (1, True), (180, True), (181, False)]
)
def test_a_pause_ends_ahead_and_within_180_days(scene: Scene, days: int, is_long_enough: bool):
    until = (NOON.date() + timedelta(days=days)).isoformat()
    response = pause(scene, scene.handover(), until)
    if is_long_enough:
        assert response.status_code == 200
    else:
        assert pointers(response) == ["#/until"]
        assert response.json()["errors"][0]["code"] == "pause_out_of_range"


def test_a_pause_needs_a_reason(scene: Scene):
    assert pointers(pause(scene, scene.handover(), "2026-05-01", "")) == ["#/reason"]


def test_ending_the_pause_is_a_sign_of_life(scene: Scene):
    handover = scene.handover(paused_until=date(2026, 5, 1), pause_reason="Vi flytter.")
    shown = resume(scene, handover).json()
    assert (shown["paused_until"], shown["pause_reason"]) == (None, "")
    assert shown["life_due_on"] == "2026-03-16"


def test_an_agreed_day_counts_again_after_the_pause(scene: Scene):
    handover = scene.handover(
        State.ACCEPTED, paused_until=date(2026, 5, 1), next_on=date(2026, 4, 1)
    )
    assert resume(scene, handover).json()["life_due_on"] == "2026-04-01"


@pytest.mark.parametrize("paused_until", [None, date(2026, 3, 2), date(2026, 2, 1)])
def test_only_what_is_paused_can_be_resumed(scene: Scene, paused_until: date | None):
    response = resume(scene, scene.handover(days_ago=60, paused_until=paused_until))
    assert (response.status_code, response.json()["code"]) == (409, "conflict")


def test_the_day_after_the_pause_it_is_at_the_door_again(scene: Scene, app: FastAPI):
    handover = scene.handover()
    pause(scene, handover, "2026-05-01")
    app.state.now = NOON + timedelta(days=60)
    assert not scene.sees(scene.giver, handover)["is_at_door"]
    app.state.now = NOON + timedelta(days=61)
    assert scene.sees(scene.giver, handover)["dust_days"] == 1
    assert scene.sees(scene.giver, handover)["is_at_door"]


def test_a_pause_agreed_before_the_gift_arrives_still_holds_when_it_does(scene: Scene):
    handover = scene.handover(State.ANNOUNCED)
    until = "2026-04-13"
    scene.does(scene.leader, "pause", handover, until=until, reason="Vi flytter i marts.")
    delivered = scene.does(scene.giver, "delivery", handover, ripple={"answer": "none"}).json()
    assert (delivered["state"], delivered["life_due_on"]) == ("delivered", until)
