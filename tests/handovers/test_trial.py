"""Trying: something to find out, and an end."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import PLANNED, Scene, pointers


def try_it(scene: Scene, handover, **body):
    body = {"question": "Kommer de unge?", "to_on": "2026-06-01", **body}
    return scene.does(scene.owner, "trial", handover, **body)


def test_the_end_of_the_trial_is_the_next_date(scene: Scene):
    handover = scene.handover(
        State.ACCEPTED, next_on=date(2026, 4, 1), paused_until=date(2026, 5, 1)
    )
    shown = try_it(scene, handover).json()
    assert (shown["state"], shown["trial_question"]) == ("trial", "Kommer de unge?")
    assert (shown["trial_from_on"], shown["trial_to_on"]) == ("2026-03-02", "2026-06-01")
    assert shown["next_on"] == shown["life_due_on"] == "2026-06-01"
    assert shown["paused_until"] is None


def test_a_trial_can_begin_later_and_be_looked_at_on_the_way(scene: Scene):
    shown = try_it(
        scene, scene.handover(State.ACCEPTED), from_on="2026-03-10", next_on="2026-04-10"
    ).json()
    assert shown["trial_from_on"] == "2026-03-10"
    assert shown["next_on"] == shown["life_due_on"] == "2026-04-10"


def test_a_next_date_after_the_trial_waits_for_the_trial(scene: Scene):
    shown = try_it(scene, scene.handover(State.ACCEPTED), next_on="2026-08-10").json()
    assert shown["life_due_on"] == "2026-06-01"


def test_the_unit_must_have_said_in_its_own_words_what_it_got(scene: Scene):
    handover = scene.handover(State.ACCEPTED, read_back="", first_step="")
    assert pointers(try_it(scene, handover)) == ["#/read_back", "#/first_step"]
    assert pointers(try_it(scene, handover, read_back="Et møde.")) == ["#/first_step"]
    shown = try_it(scene, handover, **PLANNED).json()
    assert (shown["state"], shown["read_back"]) == ("trial", PLANNED["read_back"])


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"question": ""}, "#/question"),
        ({"to_on": "2026-03-02"}, "#/to_on"),
        ({"from_on": "2026-07-01"}, "#/to_on"),
        ({"from_on": "2026-06-01"}, "#/to_on"),
        ({"to_on": None}, "#/to_on"),
        ({"to_on": 1780000000}, "#/to_on"),
        ({"next_on": "2026-03-01"}, "#/next_on"),
        ({"read_back": None}, "#/read_back"),
    ],
)
def test_what_cannot_be_is_named(scene: Scene, said: dict, pointer: str):
    handover = scene.handover(State.ACCEPTED)
    assert pointers(try_it(scene, handover, **said)) == [pointer]
    assert handover.state is State.ACCEPTED
