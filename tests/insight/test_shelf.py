"""The door and the shelf, as the clock moves: silence becomes visible by itself."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene

SHELF_DAY = {
    State.ACKNOWLEDGED: date(2026, 3, 31),
    State.ACCEPTED: date(2026, 4, 17),
    State.TRIAL: date(2026, 6, 1),
    State.IN_USE: date(2026, 6, 1),
}


def quiet(scene: Scene, path: str, **filters) -> list[int]:
    response = scene.get(scene.stranger, path, **filters)
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.json()["items"]]


def on(app: FastAPI, day: date) -> None:
    app.state.now = NOON + timedelta(days=(day - NOON.date()).days)


def test_on_the_eleventh_working_day_an_unanswered_gift_is_at_the_door(scene: Scene, app: FastAPI):
    handover = scene.handover()
    on(app, date(2026, 3, 16))
    assert quiet(scene, "door") == []
    on(app, date(2026, 3, 17))
    assert quiet(scene, "door") == [handover.id]
    assert quiet(scene, "shelf") == []
    shown = scene.sees(scene.giver, handover)
    assert (shown["is_at_door"], shown["is_on_shelf"], shown["dust_days"]) == (True, False, 1)


@pytest.mark.parametrize("state", SHELF_DAY)
def test_each_state_comes_on_the_shelf_when_its_patience_is_over(
    scene: Scene, app: FastAPI, state: State
):
    handover = scene.handover(state)
    on(app, SHELF_DAY[state] - timedelta(days=1))
    assert quiet(scene, "shelf") == []
    on(app, SHELF_DAY[state])
    assert quiet(scene, "shelf") == [handover.id]
    assert quiet(scene, "door") == []


def test_what_is_anchored_ended_or_with_the_giver_is_never_on_either(scene: Scene, app: FastAPI):
    for state in set(State) - {State.DELIVERED, *SHELF_DAY}:
        scene.handover(state)
    on(app, date(2030, 1, 1))
    assert quiet(scene, "door") == quiet(scene, "shelf") == []


def test_the_agreed_day_counts_and_not_the_patience(scene: Scene, app: FastAPI):
    handover = scene.handover(State.ACCEPTED, next_on=date(2026, 3, 10))
    on(app, date(2026, 3, 11))
    assert quiet(scene, "shelf") == [handover.id]


def test_a_day_begins_at_midnight_in_denmark(scene: Scene, app: FastAPI):
    handover = scene.handover()
    app.state.now = NOON.replace(day=16, hour=22, minute=59)
    assert quiet(scene, "door") == []
    app.state.now = NOON.replace(day=16, hour=23, minute=0)
    assert quiet(scene, "door") == [handover.id]


def test_a_sign_of_life_takes_it_down_again(scene: Scene, app: FastAPI):
    at_door, on_shelf = scene.handover(), scene.handover(State.ACCEPTED)
    on(app, date(2026, 6, 1))
    assert (quiet(scene, "door"), quiet(scene, "shelf")) == ([at_door.id], [on_shelf.id])
    scene.does(scene.leader, "receipt", at_door)
    scene.does(scene.owner, "notes", on_shelf, seen=None, text="Vi har talt med Gry.")
    assert quiet(scene, "door") == quiet(scene, "shelf") == []


@pytest.mark.parametrize(("days", "is_forgotten"), [(179, False), (180, True)])
def test_after_180_days_it_is_called_forgotten(
    scene: Scene, app: FastAPI, days: int, is_forgotten: bool
):
    handovers = [scene.handover(), scene.handover(State.IN_USE), scene.handover(State.ANCHORED)]
    app.state.now = NOON + timedelta(days=days)
    said = [scene.sees(scene.giver, handover)["is_forgotten"] for handover in handovers]
    assert said == [is_forgotten, is_forgotten, False]


@pytest.mark.parametrize(("path", "state"), [("door", "delivered"), ("shelf", "in_use")])
def test_the_dustiest_come_first_and_equals_by_age(scene: Scene, path: str, state: str):
    days = [120, 300, 120, 200]
    handovers = [scene.handover(State(state), days_ago=ago) for ago in days]
    assert quiet(scene, path) == [handovers[place].id for place in (1, 3, 0, 2)]


def test_both_are_filtered_by_unit_network_and_gift(scene: Scene):
    for path, state in (("door", State.DELIVERED), ("shelf", State.TRIAL)):
        mine = scene.handover(state, days_ago=200)
        other = scene.make.handover(state=state, days_ago=200)
        assert quiet(scene, path) == [mine.id, other.id]
        assert quiet(scene, path, unit_id=scene.area.id) == [mine.id]
        assert quiet(scene, path, network_id=other.network_id) == [other.id]
        assert quiet(scene, path, gift_id=mine.gift_id) == [mine.id]
        assert quiet(scene, path, gift_id=mine.gift_id, network_id=other.network_id) == []


def test_the_shelf_is_filtered_by_owner(scene: Scene):
    mine = scene.handover(State.TRIAL, days_ago=200)
    scene.handover(State.TRIAL, days_ago=200, owner=scene.colleague)
    assert quiet(scene, "shelf", owner_id=scene.owner.id) == [mine.id]
