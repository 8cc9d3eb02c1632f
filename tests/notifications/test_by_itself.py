"""The worker does it all by itself, from a silent gift to a mail that is sent; in whatever order
what is due comes to it."""

from datetime import date, datetime

import pytest
from sqlalchemy import text
from sqlmodel import select

from app import clock
from app.chores import worker_on
from app.clock import COPENHAGEN
from app.notifications.models import Digest, HowMuch, MailChoice, Notification, Reminder
from app.work.models import WorkItem
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


def test_a_step_that_cannot_be_taken_holds_back_nobody_elses_mail(own_database, worker):
    """And is seen among what has failed."""
    with own_database.writing() as session:
        make = Make(session, now=MORNING)
        leaders = [make.person() for _ in range(3)]
        _, broken, _ = (
            make.handover(unit=make.unit(leader=leader), life_due_on=date(2026, 3, 2), days_ago=14)
            for leader in leaders
        )
        refuses(session, broken.key)

    do_all(worker)

    with own_database.reading() as session:
        digests = session.exec(select(Digest)).all()
        scans = select(WorkItem).where(WorkItem.kind == "reminders.scan")
        error = session.exec(scans).one().last_error
        reminders = session.exec(select(Reminder.handover_id)).all()
    assert {digest.person_id for digest in digests} == {leaders[0].key, leaders[2].key}
    assert all(digest.sent_at == MORNING for digest in digests)
    assert broken.key not in reminders
    assert error == "StepsNotTaken"


def test_who_is_mailed_as_the_day_begins_is_told_of_that_day(own_database, worker, monkeypatch):
    midnight = datetime(2026, 3, 2, tzinfo=COPENHAGEN)
    monkeypatch.setattr(clock, "now", lambda: midnight)
    with own_database.writing() as session:
        make = Make(session, now=midnight)
        leader = make.person()
        session.add(
            MailChoice(
                version=2,
                person_id=leader.key,
                hour=0,
                how_much=HowMuch.ALL,
                changed_at=midnight,
            )
        )
        make.handover(unit=make.unit(leader=leader), life_due_on=date(2026, 3, 2), days_ago=14)

    do_all(worker)

    with own_database.reading() as session:
        assert session.exec(select(Digest)).one().day == date(2026, 3, 2)


def refuses(session, handover_id: int) -> None:
    """The database takes nothing that tells anybody of this handover."""
    if session.connection().dialect.name == "sqlite":
        session.execute(
            text(
                "CREATE TRIGGER refuses BEFORE INSERT ON notification"
                f" WHEN NEW.handover_id = {handover_id} BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        )
        return
    session.execute(
        text(
            "ALTER TABLE notification ADD CONSTRAINT refuses"
            f" CHECK (handover_id IS DISTINCT FROM {handover_id})"
        )
    )
