"""Naming an owner: the history is kept, and the next date is inherited."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene, pointers


def name(scene: Scene, handover, person, by=None):
    return scene.does(by or scene.leader, "owner", handover, owner_id=person.id)


def owners(scene: Scene, handover) -> list[tuple[str, str | None]]:
    items = scene.get(scene.stranger, f"handovers/{handover.id}/owners").json()["items"]
    return [(item["name"], item["to_at"]) for item in items]


def test_the_present_owner_is_the_last_of_the_history(scene: Scene, app: FastAPI):
    handover = scene.handover(State.ACCEPTED)
    name(scene, handover, scene.colleague)
    app.state.now = NOON + timedelta(days=1)
    assert name(scene, handover, scene.leader).json()["owner_name"] == scene.leader.name
    assert owners(scene, handover) == [
        (scene.owner.name, "2026-03-02T12:00:00Z"),
        (scene.colleague.name, "2026-03-03T12:00:00Z"),
        (scene.leader.name, None),
    ]


def test_the_new_owner_inherits_the_next_date(scene: Scene):
    handover = scene.handover(State.ACCEPTED, next_on=date(2026, 4, 1), days_ago=10)
    shown = name(scene, handover, scene.colleague).json()
    assert shown["next_on"] == shown["life_due_on"] == "2026-04-01"


def test_the_new_owner_does_not_inherit_what_was_overdue(scene: Scene):
    handover = scene.handover(State.IN_USE, next_on=date(2026, 1, 1), days_ago=100)
    assert scene.sees(scene.giver, handover)["is_on_shelf"]
    shown = name(scene, handover, scene.colleague).json()
    assert (shown["life_due_on"], shown["is_on_shelf"]) == ("2026-05-31", False)


def test_naming_the_same_owner_again_changes_nothing(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    response = name(scene, handover, scene.owner)
    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')
    assert scene.happened(handover) == []


def test_an_owner_may_hand_it_to_a_colleague_and_has_no_more_say(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    assert name(scene, handover, scene.colleague, by=scene.owner).status_code == 200
    assert name(scene, handover, scene.owner, by=scene.owner).status_code == 403


@pytest.mark.parametrize("person", ["stranger", "above", "giver"])
def test_the_owner_belongs_to_the_unit(scene: Scene, person: str):
    handover = scene.handover(State.ACCEPTED)
    assert pointers(name(scene, handover, getattr(scene, person))) == ["#/owner_id"]
    assert handover.owner_id == scene.owner.id


def test_who_has_left_or_never_was_cannot_be_owner(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    scene.colleague.left_at = NOON
    assert pointers(name(scene, handover, scene.colleague)) == ["#/owner_id"]
    response = scene.does(scene.leader, "owner", handover, owner_id=999_999)
    assert pointers(response) == ["#/owner_id"]


def test_the_story_says_who_became_owner(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    name(scene, handover, scene.colleague)
    assert scene.colleague.name in scene.story(scene.stranger, handover)[0]
