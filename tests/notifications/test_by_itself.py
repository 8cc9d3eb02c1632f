"""The worker does it all by itself, from a silent gift to a mail that is sent; in whatever order
what is due comes to it."""

from datetime import date, datetime

import pytest
from sqlmodel import select

from app import clock
from app.chores import worker_on
from app.clock import COPENHAGEN
from app.notifications.models import Digest, Notification
from tests.make import Make

MORNING = datetime(2026, 3, 2, 8, 5, tzinfo=COPENHAGEN)


@pytest.fixture
def worker(own_database, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return worker_on(own_database, own_database.info["settings"])


def do_all(worker) -> None:
    worker.hear_ticks()
    while worker.do_one():
        continue


def test_a_silent_gift_becomes_a_reminder_and_the_reminder_a_mail(own_database, worker):
    with own_database.writing() as session:
        make = Make(session, now=MORNING)
        leader = make.person()
        make.handover(unit=make.unit(leader=leader), life_due_on=date(2026, 3, 2), days_ago=14)

    do_all(worker)

    with own_database.reading() as session:
        told = session.exec(select(Notification)).one()
        digest = session.exec(select(Digest)).one()
    assert (told.person_id, told.reason) == (leader.key, "unanswered")
    assert (digest.person_id, digest.day) == (leader.key, date(2026, 3, 2))
    assert told.digest_id == digest.id
    assert digest.sent_at == MORNING
