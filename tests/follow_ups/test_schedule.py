"""Which follow-up counts as the one that was due, and when the next one is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.follow_ups import schedule

AGREED = date(2026, 4, 1)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("days", "counts"), [(-60, False), (-8, False), (-7, True), (-1, True), (0, True), (30, True)]
)
def test_up_to_seven_days_early_counts_as_the_one_that_was_due(days: int, counts: bool):
    done_on = AGREED + timedelta(days=days)
    assert schedule.counts_as_due(AGREED, done_on, early_days=7) is counts


def test_where_no_day_was_agreed_none_is_left_standing():
    assert schedule.next_after(None, AGREED, None, early_days=7) is None


def test_the_day_that_is_asked_for_wins():
    asked = date(2026, 6, 1)
    for done_on in (AGREED - timedelta(days=60), AGREED, AGREED + timedelta(days=60)):
        assert schedule.next_after(AGREED, done_on, asked, early_days=7) == asked


def test_a_follow_up_long_before_leaves_the_agreed_day_standing():
    assert schedule.next_after(AGREED, date(2026, 3, 24), None, early_days=7) == AGREED


def test_the_follow_up_that_was_due_uses_up_its_day():
    assert schedule.next_after(AGREED, date(2026, 3, 25), None, early_days=7) is None
    assert schedule.next_after(None, AGREED, None, early_days=7) is None


@given(st.none() | DAYS, DAYS, st.none() | DAYS, st.integers(0, 90))
def test_a_day_that_was_not_asked_for_is_never_made_up(
    agreed: date | None, done_on: date, asked: date | None, early_days: int
):
    next_on = schedule.next_after(agreed, done_on, asked, early_days=early_days)
    assert next_on in (asked, agreed, None)
    if asked is None and next_on is not None:
        assert next_on > done_on + timedelta(days=early_days)
