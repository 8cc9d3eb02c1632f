"""What holds of every verb: who may, who does not even see it, when, and what is kept of it."""

import pytest

from app.handovers.lifecycle import State
from tests.databases import ON_ONE
from tests.handovers.scene import Scene, pointers
from tests.handovers.verbs import EVERYONE, RECEIVER_VERBS, VERBS, Verb

every_verb = pytest.mark.parametrize("verb", VERBS, ids=str)
every_receiver_verb = pytest.mark.parametrize("verb", RECEIVER_VERBS, ids=str)

NETWORK = ("participant", "reference_leader")


def principal(scene: Scene, verb: Verb):
    return scene.leader if verb in RECEIVER_VERBS else scene.giver


@every_verb
def test_a_step_is_taken_and_recorded_once(scene: Scene, verb: Verb):
    handover = verb.ready(scene)
    version = handover.version
    response = verb.done_by(scene, principal(scene, verb), handover)
    assert response.status_code == 200, response.text
    shown = response.json()
    assert shown["state"] == verb.after
    assert shown["version"] > version
    assert response.headers["ETag"] == f'"{shown["version"]}"'
    assert shown == scene.sees(scene.giver, handover)
    (event,) = scene.events(handover, verb.event)
    assert (event.subject_id, event.actor_id) == (handover.id, principal(scene, verb).id)
    assert event.on_behalf_of_id is None


@ON_ONE
@every_verb
def test_exactly_those_of_the_domain_may_and_the_others_hear_why(scene: Scene, verb: Verb):
    may = set()
    for name in EVERYONE:
        handover = verb.ready(scene)
        response = verb.done_by(scene, getattr(scene, name), handover)
        if response.status_code == 200:
            may.add(name)
            continue
        problem = response.json()
        if verb.before is State.DRAFT and name not in NETWORK:
            assert response.status_code == 404, problem
        else:
            assert (response.status_code, problem["code"]) == (403, "not_allowed"), problem
            assert problem["detail"]
        assert scene.sees(scene.giver, handover)["state"] == verb.before
        assert scene.happened(handover) == []
    assert may == verb.may


@every_verb
def test_who_may_not_see_it_is_told_that_it_does_not_exist(scene: Scene, verb: Verb):
    hidden = verb.ready(scene, State.DRAFT)
    for person in (scene.stranger, scene.leader):
        response = verb.done_by(scene, person, hidden)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert scene.happened(hidden) == []


@every_verb
def test_in_the_wrong_state_it_is_refused_with_what_can_be_done(scene: Scene, verb: Verb):
    handover = verb.ready(scene, verb.wrong)
    response = verb.done_by(scene, principal(scene, verb), handover)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (409, "illegal_step"), problem
    assert problem["state"] == verb.wrong
    assert problem["open_steps"]
    assert problem["detail"].startswith("Overrækkelsen er »")
    assert scene.sees(scene.giver, handover)["version"] == 1
    assert scene.happened(handover) == []


@every_verb
def test_nobody_changes_what_they_have_not_seen(scene: Scene, verb: Verb):
    handover = verb.ready(scene)
    stale = verb.done_by(scene, principal(scene, verb), handover, seen='"99"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert stale.json()["current_version"] == handover.version
    if verb.noun != "receipt":
        missing = verb.done_by(scene, principal(scene, verb), handover, seen=None)
        assert (missing.status_code, missing.json()["code"]) == (428, "match_required")
    assert scene.happened(handover) == []


@every_verb
def test_the_secretariat_does_it_on_behalf_of_a_named_person(scene: Scene, verb: Verb):
    handover, named = verb.ready(scene), principal(scene, verb)
    response = verb.done_on_behalf(scene, scene.secretary, named, handover)
    assert response.status_code == 200, response.text
    (event,) = scene.events(handover, verb.event)
    assert (event.actor_id, event.on_behalf_of_id) == (scene.secretary.id, named.id)
    story = scene.get(scene.stranger, f"handovers/{handover.id}/story").json()["items"]
    (told,) = [entry for entry in story if entry["type"] == verb.event]
    assert (told["by"], told["on_behalf_of"]) == (scene.secretary.name, named.name)
    if verb.event != "handover.owner_named":
        assert told["text"].startswith(f"{scene.secretary.name} på vegne af {named.name} ")


@every_verb
def test_on_behalf_of_is_for_the_secretariat_and_of_someone_who_may(scene: Scene, verb: Verb):
    handover, named = verb.ready(scene), principal(scene, verb)
    left = scene.make.person(left_at=scene.make.now)
    by_other = verb.done_on_behalf(scene, scene.participant, named, handover)
    of_stranger = verb.done_on_behalf(scene, scene.secretary, scene.stranger, handover)
    assert [by_other.status_code, of_stranger.status_code] == [403, 403]
    of_one_who_left = verb.done_on_behalf(scene, scene.secretary, left, handover)
    assert pointers(of_one_who_left) == ["#/on_behalf_of_id"]
    assert scene.happened(handover) == []


@every_receiver_verb
def test_a_substitutes_answer_shows_both_names(scene: Scene, verb: Verb):
    handover = verb.ready(scene)
    assert verb.done_by(scene, scene.substitute, handover).status_code == 200
    (event,) = scene.events(handover, verb.event)
    assert (event.actor_id, event.on_behalf_of_id) == (scene.substitute.id, scene.leader.id)


@every_receiver_verb
def test_a_vacant_post_falls_to_the_leader_above(scene: Scene, verb: Verb):
    scene.leaves_vacant()
    handover = verb.ready(scene)
    assert verb.done_by(scene, scene.leader, handover).status_code == 403
    assert verb.done_by(scene, scene.above, handover).status_code == 200
    (event,) = scene.events(handover, verb.event)
    assert (event.actor_id, event.on_behalf_of_id) == (scene.above.id, None)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.method != "DELETE"], ids=str)
def test_a_field_that_nobody_knows_is_refused_by_name(scene: Scene, verb: Verb):
    handover = verb.ready(scene)
    response = verb.done_by(scene, principal(scene, verb), handover, rating=5)
    assert "#/rating" in pointers(response)
    assert scene.happened(handover) == []
