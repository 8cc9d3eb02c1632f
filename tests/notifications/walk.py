"""The walk: day by day through the municipality, with the look for silence and the mails as they
are in the product. A worker does them; what it was told to do is done, whatever becomes of it."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import orjson
from sqlalchemy import bindparam, event, select, text
from sqlmodel import Session, col

from app.db import Database
from app.notifications.composing import content_of
from app.notifications.digests import gather
from app.notifications.envelopes import envelope_of
from app.notifications.models import Notification, Reminder
from app.notifications.reminders import Change, scan
from app.rows import Prepared, Rows
from tests.databases import set_for_everybody
from tests.notifications.second_opinion import Told, expected
from tests.notifications.town import DAY, FIRST_DAY, Town, at
from tests.notifications.town_days import news_is_told, people_act, posts_change

HOURS = (8, 14)
"""When mails are made: who has chosen an hour in between, is caught up with."""
Job = Callable[[Change], None]


@dataclass(frozen=True)
class Sent:
    day: date
    person_id: int
    handover_ids: tuple[int | None, ...]


@dataclass
class Seen:
    """All that was told and sent on the way, by the day."""

    told: dict[date, list[Told]] = field(default_factory=dict)
    mails: list[Sent] = field(default_factory=list)


class Steady:
    """Nothing happens to it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def do(self, job: Job) -> None:
        job(self.change)

    def change(self, work: Callable[[Session], Any]) -> Any:
        with self.database.writing() as session:
            return work(session)


class Killed(BaseException):
    """No handler of anybody's sees it."""


class Mortal(Steady):
    """Now and then it is killed: at some statement, before it keeps what it has done, or after."""

    def __init__(self, database: Database, *, seed: int, chance: float) -> None:
        super().__init__(database)
        self.random, self.likely, self.deaths = random.Random(seed), chance, 0

    def do(self, job: Job) -> None:
        """What it had not finished is taken up again from the start."""
        while True:
            try:
                job(self.change)
                return
            except Killed:
                self.deaths += 1

    def change(self, work: Callable[[Session], Any]) -> Any:
        if self.random.random() > self.likely:
            return super().change(work)
        at_statement = self.random.randint(0, 12)
        with dying_at(at_statement):
            done = super().change(partial(self._whole, work, at_statement))
        if at_statement % 2:
            raise Killed
        return done

    def _whole(self, work: Callable[[Session], Any], at_statement: int, session: Session) -> Any:
        done = work(session)
        if at_statement % 3 == 0:
            raise Killed
        return done


@contextmanager
def dying_at(statement: int) -> Iterator[None]:
    """Killed before that statement, where there are so many."""
    whole, left = Rows._run, [statement]

    def run(rows: Rows, prepared: Any, parameters: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return whole(rows, prepared, parameters)

    Rows._run = run  # type: ignore[method-assign]
    try:
        yield
    finally:
        Rows._run = whole  # type: ignore[method-assign]


class Twins(Steady):
    """Two that do the same at the same time."""

    def do(self, job: Job) -> None:
        ready, failed = threading.Barrier(2), []

        def one() -> None:
            ready.wait()
            try:
                job(self.change)
            except BaseException as error:
                failed.append(error)

        both = [threading.Thread(target=one) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert failed == []


def walk(town: Town, worker: Steady, *, days: int) -> Seen:
    """Each day: the look, those who act before their mail, the mails, and those who act after; held
    against the second opinion on the way."""
    seen, last_id = Seen(), 0
    for number in range(days):
        day = FIRST_DAY + number * DAY
        worker.do(partial(scan, now=at(day, 0)))
        told, last_id = _told_since(town.database, last_id)
        assert told == expected(town, day), day
        seen.told[day] = told
        acted = people_act(town, day, hour=5, share=0.15)
        mails: list[Sent] = []
        for hour in HOURS:
            worker.do(partial(gather, now=at(day, hour)))
            mails += _sent(town.database, day)
        _must_have_been_mailed(town, mails, told, acted)
        seen.mails += mails
        news_is_told(town, day)
        people_act(town, day, hour=19, share=0.85)
        posts_change(town, day)
    return seen


def fast(database: Database) -> Database:
    """Nobody pulls the plug of this machine in the middle of a test."""
    if database.is_sqlite:
        event.listen(
            database.writer, "connect", lambda one, _: one.execute("PRAGMA synchronous=OFF")
        )
    else:
        set_for_everybody(database.info["settings"], synchronous_commit="off")
    database.close()
    return database


def _told_since(database: Database, last_id: int) -> tuple[list[Told], int]:
    """What was told by reminders since that one."""
    people: dict[int, tuple[int, str, list[int]]] = {}
    with database.reading() as session:
        for row in Rows(session.connection()).all(_TOLD, {"last_id": last_id}):
            reminder_id, handover_id, kind, person_id = row.values()
            people.setdefault(reminder_id, (handover_id, kind, []))[2].append(person_id)
    told = [(one, kind, tuple(sorted(who))) for one, kind, who in people.values()]
    return sorted(told), max([last_id, *people])


_TOLD = Prepared(
    select(
        col(Reminder.id),
        col(Reminder.handover_id),
        col(Reminder.kind),
        col(Notification.person_id),
    )
    .outerjoin(Notification, col(Notification.reminder_id) == Reminder.id)
    .where(col(Reminder.id) > bindparam("last_id"))
)


def _sent(database: Database, day: date) -> list[Sent]:
    """What stands in line to be sent is sent, and says what it says then."""
    sent = []
    with database.writing() as session:
        connection = session.connection()
        rows = Rows(connection)
        waiting = connection.execute(text("SELECT payload FROM work_item ORDER BY id")).scalars()
        for digest_id in [_digest_in(payload) for payload in waiting]:
            envelope = envelope_of(rows, digest_id)
            assert envelope is not None
            content = content_of(rows, envelope, day) if envelope.mail else None
            if content is not None:
                ids = tuple(line.handover_id for line in content.lines)
                sent.append(Sent(day, content.person_id, ids))
        connection.execute(text("DELETE FROM work_item"))
    return sent


def _digest_in(payload: Any) -> int:
    """SQLite gives JSON as text, where it is asked for plainly."""
    read = orjson.loads(payload) if isinstance(payload, str) else payload
    return int(read["digest_id"])


def _must_have_been_mailed(
    town: Town, mails: list[Sent], told: list[Told], acted: set[int]
) -> None:
    """All who were told this morning and want mail, and nobody of what was answered by then."""
    mailed = {(mail.person_id, handover_id) for mail in mails for handover_id in mail.handover_ids}
    wanted = {
        (person_id, handover_id)
        for handover_id, _, people in told
        for person_id in people
        if handover_id not in acted and town.wants(person_id)[1] != "none"
    }
    assert {pair for pair in mailed if pair[1] is not None} == wanted
