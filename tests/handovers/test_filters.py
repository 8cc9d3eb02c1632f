"""Finding handovers: each filter by itself, several together, and words with Danish letters."""

from datetime import date

import pytest

from app.handovers.lifecycle import ENDED, State
from app.handovers.models import Kind
from tests.handovers.scene import Scene, pointers


def found(scene: Scene, **filters) -> list[int]:
    response = scene.get(scene.secretary, "handovers", **filters)
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


def test_without_a_filter_the_newest_come_first(scene: Scene):
    handovers = [scene.handover() for _ in range(3)]
    assert found(scene) == [handover.id for handover in reversed(handovers)]


def test_a_unit_and_everything_under_it(scene: Scene):
    team = scene.make.unit(parent_id=scene.unit.key)
    in_team, in_unit = scene.handover(unit=team), scene.handover()
    elsewhere = scene.handover(unit=scene.make.unit())
    assert found(scene, unit_id=scene.area.id) == [in_unit.id, in_team.id]
    assert found(scene, unit_id=team.id) == [in_team.id]
    assert found(scene, unit_id=elsewhere.unit_id) == [elsewhere.id]
    assert found(scene, unit_id=999_999) == []


def test_a_network_a_gift_and_an_owner(scene: Scene):
    mine = scene.handover(State.ACCEPTED)
    other = scene.make.handover()
    assert found(scene, network_id=scene.network.id) == [mine.id]
    assert found(scene, network_id=other.network_id) == [other.id]
    assert found(scene, gift_id=mine.gift_id) == [mine.id]
    assert found(scene, owner_id=scene.owner.id) == [mine.id]
    assert found(scene, owner_id=scene.giver.id) == []


def test_lead_and_co_receivers(scene: Scene):
    lead, co = scene.handover(kind=Kind.LEAD), scene.handover(kind=Kind.CO)
    assert (found(scene, kind="lead"), found(scene, kind="co")) == ([lead.id], [co.id])


def test_any_of_several_states(scene: Scene):
    by_state = {state: scene.handover(state).id for state in State}
    for state in State:
        assert found(scene, state=state) == [by_state[state]]
    assert found(scene, state=["trial", "draft"]) == [by_state["trial"], by_state["draft"]]
    assert set(found(scene, is_open=False)) == {by_state[state] for state in ENDED}
    assert set(found(scene, is_open=True)) == {by_state[state] for state in set(State) - ENDED}


def test_days_of_delivery_as_they_begin_in_denmark(scene: Scene):
    old, new = scene.handover(days_ago=10), scene.handover()
    assert found(scene, delivered_from="2026-03-02") == [new.id]
    assert found(scene, delivered_from="2026-03-03") == []
    assert found(scene, delivered_before="2026-03-02") == [old.id]
    assert found(scene, delivered_from="2026-02-20", delivered_before="2026-02-21") == [old.id]
    late = scene.handover(delivered_at=scene.make.now.replace(day=10, hour=23, minute=30))
    assert found(scene, delivered_from="2026-03-11") == [late.id]


def test_days_on_which_life_is_due(scene: Scene):
    early = scene.handover(life_due_on=date(2026, 3, 10))
    late = scene.handover(life_due_on=date(2026, 3, 20))
    scene.handover(State.DECLINED)
    assert found(scene, due_from="2026-03-20") == [late.id]
    assert found(scene, due_before="2026-03-20") == [early.id]
    assert found(scene, due_from="2026-03-10", due_before="2026-03-21") == [late.id, early.id]


def test_quiet_since_a_day(scene: Scene):
    quiet, lively = scene.handover(State.IN_USE, days_ago=30), scene.handover(days_ago=1)
    scene.handover(State.RETURNED, days_ago=30)
    assert found(scene, quiet_since="2026-02-15") == [quiet.id]
    assert found(scene, quiet_since="2026-03-02") == [lively.id, quiet.id]
    assert found(scene, quiet_since="2026-01-31") == []


def test_paused_today(scene: Scene):
    paused = scene.handover(paused_until=date(2026, 3, 3))
    over = scene.handover(paused_until=date(2026, 3, 2))
    never = scene.handover()
    assert found(scene, is_paused=True) == [paused.id]
    assert found(scene, is_paused=False) == [never.id, over.id]


def test_what_has_ended_is_not_paused(scene: Scene):
    handover = scene.handover(paused_until=date(2026, 5, 1))
    scene.does(scene.leader, "refusal", handover, reason_kind="other", reason="Nej.")
    assert found(scene, is_paused=True) == []


def test_what_needs_a_unit(scene: Scene):
    homeless, housed = scene.handover(needs_unit=True), scene.handover()
    assert found(scene, needs_unit=True) == [homeless.id]
    assert found(scene, needs_unit=False) == [housed.id]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("Ærø", True),
        ("ærø", True),
        ("ÆRØ", True),
        ("på", True),
        ("PÅ ærø", True),
        ("fælles", True),
        ("FÆLLES færge", True),
        ("rgen på", True),
        ("aero", False),
        ("pa", False),
        ("Ærø fastland", False),
        ("100%", True),
        ("1_0", False),
        ("%", True),
        ("!", False),
        ("PA\u030a", True),
        ("  ", True),
    ],
)
def test_words_are_found_with_danish_letters(scene: Scene, words: str, is_found: bool):
    gift = scene.make.gift(
        network=scene.network, title="Færgen på Ærø", summary="Én fælles færge, 100% dansk."
    )
    handover = scene.handover(gift=gift)
    assert found(scene, q=words) == ([handover.id] if is_found else [])


def test_every_filter_given_must_hold(scene: Scene):
    wanted = scene.handover(State.TRIAL, days_ago=30, kind=Kind.LEAD)
    scene.handover(State.TRIAL, days_ago=30)
    scene.handover(State.IN_USE, days_ago=30, kind=Kind.LEAD)
    filters = {
        "unit_id": scene.area.id,
        "network_id": scene.network.id,
        "owner_id": scene.owner.id,
        "kind": "lead",
        "state": ["trial", "accepted"],
        "quiet_since": "2026-03-01",
        "is_open": True,
        "q": "overgangsmødet",
    }
    assert found(scene, **filters) == [wanted.id]


def test_nobody_finds_what_they_may_not_see(scene: Scene):
    draft, shown = scene.handover(State.DRAFT), scene.handover()
    for person in (scene.leader, scene.stranger):
        items = scene.get(person, "handovers", network_id=scene.network.id).json()["items"]
        assert [item["id"] for item in items] == [shown.id]
    mine = scene.get(scene.participant, "handovers").json()["items"]
    assert [item["id"] for item in mine] == [shown.id, draft.id]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unit_id", "0"),
        ("unit_id", "9" * 20),
        ("gift_id", "x"),
        ("kind", "main"),
        ("state", "gone"),
        ("delivered_from", "02-03-2026"),
        ("due_before", "2026-02-30"),
        ("quiet_since", "1999-12-31"),
        ("is_paused", "maybe"),
        ("q", "x" * 101),
        ("limit", "0"),
        ("limit", "201"),
        ("cursor", "tampered"),
    ],
)
def test_a_filter_that_cannot_be_is_named(scene: Scene, name: str, value: str):
    assert pointers(scene.get(scene.giver, "handovers", **{name: value})) == [name]
