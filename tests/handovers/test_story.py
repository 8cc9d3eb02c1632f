"""The whole story of a handover, read back in both languages."""

from datetime import timedelta

from fastapi import FastAPI

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import NO_RIPPLE, PLANNED, Scene


def live_through(scene: Scene, app: FastAPI):
    """From a draft until it is part of the day, and then stopped."""
    handover = scene.handover(State.DRAFT)
    who = {"giver": scene.giver, "leader": scene.leader, "owner": scene.owner}
    units = {"answer": "units", "unit_ids": [scene.area.id]}
    accept = {"owner_id": scene.owner.id, "next_on": "2026-04-01", **PLANNED}
    for days, name, noun, body in [
        (0, "giver", "announcement", {}),
        (1, "giver", "delivery", {"ripple": units}),
        (2, "leader", "clarification", {"question": "Hvem betaler?"}),
        (3, "giver", "delivery", {"ripple": units}),
        (4, "leader", "receipt", {}),
        (5, "leader", "acceptance", accept),
        (6, "owner", "notes", {"text": "Talt med Gry."}),
        (7, "owner", "trial", {"question": "Kommer de?", "to_on": "2026-06-01"}),
        (8, "leader", "pause", {"until": "2026-04-01", "reason": "Vi flytter."}),
        (9, "leader", "owner", {"owner_id": scene.colleague.id}),
        (10, "leader", "plan", {"first_step": "Ring."}),
        (
            11,
            "leader",
            "use",
            {"practice": "Ét møde.", "trial_result": "Ja.", "ripple": NO_RIPPLE},
        ),
        (200, "leader", "anchoring", {"success": "9 af 10", "citizen_value": "Ja."}),
        (201, "giver", "anchoring/confirmation", {}),
        (300, "leader", "ending", {"reason": "Ny lov.", "learned": "Mød op.", "ripple": units}),
        (301, "giver", "reopening", {"reason": "Loven er væk igen."}),
        (302, "giver", "withdrawal", {"reason": "Nu er der noget bedre."}),
    ]:
        app.state.now = NOON + timedelta(days=days)
        response = scene.does(who[name], noun, handover, **body)
        assert response.status_code in (200, 201), (noun, response.text)
    return handover


def test_the_story_tells_every_event_in_order(scene: Scene, app: FastAPI):
    handover = live_through(scene, app)
    told = scene.get(scene.stranger, f"handovers/{handover.id}/story").json()["items"]
    assert [entry["type"] for entry in told] == scene.happened(handover)
    assert [entry["at"] for entry in told] == sorted(entry["at"] for entry in told)
    assert len(told) > 17


def test_the_story_is_told_in_danish_with_names_words_and_days(scene: Scene, app: FastAPI):
    danish = "\n".join(scene.story(scene.stranger, live_through(scene, app)))
    for part in (
        "Gry Giver",
        "Lea Leder",
        "Tove Tovholder",
        "Kaj Kollega",
        "Ungeenheden",
        "Børn og Unge",
        "Hvem betaler?",
        "1. april 2026",
        "første skridt",
        "Mød op.",
        "ingen",
    ):
        assert part in danish
    assert "%(" not in danish


def test_the_story_is_told_in_english_and_keeps_what_people_wrote(scene: Scene, app: FastAPI):
    handover = live_through(scene, app)
    danish = scene.story(scene.stranger, handover)
    english = scene.story(scene.stranger, handover, "en-GB,en;q=0.9,da;q=0.1")
    assert len(english) == len(danish)
    assert not set(english) & set(danish)
    for part in ("Lea Leder", "1 April 2026", "Hvem betaler?", "Mød op.", "Ungeenheden"):
        assert part in "\n".join(english)


def test_what_people_wrote_is_never_mistaken_for_a_word_of_the_product(scene: Scene):
    handover = scene.handover()
    for text in ("stuck", "unknown", "100 %(actor)s %s"):
        scene.does(scene.leader, "notes", handover, seen=None, text=text)
    assert [text.split("»")[1].split("«")[0] for text in scene.story(scene.giver, handover)] == [
        "stuck",
        "unknown",
        "100 %(actor)s %s",
    ]


def test_the_names_are_those_of_today(scene: Scene):
    handover = scene.handover()
    scene.does(scene.leader, "receipt", handover)
    scene.leader.name = "Lea Nygift"
    assert scene.story(scene.giver, handover)[0].startswith("Lea Nygift")


def test_the_story_comes_in_pages(scene: Scene, app: FastAPI):
    path = f"handovers/{live_through(scene, app).id}/story"
    whole = scene.get(scene.stranger, path).json()["items"]
    told, cursor = [], {}
    while True:
        page = scene.get(scene.stranger, path, limit=4, **cursor).json()
        told += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert told == whole


def test_nobody_reads_the_story_of_what_they_may_not_see(scene: Scene):
    hidden = scene.handover(State.DRAFT)
    assert scene.get(scene.stranger, f"handovers/{hidden.id}/story").status_code == 404
    assert scene.get(scene.stranger, "handovers/999999/story").status_code == 404
    assert scene.get(scene.participant, f"handovers/{hidden.id}/story").status_code == 200
