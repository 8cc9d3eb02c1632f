"""The plan: the read-back, the first step and the next date, written when the unit is ready."""

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import PLANNED, Scene, pointers


@pytest.mark.parametrize("state", [State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED])
def test_it_can_be_written_as_long_as_the_unit_has_the_gift(scene: Scene, state: State):
    handover = scene.handover(state, read_back="Et møde.", first_step="Vi ser på det.", days_ago=5)
    shown = scene.does(scene.owner, "plan", handover, **PLANNED, next_on="2026-04-01").json()
    assert {name: shown[name] for name in PLANNED} == PLANNED
    assert shown["next_on"] == shown["life_due_on"] == "2026-04-01"
    assert shown["last_life_at"] == "2026-03-02T12:00:00Z"


def test_what_is_left_out_stays(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    shown = scene.does(scene.owner, "plan", handover, first_step="Ring til Gry.").json()
    assert (shown["read_back"], shown["first_step"]) == (PLANNED["read_back"], "Ring til Gry.")
    (event,) = scene.events(handover, "handover.planned")
    written = {name: value for name, value in event.data.items() if value is not None}
    assert written == {"fields": ["first_step"], "first_step": "Ring til Gry."}


@pytest.mark.parametrize("body", [{}, PLANNED])
def test_nothing_new_is_no_sign_of_life(scene: Scene, body: dict):
    handover = scene.handover(State.ACCEPTED, days_ago=5)
    shown = scene.does(scene.owner, "plan", handover, **body).json()
    assert (shown["last_life_at"], shown["version"]) == ("2026-02-25T12:00:00Z", 1)
    assert scene.happened(handover) == []


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"read_back": ""}, "#/read_back"),
        ({"first_step": None}, "#/first_step"),
        ({"next_on": None}, "#/next_on"),
        ({"next_on": "2026-03-02"}, "#/next_on"),
        ({"next_on": "2026-3-9"}, "#/next_on"),
    ],
)
def test_what_cannot_be_is_named(scene: Scene, said: dict, pointer: str):
    handover = scene.handover(State.ACCEPTED)
    assert pointers(scene.does(scene.owner, "plan", handover, **said)) == [pointer]
    assert scene.happened(handover) == []


def test_how_long_the_network_stays_available_is_agreed_with_when_it_may_end(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    agreed = {"support_until_on": "2026-06-30", "exit_criteria": "Tre møder uden os."}
    shown = scene.does(scene.owner, "plan", handover, **agreed).json()
    assert {name: shown[name] for name in agreed} == agreed
    (event,) = scene.events(handover, "handover.planned")
    assert set(event.data["fields"]) == set(agreed)


def test_an_answer_that_says_nothing_new_is_no_sign_of_life(scene: Scene):
    handover = scene.handover(State.IN_USE, days_ago=200)
    answer = {"answer": "unknown"}
    client = scene.client(scene.owner)
    url = f"/api/v1/handovers/{handover.id}/ripple"
    assert client.put(url, json=answer, headers={"If-Match": "*"}).status_code == 200
    assert scene.sees(scene.owner, handover)["is_on_shelf"]
    assert scene.happened(handover) == []
