"""Notes: a line by anyone who sees it; by the receiving side it is a sign of life."""

import pytest

from app.handovers.lifecycle import State
from tests.handovers.scene import Scene, pointers

BEFORE, NOW = "2026-02-10T12:00:00Z", "2026-03-02T12:00:00Z"


def write(scene: Scene, person, handover, text="Talt med Gry i dag."):
    return scene.does(person, "notes", handover, seen=None, text=text)


@pytest.mark.parametrize(
    ("name", "side", "life_at"),
    [
        ("leader", "receiver", NOW),
        ("substitute", "receiver", NOW),
        ("owner", "receiver", NOW),
        ("giver", "giver", BEFORE),
        ("consultant", "giver", BEFORE),
        ("secretary", "giver", BEFORE),
        ("reference_leader", "other", BEFORE),
        ("stranger", "other", BEFORE),
    ],
)
def test_only_the_receiving_sides_note_is_a_sign_of_life(
    scene: Scene, name: str, side: str, life_at: str
):
    handover = scene.handover(State.ACCEPTED, days_ago=20)
    person = getattr(scene, name)
    response = write(scene, person, handover)
    assert (response.status_code, response.json()["side"]) == (201, side)
    assert (response.json()["author_name"], response.json()["at"]) == (person.name, NOW)
    assert scene.sees(scene.giver, handover)["last_life_at"] == life_at
    assert scene.happened(handover) == ["handover.note_written"]


def test_a_note_leaves_the_agreed_day_standing(scene: Scene):
    next_on = scene.make.now.date().replace(month=4)
    handover = scene.handover(State.ACCEPTED, next_on=next_on, days_ago=20)
    write(scene, scene.owner, handover)
    assert scene.sees(scene.giver, handover)["life_due_on"] == "2026-04-02"


@pytest.mark.parametrize("state", [State.RETURNED, State.DECLINED])
def test_a_note_to_what_is_not_with_the_unit_starts_no_clock(scene: Scene, state: State):
    handover = scene.handover(state, days_ago=20)
    assert write(scene, scene.leader, handover).status_code == 201
    shown = scene.sees(scene.giver, handover)
    assert (shown["last_life_at"], shown["life_due_on"]) == (BEFORE, None)


def test_notes_are_read_in_the_order_they_were_written(scene: Scene):
    handover, other = scene.handover(), scene.handover()
    for text in ("først", "så", "sidst"):
        write(scene, scene.owner, handover, text)
    write(scene, scene.owner, other, "en anden")
    path = f"handovers/{handover.id}/notes"
    first = scene.get(scene.stranger, path, limit=2).json()
    rest = scene.get(scene.stranger, path, limit=2, cursor=first["next"]).json()
    assert [note["text"] for note in first["items"] + rest["items"]] == ["først", "så", "sidst"]
    assert rest["next"] is None


def test_nobody_writes_on_what_they_do_not_see(scene: Scene):
    hidden = scene.handover(State.DRAFT)
    assert write(scene, scene.leader, hidden).status_code == 404
    assert scene.get(scene.leader, f"handovers/{hidden.id}/notes").status_code == 404
    assert write(scene, scene.participant, hidden).status_code == 201


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001, "Om 010280-1234", "\x00", None, 7])
def test_a_note_that_cannot_be_kept_is_refused(scene: Scene, text: object):
    handover = scene.handover()
    assert pointers(write(scene, scene.leader, handover, text)) == ["#/text"]
    assert scene.happened(handover) == []


def test_what_the_unit_tells_the_secretariat_on_the_phone_is_a_sign_of_life(scene: Scene):
    handover = scene.handover(State.IN_USE, days_ago=200)
    said = {"text": "De bruger den hver uge.", "on_behalf_of_id": scene.owner.id}
    response = scene.client(scene.secretary).post(
        f"/api/v1/handovers/{handover.id}/notes", json=said
    )
    note = response.json()
    assert (note["side"], note["author_id"]) == ("receiver", scene.secretary.id)
    assert note["on_behalf_of_id"] == scene.owner.id
    assert scene.sees(scene.owner, handover)["dust_days"] == 0
