"""Beskeder: a row for each thing, by why one is told, until it is read."""

import re
from datetime import timedelta

import pytest

from app.chores import FAN_OUT
from app.handovers.lifecycle import State
from app.notifications.models import Notification, Reminder, ReminderKind
from app.people.models import Person
from tests.conftest import NOON

AT = "/notifications"
HOSTILE = "<script>alert(1)</script> & %s " + "x" * 200


@pytest.fixture
def pass_on(session):
    def passed_on():
        while not FAN_OUT.pass_on(session, now=NOON):
            continue

    return passed_on


def unread(desk, at="/"):
    """The number at Beskeder in the menu."""
    found = re.search(
        r'href="/notifications"[^>]*>Beskeder(?: <span class="count">(\d+\+?))?', desk.page(at)
    )
    return found[1] or "0"


def headings(page):
    return re.findall(r'<h2 class="side-h">(.*?) <span', page)


def test_who_has_been_told_nothing_reads_a_kind_word(desk_of, scene):
    page = desk_of(scene.stranger).page(AT)
    assert "Du har læst det hele" in page
    assert "dem alle" not in page
    assert unread(desk_of(scene.stranger)) == "0"


def test_what_a_leader_does_reaches_the_givers_page(desk_of, scene, pass_on):
    handover = scene.handover()
    desk = desk_of(scene.leader)
    desk.press(
        f"/handovers/{handover.key}", f"/handovers/{handover.key}/answer", answer="acknowledge"
    )
    pass_on()
    giver = desk_of(scene.giver)
    assert unread(giver) == "1"
    page = giver.page(AT)
    assert "Lea Leder kvitterede: set og modtaget." in page
    assert f'href="/handovers/{handover.key}"' in page
    assert headings(page) == ["Fordi du giver gaven på netværkets vegne"]


def test_a_thing_is_one_row_however_often_one_was_told_of_it(desk_of, scene, make):
    handover = scene.handover()
    for _ in range(3):
        make.message(scene.giver, handover)
    make.message(scene.giver, scene.handover())
    page = desk_of(scene.giver).page(AT)
    assert page.count('class="task message"') == 2
    assert "og 2 beskeder mere om den" in page
    assert unread(desk_of(scene.giver), AT) == "2"


def test_reasons_stand_in_their_order_and_what_asks_for_something_first(
    desk_of, scene, make, session
):
    make.message(scene.leader, scene.handover(), reason="participant")
    make.message(scene.leader, scene.handover(), reason="owner")
    make.message(scene.leader, scene.handover(), reason="something_newer")
    for kind in (ReminderKind.UNANSWERED, ReminderKind.UNANSWERED_AGAIN):
        handover = scene.handover(life_due_on=NOON.date(), days_ago=20)
        reminder = Reminder(handover_id=handover.key, kind=kind, due_on=NOON.date(), made_at=NOON)
        session.add(reminder)
        session.flush()
        said = {"reason": kind, "handover_id": handover.key, "made_at": NOON}
        session.add(Notification(person_id=scene.leader.key, reminder_id=reminder.id, **said))
    session.flush()
    page = desk_of(scene.leader).page(AT)
    assert headings(page) == [
        "Venter på svar",
        "Fordi du er tovholder",
        "Fordi du er med i netværket",
        "Andet",
    ]
    assert "Gaven venter stadig på jeres svar." in page


def test_a_reminder_says_what_is_true_for_whoever_reads_it(desk_of, scene, make, session):
    handover = scene.handover(State.ACCEPTED, life_due_on=NOON.date(), days_ago=40)
    owner = session.get_one(Person, handover.owner_id)
    reminder = make.reminder(handover, kind=ReminderKind.QUIET_LEADER)
    told = {"reason": "quiet_leader", "handover_id": handover.key, "made_at": NOON}
    for who in (owner, scene.leader):
        session.add(Notification(person_id=who.key, reminder_id=reminder.id, **told))
    session.flush()
    asked = "Tovholderen er blevet spurgt, og der er stadig stille."
    assert asked in desk_of(scene.leader).page(AT)
    page = desk_of(owner).page(AT)
    assert asked not in page
    assert "Der er stadig stille om gaven. Hvordan går det?" in page
    handover.last_life_at = NOON
    handover.life_due_on = NOON.date() + timedelta(days=30)
    session.flush()
    assert "Der var stille om gaven." in desk_of(scene.leader).page(AT)


def test_a_substitute_reads_for_whom(desk_of, scene, make):
    make.message(
        scene.substitute, scene.handover(), reason="substitute", stands_in_for_id=scene.leader.key
    )
    assert "Du er stedfortræder for Lea Leder" in desk_of(scene.substitute).page(AT)


def test_a_press_and_it_is_read_and_stands_among_the_read(desk_of, scene, make):
    desk = desk_of(scene.giver)
    handover = scene.handover()
    message = make.message(scene.giver, handover).id
    page = desk.done(AT, f"{AT}/{message}/read")
    assert "Beskeden er læst" in page
    assert unread(desk) == "0"
    again = desk.page(f"{AT}?read=1")
    assert f'href="/handovers/{handover.key}"' in again
    assert f"{AT}/{message}/read" not in again


