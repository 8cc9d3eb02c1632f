"""The queue: what I must do, most urgent first, for each role and each verb."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from app.handovers.lifecycle import State
from app.handovers.models import Ripple
from app.people.models import Person
from tests.conftest import NOON
from tests.handovers.scene import Scene

Task = tuple[str, int, str]


def queue(scene: Scene, person: Person, **asked) -> list[Task]:
    response = scene.get(person, "queue", **asked)
    assert response.status_code == 200, response.text
    items = response.json()["items"]
    return [(item["verb"], item["handover"]["id"], item["due_on"]) for item in items]


def settled(scene: Scene, state: State = State.IN_USE, **over):
    """A handover that asks nothing of anybody."""
    return scene.handover(state, **{"ripple": Ripple.NONE, **over})


def proposed(scene: Scene, **over):
    return settled(
        scene, anchoring_proposed_at=NOON, anchoring_proposed_by_id=scene.leader.id, **over
    )


def test_a_day_with_nothing_to_do_is_empty(scene: Scene):
    settled(scene)
    for person in (scene.leader, scene.owner, scene.giver, scene.secretary, scene.stranger):
        assert queue(scene, person) == []


def test_the_leader_and_the_substitute_acknowledge_and_accept(scene: Scene):
    delivered, received = scene.handover(), scene.handover(State.ACKNOWLEDGED)
    for person in (scene.leader, scene.substitute):
        assert queue(scene, person) == [
            ("acknowledge", delivered.id, "2026-03-16"),
            ("accept", received.id, "2026-03-30"),
        ]
    for person in (scene.above, scene.giver, scene.secretary, scene.stranger):
        assert queue(scene, person) == []


def test_what_is_paused_waits_until_the_pause_is_over(scene: Scene, app: FastAPI):
    handover = scene.handover(paused_until=date(2026, 5, 1))
    assert queue(scene, scene.leader) == []
    app.state.now = NOON + timedelta(days=60)
    assert queue(scene, scene.leader) == [("acknowledge", handover.id, "2026-05-01")]


def test_the_leader_names_an_owner_where_the_one_there_was_has_left(scene: Scene):
    handover = settled(scene, owner=scene.owner)
    scene.owner.left_at = NOON
    assert queue(scene, scene.leader) == [("name_owner", handover.id, "2026-03-02")]


def test_a_vacant_post_falls_to_the_leader_above(scene: Scene):
    handover = scene.handover()
    scene.leaves_vacant()
    assert queue(scene, scene.above) == [("acknowledge", handover.id, "2026-03-16")]
    assert queue(scene, scene.leader) == []


def test_the_owner_follows_up_within_a_week_of_the_day(scene: Scene, app: FastAPI):
    handover = settled(scene, next_on=date(2026, 3, 10))
    assert queue(scene, scene.owner) == []
    app.state.now = NOON + timedelta(days=1)
    assert queue(scene, scene.owner) == [("follow_up", handover.id, "2026-03-10")]
    app.state.now = NOON + timedelta(days=100)
    assert queue(scene, scene.owner) == [("follow_up", handover.id, "2026-03-10")]


@pytest.mark.parametrize(
    ("verb", "state", "over"),
    [
        ("write_read_back", State.ACCEPTED, {"read_back": ""}),
        ("write_read_back", State.ACCEPTED, {"first_step": ""}),
        ("take_edition", State.IN_USE, {"is_new_edition": True}),
        ("answer_ripple", State.IN_USE, {"ripple": Ripple.UNKNOWN}),
    ],
)
def test_the_owner_fills_in_what_is_missing(scene: Scene, verb: str, state: State, over: dict):
    handover = settled(scene, state, life_due_on=date(2026, 5, 31), **over)
    assert queue(scene, scene.owner) == [(verb, handover.id, "2026-05-31")]
    assert queue(scene, scene.leader) == []


def test_the_giving_side_answers_questions_and_confirms_what_was_passed_on(scene: Scene):
    asked = scene.handover(State.RETURNED, days_ago=3)
    draft = scene.handover(State.DRAFT, origin_id=asked.id)
    scene.handover(State.DRAFT)
    for person in (scene.giver, scene.co_driver, scene.consultant):
        assert queue(scene, person) == [
            ("answer_question", asked.id, "2026-02-27"),
            ("confirm_passing_on", draft.id, "2026-03-02"),
        ]
    for person in (scene.participant, scene.reference_leader, scene.leader):
        assert queue(scene, person) == []


def test_the_giving_side_answers_a_unit_that_asks(scene: Scene):
    asked = scene.handover(State.DRAFT, asked_by=scene.leader, days_ago=3)
    for person in (scene.giver, scene.co_driver, scene.consultant):
        assert queue(scene, person) == [("answer_request", asked.id, "2026-02-27")]
    for person in (scene.participant, scene.reference_leader, scene.leader, scene.secretary):
        assert queue(scene, person) == []


@pytest.mark.parametrize(
    ("noun", "body"),
    [("delivery", {"ripple": {"answer": "none"}}), ("withdrawal", {"reason": "Ikke i år."})],
)
def test_a_request_that_is_answered_waits_no_more(scene: Scene, noun: str, body: dict):
    asked = scene.handover(State.DRAFT, asked_by=scene.leader)
    assert scene.does(scene.giver, noun, asked, **body).status_code == 200
    assert queue(scene, scene.giver) == []


def test_the_secretariat_answers_a_unit_where_nobody_gives_any_more(scene: Scene):
    gift = scene.make.gift(network=scene.make.network())
    asked = scene.handover(State.DRAFT, gift=gift, asked_by=scene.leader)
    assert queue(scene, scene.secretary) == [("answer_request", asked.id, "2026-03-02")]


def test_giver_and_next_leader_confirm_anchoring(scene: Scene):
    handover = proposed(scene)
    for person in (scene.giver, scene.above):
        assert queue(scene, person) == [("confirm_anchoring", handover.id, "2026-03-02")]
    for person in (scene.leader, scene.owner, scene.participant):
        assert queue(scene, person) == []


def test_nobody_is_asked_to_confirm_what_they_may_not(scene: Scene):
    for person in (scene.leader, scene.owner):
        scene.make.member(scene.network, person)
        scene.make.post(scene.area, person)
    proposed(scene)
    assert queue(scene, scene.leader) == queue(scene, scene.owner) == []


def test_where_the_post_is_vacant_the_leader_two_levels_up_confirms(scene: Scene):
    top_leader = scene.make.person()
    scene.area.parent_id = scene.make.unit(leader=top_leader).key
    scene.leaves_vacant()
    handover = proposed(scene)
    assert queue(scene, top_leader) == [("confirm_anchoring", handover.id, "2026-03-02")]
    assert queue(scene, scene.above) == []


def test_where_the_post_above_is_vacant_the_next_one_confirms(scene: Scene):
    top_leader = scene.make.person()
    middle = scene.make.unit(parent_id=scene.make.unit(leader=top_leader).key)
    scene.unit.parent_id = middle.key
    handover = proposed(scene)
    assert queue(scene, top_leader) == [("confirm_anchoring", handover.id, "2026-03-02")]
    assert queue(scene, scene.above) == []


def test_the_secretariat_finds_a_unit_for_what_lost_its_own(scene: Scene):
    handover = settled(scene, needs_unit=True, days_ago=5)
    scene.handover(State.DECLINED, needs_unit=True)
    assert queue(scene, scene.secretary) == [("find_unit", handover.id, "2026-02-25")]


def test_the_giving_side_reads_follow_ups_until_someone_has(scene: Scene):
    handover = settled(scene)
    said = {"handover_id": handover.id, "health": "stuck", "note": "Går i stå", "better": "no"}
    made = scene.client(scene.owner).post("/api/v1/follow-ups", json=said).json()
    (item,) = scene.get(scene.giver, "queue").json()["items"]
    assert (item["verb"], item["follow_up_id"]) == ("mark_seen", made["id"])
    assert item["handover"]["id"] == handover.id
    scene.client(scene.co_driver).put(f"/api/v1/follow-ups/{made['id']}/seen-mark")
    assert queue(scene, scene.giver) == []


def test_the_most_urgent_comes_first_whatever_the_role(scene: Scene):
    person = scene.leader
    mine = settled(scene, owner=person, next_on=date(2026, 3, 5))
    waiting = scene.handover(days_ago=30)
    scene.make.member(scene.network, person)
    asked = scene.handover(State.RETURNED, days_ago=1)
    assert queue(scene, person) == [
        ("acknowledge", waiting.id, "2026-02-13"),
        ("answer_question", asked.id, "2026-03-01"),
        ("follow_up", mine.id, "2026-03-05"),
    ]


def test_one_handover_asks_one_thing_at_a_time(scene: Scene):
    scene.make.member(scene.network, scene.owner)
    handover = proposed(scene, owner=scene.owner, is_new_edition=True, next_on=date(2026, 3, 4))
    assert queue(scene, scene.owner) == [("follow_up", handover.id, "2026-03-04")]


def test_what_is_done_leaves_the_queue(scene: Scene):
    handover = scene.handover()
    scene.does(scene.leader, "receipt", handover)
    assert [task[0] for task in queue(scene, scene.leader)] == ["accept"]
    scene.does(scene.leader, "refusal", handover, reason_kind="other", reason="Nej tak.")
    assert queue(scene, scene.leader) == []


def test_what_the_queue_asks_can_be_done(scene: Scene):
    """The verbs of the queue and the rules of who may are written twice; here they meet."""
    body = {"owner_id": scene.owner.id, "next_on": "2026-04-01"}
    asked = scene.handover(State.ACKNOWLEDGED)
    assert queue(scene, scene.substitute)[0][:2] == ("accept", asked.id)
    assert scene.does(scene.substitute, "acceptance", asked, **body).status_code == 200
    confirm = proposed(scene)
    assert ("confirm_anchoring", confirm.id, "2026-03-02") in queue(scene, scene.above)
    assert scene.does(scene.above, "anchoring/confirmation", confirm).status_code == 200


def test_the_secretariat_answers_where_nobody_gives_any_more(scene: Scene):
    deserted = scene.make.network()
    asked = settled(scene, State.RETURNED, gift=scene.make.gift(network=deserted))
    assert queue(scene, scene.secretary) == [("answer_question", asked.id, "2026-03-02")]
    assert queue(scene, scene.giver) == []
