"""Making a handover ready, and changing what is not yet delivered."""

import pytest

from app.handovers.lifecycle import State
from app.handovers.models import Kind
from tests.handovers.scene import Scene, pointers


def draft(scene: Scene, gift, unit, person=None, **body):
    body = {"gift_id": gift.id, "unit_id": unit.id, **body}
    return scene.client(person or scene.giver).post("/api/v1/handovers", json=body)


def change(scene: Scene, handover, person=None, *, seen: str | None = "*", **body):
    return scene.client(person or scene.giver).patch(
        f"/api/v1/handovers/{handover.id}",
        json=body,
        headers={} if seen is None else {"If-Match": seen},
    )


@pytest.fixture
def gift(scene: Scene):
    return scene.make.gift(network=scene.network, contact=scene.giver)


def test_the_first_receiver_leads_and_the_next_go_along(scene: Scene, gift):
    first = draft(scene, gift, scene.unit)
    assert first.status_code == 201
    assert first.headers["Location"] == f"/api/v1/handovers/{first.json()['id']}"
    assert (first.json()["kind"], first.json()["state"]) == ("lead", "draft")
    assert draft(scene, gift, scene.area).json()["kind"] == "co"


def test_the_unit_sees_nothing_of_a_draft(scene: Scene, gift):
    number = draft(scene, gift, scene.unit).json()["id"]
    path = f"handovers/{number}"
    for person in (scene.leader, scene.stranger):
        assert scene.get(person, path).status_code == 404
        assert scene.get(person, f"{path}/story").status_code == 404
        assert scene.get(person, "handovers").json()["items"] == []
    for person in (scene.giver, scene.participant, scene.secretary):
        assert scene.get(person, path).status_code == 200


def test_a_unit_is_given_the_same_gift_only_once(scene: Scene, gift):
    there = scene.handover(gift=gift)
    again = draft(scene, gift, scene.unit)
    assert (again.status_code, again.json()["code"]) == (409, "already_given")
    assert again.json()["handover_id"] == there.id


def test_a_unit_that_declined_can_be_given_the_gift_anew(scene: Scene, gift):
    scene.handover(State.DECLINED, gift=gift)
    assert draft(scene, gift, scene.unit).status_code == 201


def test_a_gift_has_one_lead_receiver(scene: Scene, gift):
    lead = scene.handover(gift=gift, kind=Kind.LEAD)
    second = draft(scene, gift, scene.area, kind="lead")
    assert (second.status_code, second.json()["handover_id"]) == (409, lead.id)


def test_only_the_networks_giving_side_and_the_secretariat_give(scene: Scene, gift):
    for person in (scene.leader, scene.participant, scene.reference_leader):
        assert draft(scene, gift, scene.unit, person).status_code in (403, 422)
    assert draft(scene, gift, scene.unit, scene.secretary).status_code == 201


def test_what_does_not_exist_is_named(scene: Scene, gift):
    closed = scene.make.unit(closed_on=scene.make.now.date())
    hidden = scene.make.gift(is_given=False)
    assert pointers(draft(scene, gift, closed)) == ["#/unit_id"]
    assert pointers(draft(scene, gift, scene.unit, unit_id=999_999)) == ["#/unit_id"]
    assert pointers(draft(scene, hidden, scene.unit)) == ["#/gift_id"]
    assert pointers(draft(scene, gift, scene.unit, kind="main")) == ["#/kind"]
    assert pointers(draft(scene, gift, scene.unit, gift_id="1")) == ["#/gift_id"]


def test_when_another_becomes_lead_the_former_goes_along_and_both_stories_say_so(
    scene: Scene, gift
):
    lead = scene.handover(gift=gift, kind=Kind.LEAD)
    other = scene.handover(gift=gift, unit=scene.area)
    assert change(scene, other, kind="lead").json()["kind"] == "lead"
    assert scene.sees(scene.giver, lead)["kind"] == "co"
    for handover in (lead, other):
        (event,) = scene.events(handover, "handover.changed")
        assert event.data == {"fields": ["kind"]}


@pytest.mark.parametrize("state", [State.DRAFT, State.ANNOUNCED])
def test_what_is_not_delivered_can_be_aimed_at_another_unit(scene: Scene, gift, state: State):
    handover = scene.handover(state, gift=gift)
    assert change(scene, handover, unit_id=scene.area.id).json()["unit_id"] == scene.area.id
    (event,) = scene.events(handover, "handover.moved")
    assert event.data == {"from_unit_id": scene.unit.id, "to_unit_id": scene.area.id}


def test_what_is_delivered_stays_where_it_is(scene: Scene, gift):
    response = change(scene, scene.handover(gift=gift), unit_id=scene.area.id)
    assert (response.status_code, response.json()["code"]) == (409, "conflict")


def test_it_cannot_be_aimed_at_a_unit_that_has_the_gift(scene: Scene, gift):
    there = scene.handover(gift=gift, unit=scene.area)
    response = change(scene, scene.handover(State.DRAFT, gift=gift), unit_id=scene.area.id)
    assert (response.json()["code"], response.json()["handover_id"]) == ("already_given", there.id)


def test_a_change_is_guarded_like_every_other(scene: Scene, gift):
    handover = scene.handover(gift=gift)
    assert change(scene, handover, scene.leader, kind="lead").status_code == 403
    assert change(scene, handover, seen='"9"', kind="lead").status_code == 412
    assert change(scene, handover, seen=None, kind="lead").status_code == 428
    assert pointers(change(scene, handover, kind=None)) == ["#/kind"]
    ended = scene.handover(State.DECLINED, gift=gift, unit=scene.area)
    assert change(scene, ended, kind="lead").json()["code"] == "illegal_step"


def test_nothing_new_is_no_change(scene: Scene, gift):
    handover = scene.handover(gift=gift)
    assert change(scene, handover, kind="co", unit_id=scene.unit.id).headers["ETag"] == '"1"'
    assert scene.happened(handover) == []
