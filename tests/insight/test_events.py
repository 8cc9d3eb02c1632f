"""The log: who reads what, filters and cursor; and nothing in it can be changed."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene, pointers


def log(scene: Scene, person=None, **filters) -> list[dict]:
    response = scene.get(person or scene.secretary, "events", **filters)
    assert response.status_code == 200, response.text
    return response.json()["items"]


@pytest.fixture
def lived(scene: Scene, app):
    """A handover that was acknowledged, and one that was declined the day after."""
    first, second = scene.handover(), scene.handover()
    scene.does(scene.leader, "receipt", first)
    app.state.now = NOON + timedelta(days=1)
    scene.does(scene.substitute, "refusal", second, reason_kind="other", reason="Nej tak.")
    return first, second


def test_an_event_tells_who_what_when_and_of_which_handover(scene: Scene, lived):
    (event,) = log(scene, type="handover.declined")
    assert event.pop("id") > 0
    assert event == {
        "type": "handover.declined",
        "subject_id": lived[1].id,
        "handover_id": lived[1].id,
        "actor_id": scene.substitute.id,
        "on_behalf_of_id": scene.leader.id,
        "at": "2026-03-03T12:00:00Z",
        "data": {"reason_kind": "other", "reason": "Nej tak.", "counter_proposal": ""},
    }


def test_each_filter_by_itself(scene: Scene, lived):
    first, second = lived
    acknowledged, declined = "handover.acknowledged", "handover.declined"
    story = [event["type"] for event in log(scene) if event["handover_id"]]
    assert story == [acknowledged, declined]
    for filters, types in [
        ({"type": acknowledged}, [acknowledged]),
        ({"handover_id": second.id}, [declined]),
        ({"subject_id": first.id, "type": acknowledged}, [acknowledged]),
        ({"actor_id": scene.leader.id}, ["api_key.used", acknowledged]),
        ({"at_from": "2026-03-03T12:00:00Z", "type": declined}, [declined]),
        ({"at_from": "2026-03-03T13:00:00+01:00", "type": declined}, [declined]),
        ({"at_before": "2026-03-03T12:00:00Z", "type": declined}, []),
        ({"type": "no.such"}, []),
    ]:
        assert [event["type"] for event in log(scene, **filters)] == types, filters


def test_others_read_only_of_handovers_that_they_see(scene: Scene, lived):
    hidden = scene.handover(State.DRAFT)
    scene.does(scene.giver, "notes", hidden, seen=None, text="Kun for netværket.")
    first, second = (handover.id for handover in lived)
    assert {event["handover_id"] for event in log(scene, scene.stranger)} == {first, second}
    assert {event["handover_id"] for event in log(scene, scene.participant)} == {
        first,
        second,
        hidden.id,
    }
    assert log(scene, scene.stranger, handover_id=hidden.id) == []
    everything = log(scene, scene.make.administrator())
    assert {first, second, hidden.id, None} == {event["handover_id"] for event in everything}


def test_pages_go_forward_and_what_is_new_comes_last(scene: Scene, lived):
    whole = log(scene, handover_id=lived[0].id)
    for text_ in ("en", "to", "tre"):
        scene.does(scene.leader, "notes", lived[0], seen=None, text=text_)
    asked = {"handover_id": lived[0].id, "limit": 2}
    first = scene.get(scene.secretary, "events", **asked).json()
    rest = scene.get(scene.secretary, "events", **asked, cursor=first["next"]).json()
    seen = first["items"] + rest["items"]
    assert [event["id"] for event in seen] == sorted(event["id"] for event in seen)
    assert seen[: len(whole)] == whole
    assert [event["data"].get("text") for event in seen[1:]] == ["en", "to", "tre"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at_from", "2026-03-03"),
        ("at_from", "2026-03-03T12:00:00"),
        ("at_before", "0001-01-01T00:00:00+23:00"),
        ("handover_id", "-1"),
        ("actor_id", str(2**63)),
        ("cursor", "x"),
    ],
)
def test_a_filter_that_cannot_be_is_named(scene: Scene, name: str, value: str):
    assert pointers(scene.get(scene.secretary, "events", **{name: value})) == [name]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET type = 'handover.accepted'",
        "UPDATE event SET at = '2020-01-01 00:00:00'",
        "UPDATE event SET actor_id = NULL",
        "UPDATE event SET data = '{}'",
        "UPDATE event SET id = id + 1000",
        "UPDATE event SET handover_id = NULL",
        "DELETE FROM event",
    ],
)
def test_what_happened_is_never_changed_or_deleted(scene: Scene, lived, statement: str):
    session = scene.make.session
    with pytest.raises(DatabaseError, match="events are only added"), session.begin_nested():
        session.execute(text(statement))
    assert [event.type for event in scene.events(lived[0])] == ["handover.acknowledged"]


def test_what_happened_is_never_replaced(scene: Scene, lived):
    session = scene.make.session
    (event,) = scene.events(lived[0])
    verb = "INSERT OR REPLACE" if session.get_bind().dialect.name == "sqlite" else "INSERT"
    columns = "(id, type, subject_id, at, data)"
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(
            text(f"{verb} INTO event {columns} VALUES ({event.id}, 'x', 1, '2020-01-01', '{{}}')")
        )
    assert [kept.type for kept in scene.events(lived[0])] == ["handover.acknowledged"]


def test_that_it_was_sent_on_can_be_noted(scene: Scene, lived):
    (event,) = scene.events(lived[0])
    event.fanned_out_at = NOON
    scene.make.session.flush()
    scene.make.session.refresh(event)
    assert event.fanned_out_at == NOON
