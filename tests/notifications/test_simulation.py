"""A municipality of 400 handovers through two years: who is told what, and when, and how often;
and the same where the worker is killed again and again, and where two do its work at once."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from app.db import Database
from app.notifications.ladder import ReminderKind
from tests.conftest import migrated
from tests.hostile.danish_days import is_workday
from tests.notifications.town import Town
from tests.notifications.walk import Mortal, Seen, Steady, Twins, fast, walk

TWO_YEARS, A_QUARTER = 730, 90


def walked(worker: Steady, *, days: int, handovers: int = 400, **town: int) -> Seen:
    return walk(Town(worker.database, handovers=handovers, seed=2026, **town), worker, days=days)


def test_nobody_gets_more_than_one_mail_a_day_and_every_silent_gift_takes_its_steps(tmp_path: Path):
    with migrated("sqlite", tmp_path) as database:
        seen = walked(Steady(fast(database)), days=TWO_YEARS)

    a_day = Counter((mail.day, mail.person_id) for mail in seen.mails)
    assert max(a_day.values()) == 1
    assert all(is_workday(mail.day) for mail in seen.mails)
    assert len(seen.mails) > 1000
    kinds = Counter(kind for told in seen.told.values() for _, kind, _ in told)
    assert set(kinds) == set(ReminderKind)
    assert min(kinds.values()) > 50, kinds


@pytest.mark.parametrize("between", [1, 8])
def test_a_municipality_that_reminds_more_or_less_often_is_followed_too(tmp_path: Path, between):
    with migrated("sqlite", tmp_path) as database:
        seen = walked(Steady(fast(database)), days=60, handovers=100, between=between)

    assert len(seen.mails) > 30


def test_the_worker_may_be_killed_at_any_point_and_nothing_changes(tmp_path: Path):
    with migrated("sqlite", tmp_path / "undisturbed") as database:
        undisturbed = walked(Steady(fast(database)), days=A_QUARTER, handovers=150)
    with migrated("sqlite", tmp_path / "killed") as database:
        worker = Mortal(fast(database), seed=7, chance=0.1)
        assert walked(worker, days=A_QUARTER, handovers=150) == undisturbed
    assert worker.deaths > 50


def test_two_workers_at_once_tell_no_more_than_one(own_database: Database):
    at_once = walked(Twins(fast(own_database)), days=40, handovers=60)
    assert len(at_once.mails) > 30
    a_day = Counter((mail.day, mail.person_id) for mail in at_once.mails)
    assert max(a_day.values()) == 1


@pytest.mark.parametrize("own_database", ["postgresql"], indirect=True)
def test_on_postgresql_it_may_be_killed_too(own_database: Database):
    worker = Mortal(fast(own_database), seed=11, chance=0.1)
    seen = walked(worker, days=60, handovers=100)
    assert worker.deaths > 10
    assert all(is_workday(mail.day) for mail in seen.mails)
    assert seen.told[date(2026, 1, 5)]
