"""A unit and a gift on one page each."""

import pytest

from app.handovers.lifecycle import ENDED, State
from tests.handovers.scene import Scene


def test_a_new_leader_sees_what_is_open_and_what_has_been(scene: Scene):
    by_state = {state: scene.handover(state).id for state in State}
    scene.handover(unit=scene.area)
    page = scene.get(scene.leader, f"units/{scene.unit.id}/summary").json()
    assert page["unit"]["name"] == "Ungeenheden"
    assert page["unit"]["answering"]["unit_id"] == scene.unit.id
    shown = {item["id"] for item in page["open"]}
    hidden = {State.DRAFT}
    assert shown == {by_state[state] for state in set(State) - ENDED - hidden}
    assert page["counts"] == {state: 1 for state in set(State) - hidden}


def test_a_page_of_a_unit_says_when_the_post_is_vacant(scene: Scene):
    scene.leaves_vacant()
    answering = scene.get(scene.above, f"units/{scene.unit.id}/summary").json()["unit"]["answering"]
    assert (answering["unit_id"], answering["is_vacant"]) == (scene.area.id, True)


def test_what_gathers_dust_shows_it_on_the_page(scene: Scene):
    scene.handover(State.IN_USE, days_ago=100)
    (item,) = scene.get(scene.leader, f"units/{scene.unit.id}/summary").json()["open"]
    assert (item["is_on_shelf"], item["dust_days"]) == (True, 10)


def test_a_gift_is_as_far_as_its_handovers(scene: Scene):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    states = [
        State.IN_USE,
        State.ANCHORED,
        State.TRIAL,
        State.DECLINED,
        State.DELIVERED,
        State.WITHDRAWN,
        State.DRAFT,
    ]
    for state in states:
        scene.handover(state, gift=gift, unit=scene.make.unit())
    progress = scene.get(scene.giver, f"gifts/{gift.id}/progress").json()
    assert (progress["in_use"], progress["units"]) == (2, 5)
    assert progress["states"] == {state: 1 for state in states}
    seen = scene.get(scene.stranger, f"gifts/{gift.id}/progress").json()["states"]
    assert State.DRAFT not in seen


@pytest.mark.parametrize("path", ["units/999999/summary", "gifts/999999/progress"])
def test_there_is_no_page_of_what_does_not_exist(scene: Scene, path: str):
    assert scene.get(scene.secretary, path).status_code == 404


def test_a_gift_that_was_never_given_is_hidden(scene: Scene):
    gift = scene.make.gift(network=scene.network, is_given=False)
    assert scene.get(scene.stranger, f"gifts/{gift.id}/progress").status_code == 404
    assert scene.get(scene.participant, f"gifts/{gift.id}/progress").status_code == 200
