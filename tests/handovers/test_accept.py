"""Accepting: responsibility moves to the unit, with an owner and a next date."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import NO_RIPPLE, Scene, pointers


def accept(scene: Scene, handover, **body):
    body = {"owner_id": scene.owner.id, "next_on": "2026-04-01", **body}
    return scene.does(scene.leader, "acceptance", handover, **body)


def test_an_owner_and_a_next_date_are_enough(scene: Scene):
    handover = scene.handover(State.ACKNOWLEDGED, paused_until=date(2026, 5, 1))
    shown = accept(scene, handover).json()
    assert (shown["state"], shown["owner_name"]) == ("accepted", scene.owner.name)
    assert shown["next_on"] == shown["life_due_on"] == "2026-04-01"
    assert (shown["paused_until"], shown["ripple"]) == (None, "unknown")
    assert scene.happened(handover) == ["handover.accepted"]


def test_accepting_at_once_is_a_receipt_too(scene: Scene):
    shown = accept(scene, scene.handover()).json()
    assert (shown["acknowledged_at"], shown["acknowledged_by_id"]) == (
        "2026-03-02T12:00:00Z",
        scene.leader.id,
    )


def test_an_earlier_receipt_stands(scene: Scene):
    handover = scene.handover(
        State.ACKNOWLEDGED, acknowledged_by_id=scene.substitute.id, days_ago=3
    )
    shown = accept(scene, handover).json()
    assert shown["acknowledged_by_id"] == scene.substitute.id
    assert shown["acknowledged_at"] == "2026-02-27T12:00:00Z"


def test_the_leader_may_stand_as_owner(scene: Scene):
    handover = scene.handover()
    assert accept(scene, handover, owner_id=scene.leader.id).json()["owner_id"] == scene.leader.id


def test_someone_under_the_unit_may_be_owner(scene: Scene):
    team = scene.make.unit(parent_id=scene.unit.key)
    person = scene.make.person(unit_id=team.key)
    assert accept(scene, scene.handover(), owner_id=person.id).status_code == 200


def test_what_is_said_of_the_plan_and_of_others_is_kept(scene: Scene):
    handover = scene.handover()
    shown = accept(
        scene, handover, read_back="Et møde.", first_step="Ring til Gry.", ripple=NO_RIPPLE
    ).json()
    assert (shown["read_back"], shown["first_step"]) == ("Et møde.", "Ring til Gry.")
    assert shown["ripple"] == "none"
    assert scene.happened(handover) == ["handover.accepted", "handover.ripple_answered"]


def test_the_owners_history_begins(scene: Scene):
    handover = scene.handover()
    accept(scene, handover)
    owners = scene.get(scene.stranger, f"handovers/{handover.id}/owners").json()["items"]
    assert owners == [
        {
            "person_id": scene.owner.id,
            "name": scene.owner.name,
            "from_at": "2026-03-02T12:00:00Z",
            "to_at": None,
        }
    ]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"next_on": "2026-03-02"}, "#/next_on"),
        ({"next_on": "2026-02-30"}, "#/next_on"),
        ({"next_on": "2101-01-01"}, "#/next_on"),
        ({"next_on": None}, "#/next_on"),
        ({"owner_id": 999_999}, "#/owner_id"),
        ({"owner_id": 2**63}, "#/owner_id"),
        ({"owner_id": True}, "#/owner_id"),
        ({"read_back": "Ring til 010280-1234."}, "#/read_back"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_half_done(scene: Scene, said, pointer: str):
    handover = scene.handover()
    assert pointers(accept(scene, handover, **said)) == [pointer]
    assert scene.happened(handover) == []
    assert scene.sees(scene.giver, handover)["state"] == "delivered"


def test_both_the_owner_and_the_next_date_are_asked_for(scene: Scene):
    response = scene.does(scene.leader, "acceptance", scene.handover())
    assert sorted(pointers(response)) == ["#/next_on", "#/owner_id"]


@pytest.mark.parametrize("name", ["above", "stranger", "giver"])
def test_the_owner_belongs_to_the_unit(scene: Scene, name: str):
    response = accept(scene, scene.handover(), owner_id=getattr(scene, name).id)
    assert pointers(response) == ["#/owner_id"]
    assert response.json()["errors"][0]["code"] == "not_in_unit"


def test_who_has_left_cannot_be_owner(scene: Scene):
    scene.owner.left_at = NOON
    assert pointers(accept(scene, scene.handover())) == ["#/owner_id"]
