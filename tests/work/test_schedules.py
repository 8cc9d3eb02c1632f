"""Ticks: reckoned alike by everybody, heard once, and caught up with where it matters."""

from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.work.models import WorkItem, WorkTick
from app.work.schedules import CAUGHT_UP_AT_A_TIME, REMEMBERED, Daily, Every, Schedule, hear
from tests.conftest import NOON

HOURLY = Schedule("hourly", "thing.do", Every(timedelta(hours=1)))
NIGHTLY = Schedule("nightly", "thing.do", Daily(time(2, 30)), catches_up=True)
HOUR = timedelta(hours=1)
instants = st.integers(0, 20 * 365 * 86_400).map(lambda after: NOON + timedelta(seconds=after))


def keys(session: Session) -> list[str]:
    return list(session.exec(select(WorkItem.key).order_by(col(WorkItem.id))))


@given(now=instants, ticks=st.sampled_from([HOURLY.ticks, NIGHTLY.ticks]))
def test_the_latest_tick_is_the_same_until_the_next_one(now, ticks):
    latest = ticks.latest(now)
    following = ticks.after(latest)

    assert latest <= now < following
    assert ticks.latest(latest) == ticks.latest(following - timedelta(seconds=1)) == latest
    assert ticks.latest(following) == following


@pytest.mark.parametrize(
    ("day", "tick"),
    [
        (datetime(2026, 1, 5, 12, tzinfo=UTC), "2026-01-05T01:30"),
        (datetime(2026, 7, 5, 12, tzinfo=UTC), "2026-07-05T00:30"),
        (datetime(2026, 3, 29, 12, tzinfo=UTC), "2026-03-29T01:30"),  # There is no 02:30.
        (datetime(2026, 10, 25, 12, tzinfo=UTC), "2026-10-25T00:30"),  # There are two.
    ],
)
def test_daily_is_by_the_clocks_in_denmark_and_once_a_day_also_when_they_are_changed(day, tick):
    assert NIGHTLY.ticks.latest(day).isoformat().startswith(tick)


def test_the_first_time_only_the_latest_tick_is_heard(session):
    assert hear(session, NIGHTLY, now=NOON)
    assert keys(session) == ["nightly:2026-03-02T01:30:00Z"]


def test_a_tick_is_heard_once(session):
    for _ in range(3):
        hear(session, HOURLY, now=NOON)
    hear(session, HOURLY, now=NOON + 0.9 * HOUR)
    assert keys(session) == ["hourly:2026-03-02T12:00:00Z"]

    hear(session, HOURLY, now=NOON + HOUR)
    assert keys(session)[1:] == ["hourly:2026-03-02T13:00:00Z"]


def test_the_item_is_told_which_tick_it_is(session):
    hear(session, HOURLY, now=NOON)
    assert session.exec(select(WorkItem)).one().payload == {"tick": "2026-03-02T12:00:00Z"}


def test_where_it_matters_every_missed_tick_is_caught_up_with_and_elsewhere_the_last(session):
    hear(session, NIGHTLY, now=NOON)
    hear(session, HOURLY, now=NOON)
    three_days_on = NOON + timedelta(days=3)
    hear(session, NIGHTLY, now=three_days_on)
    hear(session, HOURLY, now=three_days_on)

    nights = [key for key in keys(session) if key.startswith("nightly")]
    hours = [key for key in keys(session) if key.startswith("hourly")]
    assert [night[8:18] for night in nights] == [f"2026-03-0{day}" for day in (2, 3, 4, 5)]
    assert [hour[7:20] for hour in hours] == ["2026-03-02T12", "2026-03-05T12"]


def test_many_missed_ticks_are_caught_up_with_a_bounded_number_at_a_time(session):
    hear(session, NIGHTLY, now=NOON)
    later = NOON + timedelta(days=CAUGHT_UP_AT_A_TIME + 20)

    assert not hear(session, NIGHTLY, now=later)
    assert hear(session, NIGHTLY, now=later)
    assert len(keys(session)) == 1 + CAUGHT_UP_AT_A_TIME + 20


def test_a_clock_that_is_set_back_brings_no_tick_twice(session):
    hear(session, HOURLY, now=NOON)
    hear(session, HOURLY, now=NOON - 5 * HOUR)
    hear(session, HOURLY, now=NOON)
    assert len(keys(session)) == 1


def test_ticks_of_long_ago_are_forgotten_and_the_last_one_never(session):
    hear(session, HOURLY, now=NOON)
    hear(session, HOURLY, now=NOON + 2 * REMEMBERED)
    assert session.exec(select(WorkTick.tick_at)).all() == [NOON + 2 * REMEMBERED]


def test_workers_that_hear_a_tick_at_once_put_it_in_line_once(own_database):
    together = Barrier(4)

    def hears():
        together.wait()
        with own_database.writing() as session:
            hear(session, HOURLY, now=NOON)

    threads = [Thread(target=hears) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_database.reading() as session:
        assert keys(session) == ["hourly:2026-03-02T12:00:00Z"]
        assert len(session.exec(select(WorkTick)).all()) == 1
