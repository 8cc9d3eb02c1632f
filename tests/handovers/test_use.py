"""Putting in use: part of the daily practice, and what is different now."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import NO_RIPPLE, Scene, pointers


def use(scene: Scene, handover, **body):
    body = {"practice": "Ét fast møde.", "ripple": NO_RIPPLE, **body}
    return scene.does(scene.owner, "use", handover, **body)


def test_from_today_it_is_looked_at_every_quarter(scene: Scene):
    handover = scene.handover(State.ACCEPTED, next_on=date(2026, 4, 1), days_ago=10)
    shown = use(scene, handover).json()
    assert (shown["state"], shown["in_use_since_on"]) == ("in_use", "2026-03-02")
    assert (shown["practice"], shown["next_on"]) == ("Ét fast møde.", None)
    assert shown["life_due_on"] == "2026-05-31"


def test_a_next_date_may_be_agreed(scene: Scene):
    shown = use(scene, scene.handover(State.ACCEPTED), next_on="2026-03-20").json()
    assert shown["life_due_on"] == "2026-03-20"


def test_after_a_trial_its_result_is_needed(scene: Scene):
    handover = scene.handover(State.TRIAL)
    assert pointers(use(scene, handover)) == ["#/trial_result"]
    shown = use(scene, handover, trial_result="9 af 10 kom.").json()
    assert (shown["state"], shown["trial_result"]) == ("in_use", "9 af 10 kom.")


def test_the_read_back_is_needed(scene: Scene):
    handover = scene.handover(State.ACCEPTED, read_back="")
    assert pointers(use(scene, handover)) == ["#/read_back"]
    assert use(scene, handover, read_back="Et møde.").status_code == 200


def test_who_else_will_feel_it_is_answered_each_time_practice_changes(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    ripple = {"answer": "units", "unit_ids": [scene.area.id]}
    assert use(scene, handover, ripple=ripple).json()["affected_unit_ids"] == [scene.area.id]
    assert scene.happened(handover) == ["handover.put_in_use", "handover.ripple_answered"]


def test_not_known_never_wipes_out_what_is_known(scene: Scene):
    handover = scene.handover(State.DRAFT, **{"owner": scene.owner})
    scene.does(
        scene.giver,
        "delivery",
        handover,
        ripple={"answer": "units", "unit_ids": [scene.area.id]},
    )
    scene.does(scene.leader, "acceptance", handover, owner_id=scene.owner.id, next_on="2026-04-01")
    said = {"read_back": "Et møde.", "first_step": "Ring."}
    shown = use(scene, handover, ripple={"answer": "unknown"}, **said).json()
    assert (shown["ripple"], shown["affected_unit_ids"]) == ("units", [scene.area.id])


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"practice": ""}, "#/practice"),
        ({"ripple": None}, "#/ripple"),
        ({"next_on": "2026-03-02"}, "#/next_on"),
    ],
)
def test_what_cannot_be_is_named(scene: Scene, said: dict, pointer: str):
    handover = scene.handover(State.ACCEPTED)
    assert pointers(use(scene, handover, **said)) == [pointer]
    assert scene.happened(handover) == []
