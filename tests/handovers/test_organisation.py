"""Units close and merge, and leaders leave: the handover belongs to the unit, not to a person."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.handovers.lifecycle import ENDED, State
from app.notifications.models import Notification
from app.notifications.reminders import scan
from tests.conftest import NOON
from tests.handovers.scene import Scene


def close(scene: Scene, unit, successor=None):
    body = {} if successor is None else {"successor_id": successor.id}
    response = scene.client(scene.secretary).post(
        f"/api/v1/units/{unit.id}/closing", json=body, headers={"If-Match": "*"}
    )
    assert response.status_code == 200, response.text


def leaves(scene: Scene, person):
    response = scene.client(scene.make.administrator()).post(
        f"/api/v1/people/{person.id}/departure", headers={"If-Match": "*"}
    )
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("state", sorted(set(State) - ENDED))
def test_a_closed_units_open_handovers_move_to_its_successor(scene: Scene, state: State):
    successor = scene.make.unit(name="Ungehuset", leader=scene.stranger)
    handover = scene.handover(state)
    close(scene, scene.unit, successor)
    shown = scene.sees(scene.giver, handover)
    assert (shown["unit_id"], shown["state"]) == (successor.id, state)
    assert not shown["needs_unit"]
    (event,) = scene.events(handover)
    assert event.type == "handover.moved"
    assert event.data == {"from_unit_id": scene.unit.id, "to_unit_id": successor.id}


def test_the_successors_leader_answers_and_the_owner_stays(scene: Scene):
    successor = scene.make.unit(name="Ungehuset", leader=scene.stranger)
    waiting, taken = scene.handover(), scene.handover(State.ACCEPTED)
    close(scene, scene.unit, successor)
    assert scene.does(scene.leader, "receipt", waiting).status_code == 403
    assert scene.does(scene.stranger, "receipt", waiting).status_code == 200
    assert scene.does(scene.owner, "plan", taken, first_step="Ring.").status_code == 200
    again = scene.does(
        scene.stranger,
        "acceptance",
        waiting,
        owner_id=scene.colleague.id,
        next_on="2026-04-01",
    )
    assert again.status_code == 200, again.text


def test_who_gets_an_unanswered_one_with_their_unit_is_reminded_before_anyone_above(
    scene: Scene, session
):
    """And has the patience that those before them had; a day that was agreed stands."""
    above = scene.make.person()
    successor = scene.make.unit(
        name="Ungehuset", leader=scene.stranger, parent_id=scene.make.unit(leader=above).key
    )
    silent, agreed = scene.handover(days_ago=60), scene.handover(State.ACCEPTED)
    scan(lambda work: work(session), now=NOON - timedelta(days=7))
    due_on = agreed.life_due_on
    close(scene, scene.unit, successor)
    session.expire_all()
    assert (silent.life_due_on, agreed.life_due_on) == (date(2026, 3, 16), due_on)
    before = select(Notification.read_at).where(Notification.handover_id == silent.key)
    assert session.exec(before).all() == [NOON]

    told = []
    for days in (0, 14, 21, 28):
        scan(lambda work: work(session), now=NOON + timedelta(days=days))
        reminders = select(Notification.person_id, Notification.reason).where(
            Notification.handover_id == silent.key, Notification.made_at > NOON
        )
        told = [tuple(row) for row in session.exec(reminders.order_by(Notification.id))]
    assert told == [
        (scene.stranger.key, "unanswered"),
        (scene.stranger.key, "unanswered_again"),
        (above.key, "lift"),
    ]


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_stays_with_the_unit_that_had_it(scene: Scene, state: State):
    handover = scene.handover(state)
    close(scene, scene.unit, scene.area)
    assert scene.sees(scene.giver, handover)["unit_id"] == scene.unit.id
    assert scene.happened(handover) == []


def test_without_a_successor_it_goes_to_the_secretariats_list(scene: Scene):
    handover, ended = scene.handover(State.ACCEPTED), scene.handover(State.DECLINED)
    close(scene, scene.unit)
    assert scene.sees(scene.giver, handover)["needs_unit"]
    assert not scene.sees(scene.giver, ended)["needs_unit"]
    assert scene.happened(handover) == ["handover.lost_its_unit"]
    found = scene.get(scene.secretary, "handovers", needs_unit=True).json()["items"]
    assert [item["id"] for item in found] == [handover.id]


def test_the_secretariat_finds_it_a_new_unit(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    close(scene, scene.unit)
    aimed = scene.client(scene.giver).patch(
        f"/api/v1/handovers/{handover.id}",
        json={"unit_id": scene.area.id},
        headers={"If-Match": "*"},
    )
    assert aimed.status_code == 409
    found = (
        scene.client(scene.secretary)
        .patch(
            f"/api/v1/handovers/{handover.id}",
            json={"unit_id": scene.area.id},
            headers={"If-Match": "*"},
        )
        .json()
    )
    assert (found["unit_id"], found["needs_unit"]) == (scene.area.id, False)
    assert found["state"] == "accepted"
    assert scene.does(scene.above, "owner", handover, owner_id=scene.above.id).status_code == 200


def test_nothing_is_delivered_to_a_closed_unit(scene: Scene):
    handover = scene.handover(State.ANNOUNCED)
    close(scene, scene.unit)
    response = scene.does(scene.giver, "delivery", handover, ripple={"answer": "none"})
    assert response.status_code == 409


def test_merged_units_bring_their_handovers_along(scene: Scene):
    one, two = scene.make.unit(name="Nord"), scene.make.unit(name="Syd")
    moved = [scene.handover(unit=one), scene.handover(State.IN_USE, unit=two)]
    response = scene.client(scene.secretary).post(
        f"/api/v1/units/{scene.unit.id}/merger",
        json={"unit_ids": [one.id, two.id]},
        headers={"If-Match": "*"},
    )
    assert response.status_code == 200, response.text
    for handover in moved:
        assert scene.sees(scene.giver, handover)["unit_id"] == scene.unit.id
    assert scene.does(scene.leader, "receipt", moved[0]).status_code == 200


def test_when_the_leader_leaves_the_substitute_answers_and_then_the_one_above(scene: Scene):
    first, second = scene.handover(), scene.handover()
    leaves(scene, scene.leader)
    assert scene.does(scene.above, "receipt", first).status_code == 403
    assert scene.does(scene.substitute, "receipt", first).status_code == 200
    (event,) = scene.events(first, "handover.acknowledged")
    assert (event.actor_id, event.on_behalf_of_id) == (scene.substitute.id, None)
    leaves(scene, scene.substitute)
    assert scene.does(scene.above, "receipt", second).status_code == 200


def test_a_new_leader_gets_what_is_open(scene: Scene):
    handover = scene.handover()
    leaves(scene, scene.leader)
    scene.make.post(scene.unit, scene.stranger, from_on=NOON.date())
    assert scene.does(scene.stranger, "receipt", handover).status_code == 200


def test_who_has_left_stays_in_the_history_under_their_name(scene: Scene):
    handover = scene.handover()
    scene.does(scene.leader, "receipt", handover)
    leaves(scene, scene.leader)
    assert scene.story(scene.stranger, handover)[0].startswith(scene.leader.name)


def test_an_owner_who_has_left_is_replaced_by_the_leader(scene: Scene):
    handover = scene.handover(State.IN_USE)
    leaves(scene, scene.owner)
    shown = scene.does(scene.leader, "owner", handover, owner_id=scene.colleague.id).json()
    assert shown["owner_name"] == scene.colleague.name
