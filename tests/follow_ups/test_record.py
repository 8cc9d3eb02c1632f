"""Recording a follow-up: a short check-in, a sign of life, and the next date."""

from datetime import date

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import PLANNED, Scene, pointers

SAID = {"health": "wobbling", "note": "To møder aflyst.", "better": "partly"}


def record(scene: Scene, handover, person=None, **said):
    said = {"handover_id": handover.id, **SAID, **said}
    return scene.client(person or scene.owner).post("/api/v1/follow-ups", json=said)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED])
def test_it_is_a_sign_of_life_with_one_event(scene: Scene, state: State):
    handover = scene.handover(state, days_ago=100)
    response = record(scene, handover)
    made = response.json()
    assert response.status_code == 201, response.text
    assert response.headers["Location"] == f"/api/v1/follow-ups/{made['id']}"
    assert response.headers["ETag"] == '"1"'
    assert {name: made[name] for name in SAID} == SAID
    assert (made["author_id"], made["due_on"], made["measured"]) == (
        scene.owner.id,
        "2026-03-02",
        None,
    )
    shown = scene.sees(scene.giver, handover)
    assert (shown["last_life_at"], shown["dust_days"]) == ("2026-03-02T12:00:00Z", 0)
    (event,) = scene.events(handover)
    assert (event.type, event.subject_id) == ("follow_up.recorded", made["id"])


@pytest.mark.parametrize("name", ["owner", "leader", "substitute"])
def test_the_receiving_side_follows_up(scene: Scene, name: str):
    assert record(scene, scene.handover(State.IN_USE), getattr(scene, name)).status_code == 201


@pytest.mark.parametrize("name", ["giver", "participant", "secretary", "above", "stranger"])
def test_others_are_told_whose_it_is(scene: Scene, name: str):
    handover = scene.handover(State.IN_USE)
    response = record(scene, handover, getattr(scene, name))
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert response.json()["detail"]
    assert scene.happened(handover) == []


def test_nobody_follows_up_what_they_may_not_see(scene: Scene):
    assert record(scene, scene.handover(State.DRAFT)).status_code == 404


@pytest.mark.parametrize("state", [State.DELIVERED, State.ACKNOWLEDGED, State.DECLINED])
def test_only_what_was_taken_in_is_followed_up(scene: Scene, state: State):
    response = record(scene, scene.handover(state), scene.leader)
    assert (response.status_code, response.json()["code"]) == (409, "illegal_step")


@pytest.mark.parametrize(
    ("next_on", "due_on", "left"),
    [
        (date(2026, 3, 2), "2026-03-02", None),
        (date(2026, 2, 1), "2026-02-01", None),
        (date(2026, 3, 9), "2026-03-09", None),
        (date(2026, 3, 10), "2026-03-02", "2026-03-10"),
    ],
    ids=["on the day", "late", "a week early", "too early"],
)
def test_up_to_a_week_early_counts_as_the_one_that_was_due(
    scene: Scene, next_on: date, due_on: str, left: str | None
):
    handover = scene.handover(State.IN_USE, next_on=next_on, days_ago=60)
    made = record(scene, handover).json()
    assert (made["due_on"], made["next_on"]) == (due_on, left)
    shown = scene.sees(scene.giver, handover)
    assert (shown["next_on"], shown["life_due_on"]) == (left, left or "2026-05-31")


def test_a_next_date_may_be_agreed(scene: Scene):
    handover = scene.handover(State.IN_USE, next_on=date(2026, 3, 2), days_ago=60)
    assert record(scene, handover, next_on="2026-04-01").json()["next_on"] == "2026-04-01"
    assert scene.sees(scene.giver, handover)["life_due_on"] == "2026-04-01"


def test_a_pause_is_over_with_the_first_follow_up(scene: Scene):
    handover = scene.handover(State.IN_USE, paused_until=date(2026, 6, 1))
    record(scene, handover)
    assert scene.sees(scene.giver, handover)["paused_until"] is None


def test_the_first_one_needs_the_read_back_and_the_first_step(scene: Scene):
    handover = scene.handover(State.ACCEPTED, read_back="", first_step="")
    assert pointers(record(scene, handover)) == ["#/read_back", "#/first_step"]
    assert scene.happened(handover) == []
    assert record(scene, handover, **PLANNED).status_code == 201
    assert scene.sees(scene.giver, handover)["read_back"] == PLANNED["read_back"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (12, "12"),
        ("12.50", "12.5"),
        ("-0.0001", "-0.0001"),
        ("12345678901.2345", "12345678901.2345"),
    ],
)
def test_a_measurement_is_kept_to_its_last_decimal(scene: Scene, sent, kept: str):
    made = record(scene, scene.handover(State.IN_USE), measured=sent).json()
    scene.make.session.expire_all()
    read = scene.get(scene.giver, f"follow-ups/{made['id']}").json()
    assert made["measured"] == read["measured"] == kept


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"health": "fine"}, "#/health"),
        ({"better": None}, "#/better"),
        ({"note": ""}, "#/note"),
        ({"note": "To\nlinjer"}, "#/note"),
        ({"note": "Om 010280-1234"}, "#/note"),
        ({"measured": "meget"}, "#/measured"),
        ({"measured": "1.23456"}, "#/measured"),
        ({"measured": "1e2"}, "#/measured"),
        ({"measured": " 5 "}, "#/measured"),
        ({"measured": "٣"}, "#/measured"),
        ({"measured": "1e400"}, "#/measured"),
        ({"measured": "NaN"}, "#/measured"),
        ({"next_on": "2026-03-02"}, "#/next_on"),
        ({"handover_id": 0}, "#/handover_id"),
        ({"rating": 5}, "#/rating"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_half_done(scene: Scene, said, pointer: str):
    handover = scene.handover(State.IN_USE, days_ago=10)
    assert pointers(record(scene, handover, **said)) == [pointer]
    assert scene.happened(handover) == []
    assert scene.get(scene.giver, "follow-ups").json()["items"] == []


def test_the_secretariat_records_on_behalf_of_the_owner(scene: Scene):
    handover = scene.handover(State.IN_USE)
    made = record(scene, handover, scene.secretary, on_behalf_of_id=scene.owner.id).json()
    assert (made["author_id"], made["on_behalf_of_id"]) == (scene.secretary.id, scene.owner.id)
    (line,) = scene.story(scene.giver, handover)
    assert line.startswith("Sara Sekretær på vegne af Tove Tovholder ")
    assert "slinger" in line
    assert "delvist" in line


def test_a_substitutes_follow_up_shows_both_names(scene: Scene):
    made = record(scene, scene.handover(State.IN_USE), scene.substitute).json()
    assert (made["author_id"], made["on_behalf_of_id"]) == (scene.substitute.id, scene.leader.id)


def test_a_vacant_post_falls_to_the_leader_above(scene: Scene):
    scene.leaves_vacant()
    assert record(scene, scene.handover(State.IN_USE), scene.above).status_code == 201


def test_after_a_look_on_the_way_the_end_of_the_trial_counts_again(scene: Scene):
    handover = scene.handover(
        State.TRIAL, next_on=date(2026, 3, 2), trial_to_on=date(2026, 4, 10), days_ago=10
    )
    assert record(scene, handover).status_code == 201
    assert scene.sees(scene.owner, handover)["life_due_on"] == "2026-04-10"


def test_an_owner_who_is_also_the_substitute_speaks_as_the_owner(scene: Scene):
    handover = scene.handover(State.IN_USE, owner=scene.substitute)
    made = record(scene, handover, scene.substitute).json()
    assert made["on_behalf_of_id"] is None
