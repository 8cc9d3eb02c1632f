"""A counter row in the database, exact, which begins again with each window."""

from datetime import timedelta

from sqlmodel import select

from app.rest.throttle import Limit, RateCount, count
from app.rows import Rows
from tests.conftest import NOON

LIMIT = Limit("tries", 2, timedelta(hours=1))


def test_each_one_is_counted_until_the_window_is_over(session):
    rows = Rows(session.connection())

    left = [count(rows, LIMIT, "Signe", now=NOON) for _ in range(3)]
    other = count(rows, LIMIT, "Bo", now=NOON)
    later = count(rows, LIMIT, "Signe", now=NOON + timedelta(hours=2))

    assert [(one.remaining, one.is_exceeded) for one in left] == [
        (1, False),
        (0, False),
        (-1, True),
    ]
    assert (other.remaining, later.remaining) == (1, 1)
    assert left[-1].headers["Retry-After"] == "3600"
    assert len(session.exec(select(RateCount)).all()) == 1
