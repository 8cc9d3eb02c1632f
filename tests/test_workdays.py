"""Danish working days: Easter, Christmas, the day that was abolished, and the quiet July weeks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workdays import Workdays
from tests.hostile.danish_days import is_workday, workday_after

WORKDAYS = Workdays()
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 2),  # Maundy Thursday
        date(2026, 4, 3),  # Good Friday
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 14),  # Ascension
        date(2026, 5, 25),  # Whit Monday
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
    ],
    ids=str,
)
def test_a_holiday_is_no_working_day(day: date):
    assert day.weekday() < 5
    assert not WORKDAYS.is_workday(day)


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 4, 7), date(2026, 12, 23)], ids=str)
def test_the_days_around_a_holiday_are_working_days(day: date):
    assert WORKDAYS.is_workday(day)


def test_store_bededag_was_a_holiday_until_2023_and_is_none_from_2024():
    assert not WORKDAYS.is_workday(date(2023, 5, 5))
    assert WORKDAYS.is_workday(date(2024, 4, 26))


def test_a_weekend_is_no_working_day():
    assert [WORKDAYS.is_workday(date(2026, 3, 2) + timedelta(days=d)) for d in range(7)] == [
        *[True] * 5,
        False,
        False,
    ]


def test_july_weeks_28_to_30_do_not_count():
    friday_before, monday_after = date(2026, 7, 3), date(2026, 7, 27)
    assert friday_before.isocalendar().week == 27
    assert monday_after.isocalendar().week == 31
    assert WORKDAYS.after(friday_before, 1) == monday_after


def test_a_municipality_chooses_its_own_quiet_weeks():
    assert Workdays(frozenset()).is_workday(date(2026, 7, 8))
    assert not Workdays(frozenset({42})).is_workday(date(2026, 10, 14))


def test_ten_working_days_go_around_easter():
    assert WORKDAYS.after(date(2026, 3, 30), 5) == date(2026, 4, 9)


def test_the_day_itself_is_never_counted():
    monday = date(2026, 3, 2)
    assert WORKDAYS.after(monday, 1) == date(2026, 3, 3)
    assert WORKDAYS.after(monday, 0) == monday


@given(DAYS, st.integers(1, 60))
def test_what_is_counted_to_is_always_a_working_day_ahead(day: date, count: int):
    reached = WORKDAYS.after(day, count)
    between = (day + timedelta(days=n) for n in range(1, (reached - day).days + 1))
    assert WORKDAYS.is_workday(reached)
    assert sum(WORKDAYS.is_workday(passed) for passed in between) == count


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_counting_in_two_goes_is_counting_in_one(day: date, first: int, second: int):
    assert WORKDAYS.after(WORKDAYS.after(day, first), second) == WORKDAYS.after(day, first + second)


@given(DAYS, DAYS, st.integers(0, 40))
def test_who_starts_later_is_never_done_earlier(one: date, other: date, count: int):
    early, late = sorted((one, other))
    assert WORKDAYS.after(early, count) <= WORKDAYS.after(late, count)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(0, 60))
def test_a_second_opinion_on_the_calendar_agrees(day: date, count: int):
    assert WORKDAYS.is_workday(day) == is_workday(day)
    assert WORKDAYS.after(day, count) == workday_after(day, count)


def test_every_day_of_a_generation_is_a_working_day_to_both_or_to_none():
    first = date(2015, 1, 1)
    days = [first + timedelta(days=n) for n in range(30 * 365)]
    assert [day for day in days if WORKDAYS.is_workday(day) != is_workday(day)] == []
