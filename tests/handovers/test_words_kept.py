"""What a unit has written stays in the story, also when the handover does not hold it any more."""

import pytest
from sqlmodel import Session

from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.rows import rows_of
from app.webhooks.told import said_of
from tests.conftest import NOON
from tests.handovers.scene import NO_RIPPLE, Scene

PLAN = {
    "read_back": "Vi holder ét møde pr. ung.",
    "first_step": "Kalenderen åbnes i maj.",
    "exit_criteria": "Tre møder uden os.",
    "support_until_on": "2026-06-30",
    "next_on": "2026-04-01",
}
WORDS = [word for name, word in PLAN.items() if not name.endswith("_on")]
FOLLOW_UP = {"health": "going_well", "note": "Vi er i gang.", "better": "yes"}


@pytest.fixture
def gift(scene: Scene):
    return scene.make.gift(network=scene.network, contact=scene.giver)


@pytest.fixture
def planned(scene: Scene, gift):
    handover = scene.handover(State.ACCEPTED, gift=gift, read_back="", first_step="")
    written = scene.does(scene.owner, "plan", handover, **PLAN)
    assert written.status_code == 200, written.text
    return handover


def told(scene: Scene, handover) -> str:
    return "\n".join(scene.story(scene.stranger, handover))


def says(scene: Scene, handover) -> dict[str, object]:
    """What the last plan that was written says, as an event."""
    data = scene.events(handover, "handover.planned")[-1].data
    return {name: value for name, value in data.items() if value is not None and name != "fields"}


def test_the_plan_that_a_new_edition_empties_is_in_the_story(scene: Scene, gift, planned):
    changed = scene.client(scene.giver).patch(
        f"/api/v1/gifts/{gift.id}",
        json={"ask": "To mødeledere.", "change": "material", "changes": "To mødeledere."},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 200
    assert scene.sees(scene.leader, planned)["read_back"] == ""
    assert says(scene, planned) == PLAN
    assert [word for word in WORDS if f"»{word}«" in told(scene, planned)] == WORDS
    assert "1. april 2026" in told(scene, planned)


def test_the_plan_of_an_answer_that_is_taken_back_is_in_the_story(scene: Scene, planned):
    assert scene.does(scene.leader, "reconsideration", planned).status_code == 200
    shown = scene.sees(scene.leader, planned)
    assert {shown[name] for name in PLAN} == {"", None}
    assert [word for word in WORDS if f"»{word}«" in told(scene, planned)] == WORDS


def test_it_is_told_in_english_around_the_words_of_the_unit(scene: Scene, planned):
    (sentence,) = scene.story(scene.stranger, planned, "en")
    assert sentence.startswith("Tove Tovholder wrote in the plan: read-back “Vi holder ét møde")
    assert "next date 1 April 2026" in sentence


def test_what_was_said_at_the_acceptance_is_in_the_story(scene: Scene):
    handover = scene.handover()
    accepted = {"owner_id": scene.owner.id, "next_on": "2026-04-01"}
    scene.does(scene.leader, "acceptance", handover, **accepted, read_back="Ét møde pr. ung.")
    (sentence,) = scene.story(scene.stranger, handover)
    assert sentence.endswith("I planen står: forstået sådan »Ét møde pr. ung.«.")


def test_an_acceptance_that_says_no_more_is_told_without(scene: Scene):
    handover = scene.handover()
    accepted = {"owner_id": scene.owner.id, "next_on": "2026-04-01"}
    scene.does(scene.leader, "acceptance", handover, **accepted)
    (sentence,) = scene.story(scene.stranger, handover)
    assert sentence.endswith("næste dato er 1. april 2026.")


def test_what_is_written_of_the_plan_when_a_trial_begins_is_kept(scene: Scene):
    handover = scene.handover(State.ACCEPTED, read_back="Noget.", first_step="Et skridt.")
    trial = {"question": "Kommer de?", "to_on": "2026-05-01"}
    begun = scene.does(scene.owner, "trial", handover, **trial, **{**PLAN, "next_on": "2026-06-01"})
    assert begun.status_code == 200, begun.text
    assert says(scene, handover) == {**PLAN, "next_on": "2026-05-01"}
    assert scene.happened(handover) == ["handover.planned", "handover.trial_started"]


def test_what_is_written_of_the_plan_when_it_is_put_in_use_is_kept(scene: Scene):
    handover = scene.handover(State.TRIAL, read_back="Noget.", first_step="Et skridt.")
    use = {"practice": "Ét møde.", "trial_result": "9 af 10 kom.", "ripple": NO_RIPPLE}
    assert scene.does(scene.owner, "use", handover, **use, **PLAN).status_code == 200
    assert says(scene, handover) == PLAN
    assert "Afprøvningen viste: »9 af 10 kom.«" in told(scene, handover)


def test_a_step_that_says_nothing_of_the_plan_tells_of_none(scene: Scene):
    handover = scene.handover(State.ACCEPTED)
    scene.does(scene.owner, "use", handover, practice="Ét møde.", ripple=NO_RIPPLE)
    assert "handover.planned" not in scene.happened(handover)


def test_what_a_follow_up_says_is_kept_when_it_is_corrected(scene: Scene):
    handover = scene.handover(State.ACCEPTED, read_back="", first_step="")
    client = scene.client(scene.owner)
    more = {"better_how": "Hun kender sin plan.", "measured": "7.50"}
    plan = {name: PLAN[name] for name in ("read_back", "first_step")}
    body = {"handover_id": handover.id, **FOLLOW_UP, **more, **plan}
    made = client.post("/api/v1/follow-ups", json=body).json()["id"]
    at, seen = f"/api/v1/follow-ups/{made}", {"If-Match": "*"}
    for note in ("Vi venter på nøglen.", "Vi har fået nøglen."):
        assert client.patch(at, json={"note": note}, headers=seen).status_code == 200
    client.patch(at, json={"better_how": "", "measured": None}, headers=seen)

    assert says(scene, handover) == plan
    story = told(scene, handover)
    assert "hvordan det er blevet bedre »Hun kender sin plan.«, måling »7.50«" in story
    assert "Nu står der: bemærkning »Vi venter på nøglen.«." in story
    assert "Nu står der: bemærkning »Vi har fået nøglen.«." in story
    last = story.splitlines()[-1]
    assert "hvordan det er blevet bedre, måling." in last
    assert "Nu står der" not in last


def test_what_happened_before_the_words_were_kept_is_told_as_it_was(scene: Scene, session: Session):
    handover = scene.handover(State.ACCEPTED)
    for kind, fields in (("handover.planned", ["read_back"]), ("follow_up.changed", ["note"])):
        session.add(
            Event(
                type=kind,
                subject_id=handover.key,
                handover_id=handover.key,
                actor_id=scene.owner.key,
                at=NOON,
                data={"fields": fields},
            )
        )
    session.flush()
    assert scene.story(scene.stranger, handover) == [
        "Tove Tovholder skrev i planen: forstået sådan.",
        "Tove Tovholder rettede en opfølgning: bemærkning.",
    ]


def test_a_webhook_says_that_a_plan_was_written_and_not_what(scene: Scene, session, planned):
    (event,) = scene.events(planned, "handover.planned")
    sent = said_of(rows_of(session), event.id)
    assert "forstået sådan »…«" in sent.text
    assert not [word for word in WORDS if word in f"{sent.text} {sent.data}"]
    assert sent.data["next_on"] == "2026-04-01"