def test_pressed_twice_it_is_read_once(desk_of, scene, make):
    desk = desk_of(scene.giver)
    message = make.message(scene.giver, scene.handover()).id
    form = desk.form(AT, f"{AT}/{message}/read")
    assert [desk.send(form.action, form.fields).status_code for _ in range(2)] == [303, 303]


def test_all_that_was_shown_is_read_and_what_came_meanwhile_is_not(desk_of, scene, make):
    desk = desk_of(scene.giver)
    make.message(scene.giver, scene.handover())
    form = desk.form(AT, f"{AT}/read")
    make.message(scene.giver, scene.handover())
    assert desk.send(form.action, form.fields).status_code == 303
    assert unread(desk) == "1"


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 30, "\x00"])
def test_a_number_that_is_none_reads_nothing_it_should_not(desk_of, scene, make, until):
    desk = desk_of(scene.giver)
    make.message(scene.giver, scene.handover())
    form = desk.form(AT, f"{AT}/read")
    response = desk.send(form.action, form.with_(until=until))
    assert response.status_code in (303, 422)


@pytest.mark.parametrize("number", ["0", "x", "9" * 30])
def test_a_message_that_is_not_there_is_404(desk_of, scene, make, number):
    desk = desk_of(scene.giver)
    make.message(scene.giver, scene.handover())
    form = desk.form(AT, f"{AT}/read")
    assert desk.send(f"{AT}/{number}/read", form.fields).status_code == 404


def test_somebody_elses_message_is_404_and_stays_unread(desk_of, scene, make):
    theirs = make.message(scene.leader, scene.handover()).id
    desk = desk_of(scene.giver)
    make.message(scene.giver, scene.handover())
    form = desk.form(AT, f"{AT}/read")
    assert desk.send(f"{AT}/{theirs}/read", form.fields).status_code == 404
    assert unread(desk_of(scene.leader)) == "1"


def test_an_auditor_has_read_what_they_were_told(desk_of, scene, make):
    auditor = make.person(role="auditor")
    message = make.message(auditor, scene.handover(), reason="participant").id
    desk = desk_of(auditor)
    assert unread(desk) == "1"
    desk.done(AT, f"{AT}/{message}/read")
    assert unread(desk) == "0"


def test_answering_reads_what_one_was_told_of_it(desk_of, scene, make):
    handover = scene.handover()
    make.message(scene.leader, handover, reason="leader")
    desk = desk_of(scene.leader)
    assert unread(desk) == "1"
    at = f"/handovers/{handover.key}"
    desk.press(at, f"{at}/answer", answer="acknowledge")
    assert unread(desk) == "0"


def test_of_what_one_does_not_see_any_more_nothing_is_shown(desk_of, scene, make):
    gift = make.gift(network=scene.network, contact=scene.giver, title="En hemmelig gave")
    handover = scene.handover(State.DRAFT, gift=gift)
    make.message(scene.stranger, handover)
    page = desk_of(scene.stranger).page(AT)
    assert "En gave, du ikke kan se længere" in page
    assert "hemmelig" not in page
    assert f"/handovers/{handover.key}" not in page
    assert "kvitterede" not in page


def test_what_people_wrote_is_text_and_nothing_else(desk_of, scene, make):
    gift = make.gift(network=scene.network, contact=scene.giver, title=HOSTILE)
    make.message(scene.giver, scene.handover(gift=gift))
    page = desk_of(scene.giver).page(AT)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; %s" in page


def test_more_than_a_page_holds_comes_when_these_are_read(desk_of, scene, make, monkeypatch):
    monkeypatch.setattr("app.pages.notifications.SHOWN", 2)
    for _ in range(3):
        make.message(scene.giver, scene.handover())
    desk = desk_of(scene.giver)
    page = desk.page(AT)
    assert page.count('class="task message"') == 2
    assert "De kommer frem, når disse er læst" in page
    assert unread(desk) == "3"
    for message in (make.message(scene.giver, scene.handover(), read_at=NOON) for _ in range(3)):
        assert message.id
    first = desk.page(f"{AT}?read=1")
    assert first.count('class="task message"') == 2
    (older,) = re.findall(r'href="(/notifications\?read=1&amp;before=\d+)"', first)
    assert desk.page(older.replace("&amp;", "&")).count('class="task message"') == 1


def test_other_things_than_handovers_lead_to_where_they_are(desk_of, scene, pass_on):
    client = scene.client(scene.secretary)
    body = {"person_id": scene.stranger.key, "role": "participant", "from_on": "2026-03-02"}
    client.post(f"/api/v1/networks/{scene.network.key}/members", json=body)
    pass_on()
    page = desk_of(scene.stranger).page(AT)
    assert f'<a href="/networks/{scene.network.key}" lang="da">Det gode ungeliv</a>' in page
    assert "Frede Fremmed kom med i netværket (Deltager)." in page
    assert headings(page) == ["Fordi det handler om dig"]


def test_nobody_who_is_not_signed_in_reads_anything(client):
    response = client.get(AT, headers={"Accept": "text/html"}, follow_redirects=False)
    assert response.status_code in (303, 401)
