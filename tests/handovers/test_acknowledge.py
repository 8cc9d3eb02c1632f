"""Acknowledging: seen and received, with one click. Once is enough."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene, pointers


def test_one_click_is_enough(scene: Scene):
    handover = scene.handover(days_ago=5)
    response = scene.client(scene.leader).post(f"/api/v1/handovers/{handover.id}/receipt")
    shown = response.json()
    assert (response.status_code, shown["state"]) == (200, "acknowledged")
    assert (shown["acknowledged_at"], shown["acknowledged_by_id"]) == (
        "2026-03-02T12:00:00Z",
        scene.leader.id,
    )
    assert shown["life_due_on"] == "2026-03-30"


@pytest.mark.parametrize("second", ["leader", "substitute"])
def test_acknowledging_twice_gives_the_same_receipt(scene: Scene, second: str):
    handover = scene.handover()
    seen = f'"{handover.version}"'
    first = scene.does(scene.leader, "receipt", handover, seen=seen)
    again = scene.does(getattr(scene, second), "receipt", handover, seen=seen)
    assert (again.status_code, again.json()) == (200, first.json())
    assert scene.happened(handover) == ["handover.acknowledged"]


@pytest.mark.parametrize(
    "state", [State.ACKNOWLEDGED, State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED]
)
def test_once_received_another_receipt_changes_nothing(scene: Scene, state: State):
    handover = scene.handover(state)
    response = scene.does(scene.leader, "receipt", handover, seen=None)
    assert (response.status_code, response.json()["state"]) == (200, state)
    assert scene.happened(handover) == []


@pytest.mark.parametrize("state", [State.DECLINED, State.PASSED_ON, State.RETURNED])
def test_a_receipt_from_before_does_not_count_for_what_is_over(scene: Scene, state: State):
    handover = scene.handover(state, acknowledged_at=NOON)
    assert scene.does(scene.leader, "receipt", handover).json()["code"] == "illegal_step"


def test_the_receipt_names_the_substitute_and_the_story_both(scene: Scene):
    handover = scene.handover()
    shown = scene.does(scene.substitute, "receipt", handover).json()
    assert shown["acknowledged_by_id"] == scene.substitute.id
    (told,) = scene.story(scene.leader, handover)
    assert scene.substitute.name in told
    assert scene.leader.name in told


def test_a_pause_that_somebody_has_set_is_not_replaced_unseen(scene: Scene):
    handover = scene.handover()
    may, june = ({"until": f"2026-0{month}-01", "reason": "Travlt."} for month in (5, 6))
    scene.does(scene.leader, "receipt", handover, pause=may)
    key = scene.client(scene.substitute)
    url = f"/api/v1/handovers/{handover.id}/receipt"
    assert key.post(url, json={"pause": june}).status_code == 428
    assert key.post(url, json={"pause": june}, headers={"If-Match": '"99"'}).status_code == 412
    assert key.post(url, json={"pause": may}).status_code == 200
    shown = scene.sees(scene.leader, handover)
    assert (shown["paused_until"], shown["pause_count"]) == ("2026-05-01", 1)


def test_a_receipt_does_not_put_off_what_is_in_use(scene: Scene):
    handover = scene.handover(State.IN_USE)
    pause = {"until": "2026-05-01", "reason": "Travlt."}
    response = scene.does(scene.leader, "receipt", handover, pause=pause)
    assert response.json()["code"] == "illegal_step"


def test_yes_but_not_now_is_a_receipt_with_a_pause(scene: Scene):
    handover = scene.handover()
    pause = {"until": "2026-05-01", "reason": "Vi flytter i april."}
    shown = scene.does(scene.leader, "receipt", handover, pause=pause).json()
    assert (shown["state"], shown["paused_until"]) == ("acknowledged", "2026-05-01")
    assert (shown["life_due_on"], shown["pause_count"]) == ("2026-05-01", 1)
    assert scene.happened(handover) == ["handover.acknowledged", "handover.paused"]
    scene.does(scene.leader, "receipt", handover, pause=pause)
    assert len(scene.happened(handover)) == 2


def test_a_pause_can_be_asked_for_after_the_receipt(scene: Scene):
    handover = scene.handover(State.ACKNOWLEDGED, paused_until=date(2026, 4, 1))
    pause = {"until": "2026-05-01", "reason": "Vi flytter i april."}
    assert (
        scene.does(scene.leader, "receipt", handover, pause=pause).json()["paused_until"]
        == "2026-05-01"
    )


@pytest.mark.parametrize(
    ("pause", "pointer"),
    [
        ({"until": "2026-03-02", "reason": "Nej"}, "#/pause/until"),
        ({"until": "2026-08-30", "reason": "Længe"}, "#/pause/until"),
        ({"until": "i morgen", "reason": "Snart"}, "#/pause/until"),
        ({"until": "2026-05-01"}, "#/pause/reason"),
        ({"until": "2026-05-01", "reason": "To\nlinjer"}, "#/pause/reason"),
    ],
)
def test_a_pause_that_cannot_be_gives_no_receipt_either(scene: Scene, pause, pointer: str):
    handover = scene.handover()
    assert pointers(scene.does(scene.leader, "receipt", handover, pause=pause)) == [pointer]
    assert scene.happened(handover) == []
    assert handover.state is State.DELIVERED
