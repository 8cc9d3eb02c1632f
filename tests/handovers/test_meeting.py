"""A unit closes into one that has the same gift already: the one that has come furthest goes on."""

from itertools import product

import pytest

from app.handovers import rehoming
from app.handovers.lifecycle import State, is_further
from tests.handovers.scene import Scene
from tests.handovers.test_organisation import close

FURTHER = [
    State.DRAFT,
    State.ANNOUNCED,
    State.RETURNED,
    State.DELIVERED,
    State.ACKNOWLEDGED,
    State.ACCEPTED,
    State.TRIAL,
    State.IN_USE,
    State.ANCHORED,
]
"""What is open, each further than the one before."""


@pytest.fixture
def gift(scene: Scene):
    return scene.make.gift(network=scene.network, contact=scene.giver)


@pytest.fixture
def meeting(scene: Scene, gift):
    """The unit's handover in the one state, and in the other its successor's own."""

    def of(state: State, other: State, **over):
        successor = scene.make.unit(name="Ungehuset", leader=scene.stranger)
        there = scene.handover(other, gift=gift, unit=successor, **over.pop("there", {}))
        return scene.handover(state, gift=gift, **over), there, successor

    return of


def test_of_two_that_are_open_one_has_come_further_unless_they_are_alike():
    for one, other in product(FURTHER, FURTHER):
        assert is_further(one, other) is (FURTHER.index(one) > FURTHER.index(other))


@pytest.mark.parametrize("other", FURTHER[:-2])
def test_what_is_in_use_goes_on_whatever_the_successor_has(scene: Scene, meeting, other: State):
    handover, there, successor = meeting(State.IN_USE, other)
    close(scene, scene.unit, successor)

    shown = scene.sees(scene.giver, handover)
    assert (shown["state"], shown["unit_id"]) == ("in_use", successor.id)
    assert shown["owner_id"] == scene.owner.id
    assert scene.happened(handover) == ["handover.moved"]
    ended = scene.sees(scene.giver, there)
    assert (ended["state"], ended["unit_id"]) == ("withdrawn", successor.id)
    assert ended["reason"] == "Ungeenheden er lukket, og dens overrækkelse af gaven går videre her."
    assert (ended["life_due_on"], scene.happened(there)) == (None, ["handover.withdrawn"])


@pytest.mark.parametrize("state", FURTHER[:-2])
def test_what_the_successor_uses_goes_on_whatever_comes(scene: Scene, meeting, state: State):
    handover, there, successor = meeting(state, State.IN_USE)
    close(scene, scene.unit, successor)

    assert scene.sees(scene.giver, there)["state"] == "in_use"
    shown = scene.sees(scene.giver, handover)
    assert (shown["state"], shown["passed_to_unit_id"]) == ("passed_on", successor.id)
    (event,) = scene.events(handover)
    assert (event.type, event.data["draft_id"]) == ("handover.passed_on", there.id)


@pytest.mark.parametrize("state", FURTHER)
def test_of_two_that_have_come_as_far_the_successor_goes_on_with_its_own(
    scene: Scene, meeting, state: State
):
    handover, there, successor = meeting(state, state)
    close(scene, scene.unit, successor)
    assert scene.sees(scene.giver, there)["state"] == state
    assert scene.sees(scene.giver, handover)["state"] == "passed_on"


@pytest.mark.parametrize("lead", ["comes", "is there"])
@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.IN_USE])
def test_the_one_that_goes_on_is_the_lead_one_where_either_was(
    scene: Scene, meeting, state: State, lead: str
):
    kinds = ("lead", "co") if lead == "comes" else ("co", "lead")
    handover, there, successor = meeting(
        state, State.ACCEPTED, kind=kinds[0], there={"kind": kinds[1]}
    )
    close(scene, scene.unit, successor)

    goes_on = handover if state is State.IN_USE else there
    assert scene.sees(scene.giver, goes_on)["kind"] == "lead"


def test_nobody_else_hears_of_the_draft_that_the_giver_had(scene: Scene, meeting):
    handover, there, successor = meeting(State.DELIVERED, State.DRAFT)
    close(scene, scene.unit, successor)

    assert scene.get(scene.stranger, f"handovers/{there.id}").status_code == 404
    assert scene.sees(scene.stranger, handover)["state"] == "delivered"
    story = scene.story(scene.stranger, handover)
    assert len(story) == 1
    assert str(there.id) not in story[0].replace(str(handover.id), "")
    (event,) = scene.events(handover)
    assert event.data == {"from_unit_id": scene.unit.id, "to_unit_id": successor.id}


def test_the_successors_leader_answers_for_what_came_and_the_owner_follows_it_up(
    scene: Scene, meeting
):
    handover, _, successor = meeting(State.TRIAL, State.DELIVERED)
    close(scene, scene.unit, successor)
    assert scene.does(scene.owner, "plan", handover, first_step="Ring.").status_code == 200
    named = scene.does(scene.stranger, "owner", handover, owner_id=scene.stranger.id)
    assert named.status_code == 200, named.text


def test_what_a_unit_has_asked_for_goes_on_before_a_draft_that_nobody_has_seen(
    scene: Scene, meeting
):
    asked, draft, successor = meeting(State.DRAFT, State.DRAFT, asked_by=scene.leader)
    close(scene, scene.unit, successor)
    assert scene.sees(scene.giver, draft)["state"] == "withdrawn"
    shown = scene.sees(scene.stranger, asked)
    assert (shown["state"], shown["unit_id"]) == ("draft", successor.id)


def test_units_that_merge_with_the_same_gift_have_one_in_the_end(scene: Scene, gift):
    units = [scene.make.unit(name=name) for name in ("Nord", "Syd", "Øst")]
    states = (State.DELIVERED, State.TRIAL, State.ACCEPTED)
    handovers = [
        scene.handover(state, gift=gift, unit=unit)
        for state, unit in zip(states, units, strict=True)
    ]
    draft = scene.handover(State.DRAFT, gift=gift, kind="lead")
    response = scene.client(scene.secretary).post(
        f"/api/v1/units/{scene.unit.id}/merger",
        json={"unit_ids": [unit.id for unit in units]},
        headers={"If-Match": "*"},
    )
    assert response.status_code == 200, response.text

    shown = scene.sees(scene.giver, handovers[1])
    assert (shown["state"], shown["unit_id"], shown["kind"]) == ("trial", scene.unit.id, "lead")
    ended = [scene.sees(scene.giver, one)["state"] for one in (*handovers[::2], draft)]
    assert ended == ["withdrawn", "passed_on", "withdrawn"]


def test_before_it_closes_is_foreseen_how_many_meet_one_that_is_there(
    scene: Scene, meeting, session
):
    _, _, successor = meeting(State.IN_USE, State.DRAFT)
    scene.handover()
    foreseen = rehoming.foreseen(session, scene.unit.key, successor.key)
    assert (foreseen.moving, foreseen.meeting) == (1, 1)
