"""The scan against real rows: what is found, whom it tells, and once."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.clock import noon_of
from app.handovers.lifecycle import State
from app.notifications import silences
from app.notifications.models import Notification, Reminder
from app.notifications.reminders import scan
from app.units.models import PostKind
from tests.make import Make

TODAY = date(2026, 3, 2)


@pytest.fixture
def looked(session):
    def look(day: date = TODAY) -> list[tuple[int, str, int]]:
        """What stands there after a look: handover, kind and person."""
        scan(lambda work: work(session), now=noon_of(day))
        told = select(Notification.handover_id, Notification.reason, Notification.person_id)
        return [tuple(row) for row in session.exec(told.order_by(Notification.id))]

    return look


def a_line(make: Make, *names: str):
    """Units from the top down, each with a leader, or none where there is no name."""
    parent, leaders = None, []
    for name in names:
        leader = make.person(name=name) if name else None
        parent = make.unit(leader=leader, parent_id=parent.key if parent else None)
        leaders.append(leader)
    return parent, leaders


def test_what_is_due_today_is_told_to_the_leader_once_however_often_one_looks(make: Make, looked):
    unit, (leader,) = a_line(make, "Line Leder")
    handover = make.handover(unit=unit, life_due_on=TODAY, days_ago=14)
    make.handover(unit=unit, life_due_on=TODAY + timedelta(days=1), days_ago=14)
    assert looked() == [(handover.key, "unanswered", leader.key)]
    assert looked() == [(handover.key, "unanswered", leader.key)]
    assert len(looked(TODAY + timedelta(days=4))) == 2


def test_nothing_is_told_on_a_day_off(make: Make, looked):
    make.handover(life_due_on=TODAY - timedelta(days=1), days_ago=14)
    assert looked(TODAY - timedelta(days=1)) == []


def test_lifts_go_up_the_line_past_vacant_posts_and_end_at_the_top(make: Make, session, looked):
    unit, (top, middle, _, leader) = a_line(make, "Direktør", "Chef", "", "Leder")
    handover = make.handover(unit=unit, life_due_on=TODAY, days_ago=14)
    for week in range(8):
        told = looked(TODAY + timedelta(weeks=week))
    assert told == [
        (handover.key, kind, who.key)
        for kind, who in (
            ("unanswered", leader),
            ("unanswered_again", leader),
            ("lift", middle),
            ("lift", top),
        )
    ]
    levels = select(Reminder.level).order_by(Reminder.id)
    assert session.exec(levels).all() == [0, 0, 2, 3]


def test_a_substitute_is_told_where_there_is_no_leader(make: Make, looked):
    led, alone = make.unit(leader=make.person()), make.unit()
    stands_in = make.person()
    for unit in (led, alone):
        make.post(unit, stands_in, kind=PostKind.SUBSTITUTE)
        make.handover(unit=unit, life_due_on=TODAY, days_ago=14)
    assert [who for _, _, who in looked()].count(stands_in.key) == 1


@pytest.mark.parametrize("state", [State.ACCEPTED, State.IN_USE, State.ANCHORED])
def test_what_is_quiet_is_told_to_its_owner_and_to_the_leader_once_the_owner_has_left(
    make: Make, looked, state
):
    leader, owner, gone = make.person(), make.person(), make.person(left_at=make.now)
    unit = make.unit(leader=leader)
    for who in (owner, gone):
        make.handover(unit=unit, state=state, owner=who, life_due_on=TODAY, days_ago=400)
    assert sorted(who for _, _, who in looked()) == sorted([owner.key, leader.key])
    secretary = make.secretary()
    for week in (1, 2, 3, 4):
        told = looked(TODAY + timedelta(weeks=week))
    assert [who for _, kind, who in told if kind == "quiet_secretariat"] == [secretary.key] * 2


def test_what_is_silent_and_not_waited_for_tells_nobody(make: Make, looked):
    for state in (State.DECLINED, State.WITHDRAWN, State.RETURNED, State.PASSED_ON, State.DRAFT):
        make.handover(state=state, days_ago=400)
    until = TODAY + timedelta(days=30)
    make.handover(paused_until=until, life_due_on=until, days_ago=14)
    assert looked() == []


def test_a_closed_unit_without_a_successor_is_the_secretariats(make: Make, looked):
    secretary = make.secretary()
    above = make.unit(leader=make.person())
    closed = make.unit(leader=make.person(), parent_id=above.key, closed_on=TODAY)
    make.handover(unit=closed, life_due_on=TODAY, days_ago=14, needs_unit=True)
    for week in range(4):
        told = looked(TODAY + timedelta(weeks=week))
    assert [(kind, who) for _, kind, who in told] == [
        ("unanswered", secretary.key),
        ("unanswered_again", secretary.key),
    ]


def test_a_new_date_begins_anew_and_the_old_steps_do_not_count(make: Make, session, looked):
    handover = make.handover(state=State.TRIAL, next_on=TODAY, life_due_on=TODAY, days_ago=14)
    assert len(looked()) == 1
    handover.last_life_at = noon_of(TODAY)
    handover.next_on = handover.life_due_on = TODAY + timedelta(days=8)
    session.flush()
    assert len(looked(TODAY + timedelta(days=7))) == 1
    assert [kind for _, kind, _ in looked(TODAY + timedelta(days=8))] == ["quiet_owner"] * 2


def test_many_are_looked_through_some_at_a_time(make: Make, looked, monkeypatch):
    monkeypatch.setattr(silences, "AT_A_TIME", 3)
    gift, leader = make.gift(), make.person()
    for number in range(8):
        unit = make.unit(leader=leader)
        due_on = TODAY - timedelta(days=number % 2)
        make.handover(gift=gift, unit=unit, life_due_on=due_on, days_ago=14)
    assert len(looked()) == 8


def test_the_worker_may_stop_between_two_parts(session):
    class Told(Exception):
        pass

    def stop() -> None:
        raise Told

    with pytest.raises(Told):
        scan(lambda work: work(session), now=noon_of(TODAY), must_go_on=stop)
