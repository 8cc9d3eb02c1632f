"""Correcting a follow-up, and the giver's side that has read it."""

import pytest

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene, pointers

SAID = {"health": "wobbling", "note": "To møder aflyst.", "better": "partly"}


@pytest.fixture
def handover(scene: Scene):
    return scene.handover(State.IN_USE)


@pytest.fixture
def made(scene: Scene, handover) -> int:
    said = {"handover_id": handover.id, **SAID}
    return scene.client(scene.owner).post("/api/v1/follow-ups", json=said).json()["id"]


def change(scene: Scene, made: int, person=None, *, seen: str | None = '"1"', **said):
    return scene.client(person or scene.owner).patch(
        f"/api/v1/follow-ups/{made}", json=said, headers={} if seen is None else {"If-Match": seen}
    )


def mark(scene: Scene, made: int, person):
    return scene.client(person).put(f"/api/v1/follow-ups/{made}/seen-mark")


def test_who_wrote_it_corrects_it(scene: Scene, handover, made: int):
    shown = change(scene, made, health="stuck", measured="7.5").json()
    assert (shown["health"], shown["measured"], shown["version"]) == ("stuck", "7.5", 2)
    assert shown["note"] == SAID["note"]
    (event,) = scene.events(handover, "follow_up.changed")
    said = {name: value for name, value in event.data.items() if value is not None}
    assert said == {"fields": ["health", "measured"], "health": "stuck", "measured": "7.5"}


def test_a_measurement_can_be_taken_away(scene: Scene, made: int):
    change(scene, made, measured="7.5")
    assert change(scene, made, seen='"2"', measured=None).json()["measured"] is None


def test_on_whose_behalf_it_was_may_correct_it_too(scene: Scene, handover):
    said = {"handover_id": handover.id, "on_behalf_of_id": scene.leader.id, **SAID}
    made = scene.client(scene.secretary).post("/api/v1/follow-ups", json=said).json()["id"]
    assert change(scene, made, scene.leader, note="Ét møde aflyst.").status_code == 200
    assert change(scene, made, scene.secretary, seen='"2"', note="To.").status_code == 200


def test_nothing_new_is_no_change(scene: Scene, handover, made: int):
    assert change(scene, made, **SAID).headers["ETag"] == '"1"'
    assert scene.happened(handover) == ["follow_up.recorded"]


@pytest.mark.parametrize("name", ["leader", "giver", "secretary", "stranger"])
def test_nobody_else_corrects_it(scene: Scene, made: int, name: str):
    response = change(scene, made, getattr(scene, name), note="Alt er godt.")
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


def test_nobody_changes_what_they_have_not_seen(scene: Scene, made: int):
    assert change(scene, made, seen='"9"', note="Nej").status_code == 412
    assert change(scene, made, seen=None, note="Nej").status_code == 428
    assert change(scene, 999_999, note="Nej").status_code == 404


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"note": None}, "#/note"),
        ({"health": "fine"}, "#/health"),
        ({"better_how": "\u202e"}, "#/better_how"),
        ({"next_on": "2026-04-01"}, "#/next_on"),
    ],
)
def test_what_cannot_be_is_named(scene: Scene, made: int, said: dict, pointer: str):
    assert pointers(change(scene, made, **said)) == [pointer]


@pytest.mark.parametrize("name", ["giver", "co_driver", "consultant", "secretary"])
def test_the_giving_side_marks_it_seen_once(scene: Scene, handover, made: int, name: str):
    person = getattr(scene, name)
    shown = mark(scene, made, person).json()
    assert (shown["seen_at"], shown["seen_by_id"]) == ("2026-03-02T12:00:00Z", person.id)
    assert mark(scene, made, scene.giver).json() == shown
    assert scene.happened(handover) == ["follow_up.recorded", "follow_up.seen"]


@pytest.mark.parametrize("name", ["owner", "leader", "participant", "stranger"])
def test_nobody_else_marks_it_seen(scene: Scene, made: int, name: str):
    response = mark(scene, made, getattr(scene, name))
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


def test_who_sees_the_handover_sees_its_follow_ups(scene: Scene, handover, made: int):
    assert scene.get(scene.stranger, f"follow-ups/{made}").json()["id"] == made
    handover.state, handover.reason, handover.ended_at = State.WITHDRAWN, "Ikke endnu.", NOON
    handover.announced_at = handover.life_due_on = None
    assert scene.get(scene.stranger, f"follow-ups/{made}").status_code == 404
    assert scene.get(scene.stranger, "follow-ups").json()["items"] == []
    assert mark(scene, made, scene.stranger).status_code == 404
    assert scene.get(scene.participant, f"follow-ups/{made}").status_code == 200


def test_the_list_is_filtered_and_the_newest_come_first(scene: Scene, handover, made: int):
    other = scene.handover(State.TRIAL)
    said = {**SAID, "handover_id": other.id, "health": "stuck"}
    later = scene.client(scene.leader).post("/api/v1/follow-ups", json=said).json()["id"]
    mark(scene, made, scene.giver)
    for filters, found in [
        ({}, [later, made]),
        ({"handover_id": handover.id}, [made]),
        ({"author_id": scene.leader.id}, [later]),
        ({"health": "stuck"}, [later]),
        ({"is_seen": True}, [made]),
        ({"is_seen": False}, [later]),
        ({"is_seen": True, "health": "stuck"}, []),
    ]:
        items = scene.get(scene.stranger, "follow-ups", **filters).json()["items"]
        assert [item["id"] for item in items] == found, filters


def test_the_list_comes_in_pages(scene: Scene, handover, made: int):
    for _ in range(4):
        scene.client(scene.owner).post(
            "/api/v1/follow-ups", json={"handover_id": handover.id, **SAID}
        )
    whole = [item["id"] for item in scene.get(scene.giver, "follow-ups").json()["items"]]
    seen, cursor = [], {}
    while True:
        page = scene.get(scene.giver, "follow-ups", limit=2, **cursor).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == whole
    assert len(seen) == 5
