"""Passing on: it belongs somewhere else, and the giver gets a draft to that unit."""

import pytest
from sqlmodel import select

from app.handovers.lifecycle import State
from app.handovers.models import Handover, Kind
from tests.handovers.scene import NO_RIPPLE, Scene, pointers


def pass_on(scene: Scene, handover, unit, **body):
    body = {"to_unit_id": unit.id, "reason": "De har de unge.", **body}
    return scene.does(scene.leader, "passing-on", handover, **body)


def drafts_from(scene: Scene, handover) -> list[Handover]:
    statement = select(Handover).where(Handover.origin_id == handover.id)
    return list(scene.make.session.exec(statement).all())


@pytest.mark.parametrize("state", [State.DELIVERED, State.ACKNOWLEDGED])
def test_the_giver_gets_a_draft_to_the_better_unit(scene: Scene, state: State):
    school = scene.make.unit(name="Skolen", leader=scene.make.person())
    handover = scene.handover(state)
    shown = pass_on(scene, handover, school).json()
    assert (shown["state"], shown["passed_to_unit_id"]) == ("passed_on", school.id)
    (draft,) = drafts_from(scene, handover)
    assert (draft.state, draft.unit_id, draft.gift_id) == (
        State.DRAFT,
        school.id,
        handover.gift_id,
    )
    (event,) = scene.events(handover, "handover.passed_on")
    assert event.data["draft_id"] == draft.id
    assert scene.happened(draft) == ["handover.drafted"]


def test_the_giver_confirms_with_one_click(scene: Scene):
    school = scene.make.unit(name="Skolen", leader=scene.make.person())
    handover = scene.handover()
    pass_on(scene, handover, school)
    (draft,) = drafts_from(scene, handover)
    assert scene.does(scene.leader, "delivery", draft, ripple=NO_RIPPLE).status_code == 404
    assert scene.does(scene.giver, "delivery", draft, ripple=NO_RIPPLE).status_code == 200


@pytest.mark.parametrize("kind", Kind)
def test_the_place_as_lead_or_co_receiver_goes_along(scene: Scene, kind: Kind):
    handover = scene.handover(kind=kind)
    pass_on(scene, handover, scene.area)
    assert [draft.kind for draft in drafts_from(scene, handover)] == [kind]


def test_a_unit_that_has_the_gift_already_gets_no_second_one(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    there = scene.handover(State.ACCEPTED, gift=gift, unit=scene.area)
    handover = scene.handover(gift=gift)
    assert pass_on(scene, handover, scene.area).status_code == 200
    assert drafts_from(scene, handover) == []
    (event,) = scene.events(handover, "handover.passed_on")
    assert event.data["draft_id"] == there.id


def test_the_better_unit_must_be_another_and_open(scene: Scene):
    closed = scene.make.unit(closed_on=scene.make.now.date())
    handover = scene.handover()
    assert pointers(pass_on(scene, handover, closed)) == ["#/to_unit_id"]
    assert pointers(pass_on(scene, handover, scene.unit)) == ["#/to_unit_id"]
    assert pointers(pass_on(scene, handover, scene.area, to_unit_id=999_999)) == ["#/to_unit_id"]
    assert pointers(pass_on(scene, handover, scene.area, reason="")) == ["#/reason"]
    assert scene.happened(handover) == []
    assert drafts_from(scene, handover) == []


def test_a_unit_that_has_the_gift_already_becomes_lead_when_the_lead_passes_it_on(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    there = scene.handover(State.ACCEPTED, gift=gift, unit=scene.area)
    handover = scene.handover(gift=gift, kind=Kind.LEAD)
    pass_on(scene, handover, scene.area)
    scene.make.session.refresh(there)
    assert there.kind is Kind.LEAD
    assert scene.happened(there) == ["handover.changed"]


def test_a_draft_that_was_there_already_is_shown_to_the_giver_as_asked_for(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    draft = scene.handover(State.DRAFT, gift=gift, unit=scene.area)
    handover = scene.handover(gift=gift)
    pass_on(scene, handover, scene.area)
    queue = scene.get(scene.giver, "queue").json()["items"]
    assert [(task["verb"], task["handover"]["id"]) for task in queue] == [
        ("confirm_passing_on", draft.id)
    ]
