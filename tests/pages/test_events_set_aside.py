"""What nobody could be told of is seen under Gået i stå, and helped on by an administrator."""

import pytest
from sqlmodel import select

from app.chores import FAN_OUT
from app.eventlog.fan_out import FanOut
from app.eventlog.models import EventSetAside
from app.notifications.models import Notification
from tests.conftest import NOON
from tests.databases import ON_ONE

pytestmark = ON_ONE
AT = "/administration/stalled"


@pytest.fixture
def untold(scene, session):
    """A receipt that nobody could be told of."""
    handover = scene.handover()
    assert scene.does(scene.leader, "receipt", handover).status_code == 200

    def fail(rows, events, now):
        raise KeyError("hemmeligt")

    broken = FanOut({"handover.acknowledged"}, (fail,))
    assert broken.pass_on(session, now=NOON)
    return session.exec(select(EventSetAside)).one().event_id


def test_it_says_what_happened_and_what_was_wrong_and_no_secret(desk, untold):
    page = desk.page(AT)
    assert "Lea Leder kvitterede: set og modtaget." in page
    assert "KeyError" in page
    assert "hemmeligt" not in page


def test_the_secretariat_sees_it_and_has_no_button(desk_of, scene, untold):
    page = desk_of(scene.secretary).page(AT)
    assert "KeyError" in page
    assert "/retry" not in page


def test_a_press_and_those_it_concerns_are_told_after_all(desk, scene, session, untold):
    page = desk.done(AT, f"{AT}/events/{untold}/retry")
    assert "Det er sat i gang igen" in page
    assert "KeyError" not in page
    assert FAN_OUT.pass_on(session, now=NOON)
    told = session.exec(select(Notification.person_id)).all()
    assert scene.giver.key in told


def test_pressed_twice_it_is_gone_the_second_time(desk, untold):
    form = desk.form(AT, f"{AT}/events/{untold}/retry")
    fields = [field for field in form.fields if field[0] != "once"]
    answers = [desk.send(form.action, fields).headers["Location"] for _ in range(2)]
    assert answers == [f"{AT}?done=retried", f"{AT}?done=gone"]


def test_who_is_no_administrator_is_refused(desk_of, scene, untold):
    desk = desk_of(scene.secretary)
    assert desk.send(f"{AT}/events/{untold}/retry", []).status_code == 403
