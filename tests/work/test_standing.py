"""Whether work is being done, as `gavebord doctor` tells of it."""

from datetime import timedelta

import pytest

from app.doctor import LATE, _work
from app.rows import Rows
from app.work.dead import standing_of
from app.work.items import time_of
from app.work.models import WorkTick


@pytest.fixture
def now(session):
    return time_of(Rows(session.connection()))


def found(session):
    session.flush()
    return _work(session.connection())


def test_where_nothing_waits_and_nobody_has_ever_worked_all_is_well(session):
    assert found(session).is_well


def test_what_waits_its_turn_or_is_to_wait_is_well(session, make, now):
    make.work_item(due_at=now - LATE / 2)
    make.work_item(due_at=now + timedelta(days=9))
    session.add(WorkTick(schedule="a", tick_at=now - timedelta(minutes=70)))
    assert found(session).is_well


def test_what_has_waited_too_long_is_told(session, make, now):
    make.work_item(due_at=now - timedelta(minutes=40, seconds=5))
    told = found(session)
    assert str(told.trouble) == "Noget har ventet i 40 minutter."
    assert "gavebord worker" in str(told.remedy)


def test_workers_that_have_fallen_silent_are_told_of_also_where_nothing_waits(session, now):
    session.add(WorkTick(schedule="a", tick_at=now - timedelta(hours=3, seconds=5)))
    assert str(found(session).trouble) == "Noget har ventet i 120 minutter."


def test_the_dead_are_counted_and_do_not_wait(session, make, now):
    for _ in range(2):
        make.dead_work(due_at=now - timedelta(days=9))
    assert str(found(session).trouble) == "2 ting er gået i stå."
    assert standing_of(session.connection()).late == timedelta()
