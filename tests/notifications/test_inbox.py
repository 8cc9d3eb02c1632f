"""What one has been told, over JSON: whose it is, in which order, and read once."""

from datetime import timedelta

import pytest

from app.handovers.lifecycle import State
from app.notifications import inbox
from app.notifications.models import Notification, Reminder, ReminderKind
from app.rows import rows_of
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)


def mine(scene, person, **params):
    response = scene.get(person, "me/notifications", **params)
    assert response.status_code == 200, response.text
    return response.json()["items"]


def read(scene, person, message_id):
    path = f"/api/v1/me/notifications/{message_id}/read"
    return scene.client(person).post(path).status_code


def unread(scene, person):
    return inbox.how_many_unread(rows_of(scene.make.session), person.key)


def test_a_message_says_what_happened_why_i_am_told_and_about_which_gift(scene, make):
    handover = scene.handover()
    message = make.message(
        scene.substitute, handover, reason="substitute", stands_in_for_id=scene.leader.key
    )
    gift = handover.gift_id
    (found,) = mine(scene, scene.substitute)
    assert found == {
        "id": message.id,
        "reason": "substitute",
        "stands_in_for_id": scene.leader.key,
        "handover_id": handover.key,
        "gift_title": scene.sees(scene.leader, handover)["gift_title"],
        "unit_name": "Ungeenheden",
        "event_id": message.event_id,
        "event_type": "handover.acknowledged",
        "subject_id": handover.key,
        "reminder_id": None,
        "made_at": "2026-03-02T12:00:00Z",
        "read_at": None,
    }
    assert gift


def test_i_am_told_mine_newest_first_page_by_page_and_nobody_elses(scene, make):
    ids = [make.message(scene.giver, scene.handover()).id for _ in range(5)]
    make.message(scene.co_driver, scene.handover())
    assert [one["id"] for one in mine(scene, scene.giver)] == ids[::-1]
    first = scene.get(scene.giver, "me/notifications", limit=3).json()
    rest = scene.get(scene.giver, "me/notifications", limit=3, cursor=first["next"]).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None


def test_what_is_read_can_be_left_out_or_asked_for(scene, make):
    old = make.message(scene.giver, scene.handover(), read_at=NOON).id
    new = make.message(scene.giver, scene.handover()).id
    assert [one["id"] for one in mine(scene, scene.giver, is_read=True)] == [old]
    assert [one["id"] for one in mine(scene, scene.giver, is_read=False)] == [new]


def test_a_reminder_is_a_message_too(scene, session):
    handover = scene.handover()
    reminder = Reminder(
        handover_id=handover.key, kind=ReminderKind.UNANSWERED, due_on=NOON.date(), made_at=NOON
    )
    session.add(reminder)
    session.flush()
    said = {"reason": ReminderKind.UNANSWERED, "handover_id": handover.key, "made_at": NOON}
    session.add(Notification(person_id=scene.leader.key, reminder_id=reminder.id, **said))
    session.flush()
    (found,) = mine(scene, scene.leader)
    assert (found["reason"], found["reminder_id"]) == ("unanswered", reminder.id)
    assert (found["event_id"], found["event_type"]) == (None, None)


def test_of_a_draft_that_one_does_not_see_any_more_nothing_is_said(scene, make):
    handover = scene.handover(State.DRAFT)
    make.message(scene.stranger, handover)
    make.message(scene.giver, handover)
    (hidden,) = mine(scene, scene.stranger)
    assert (hidden["gift_title"], hidden["unit_name"]) == (None, None)
    (seen,) = mine(scene, scene.giver)
    assert seen["unit_name"] == "Ungeenheden"


def test_the_count_is_of_things_and_not_of_messages(scene, make):
    handover, another = scene.handover(), scene.handover()
    for one in (handover, handover, another):
        make.message(scene.giver, one)
    make.message(scene.giver, scene.handover(), read_at=NOON)
    make.message(scene.co_driver, handover)
    assert unread(scene, scene.giver) == 2


def test_what_is_about_no_handover_is_a_thing_of_its_own(scene, make):
    for _ in range(2):
        make.message(scene.giver, scene.handover(), handover_id=None)
    assert unread(scene, scene.giver) == 2


def test_read_it_takes_along_what_came_before_of_the_same_gift_and_nothing_later(scene, make):
    handover, another = scene.handover(), scene.handover()
    make.message(scene.giver, handover)
    this = make.message(scene.giver, handover).id
    other = make.message(scene.giver, another).id
    later = make.message(scene.giver, handover).id
    colleagues = make.message(scene.co_driver, handover).id
    assert read(scene, scene.giver, this) == 204
    assert [one["id"] for one in mine(scene, scene.giver, is_read=False)] == [later, other]
    assert [one["id"] for one in mine(scene, scene.co_driver, is_read=False)] == [colleagues]


def test_read_twice_it_was_read_the_first_time(app, scene, make):
    message = make.message(scene.giver, scene.handover()).id
    assert read(scene, scene.giver, message) == 204
    app.state.now = LATER
    assert read(scene, scene.giver, message) == 204
    assert mine(scene, scene.giver)[0]["read_at"] == "2026-03-02T12:00:00Z"


@pytest.mark.parametrize("whose", ["giver", "secretary"])
def test_somebody_elses_message_does_not_exist(scene, make, whose):
    message = make.message(scene.leader, scene.handover()).id
    assert read(scene, getattr(scene, whose), message) == 404
    assert unread(scene, scene.leader) == 1


def test_all_are_read_up_to_the_one_that_was_shown(scene, make, session):
    handover = scene.handover()
    shown = [make.message(scene.giver, one).id for one in (handover, scene.handover())]
    later = make.message(scene.giver, handover).id
    theirs = make.message(scene.leader, handover).id
    inbox.mark_all_read(session, scene.giver.key, until_id=shown[-1], now=NOON)
    assert [one["id"] for one in mine(scene, scene.giver, is_read=False)] == [later]
    assert [one["id"] for one in mine(scene, scene.leader, is_read=False)] == [theirs]
