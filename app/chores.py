"""What a worker can do, and when it does it by itself: put together from all the features.

A feature has its handlers here by their kinds. An older version that does not know a kind leaves it
alone, so a name is never given a second meaning.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta

from sqlmodel import Session

from app import clock
from app.db import Database
from app.eventlog.fan_out import FanOut
from app.importing import runs
from app.notifications import answer_links, composing, digests, reminders, sending
from app.notifications.recipients import RULES
from app.notifications.telling import tell
from app.people import kept_forms
from app.rest import idempotency
from app.rows import Rows
from app.settings import Settings
from app.webhooks import outcomes
from app.webhooks import sending as calling
from app.webhooks.fanning import deliver
from app.work import items
from app.work.kinds import Kind, Task, Writing
from app.work.schedules import Daily, Every, Schedule, Whenever
from app.work.worker import Turn, Worker, at_once


def forget_kept_forms(task: Task) -> Writing:
    """What was typed is kept for a day, also where nobody types anything more."""
    return lambda session: kept_forms.forget_old(session, now=clock.now())


def forget_imports(task: Task) -> None:
    """Rows first: a file without a row is found the next day, a row without its file is broken."""
    now = clock.now()
    task.change(lambda session: runs.forget_old(session, now=now))
    settings = task.database.info["settings"]
    assert isinstance(settings, Settings)
    runs.forget_files(settings.imports_dir, now=now)


def forget_answer_links(task: Task) -> Writing:
    return lambda session: answer_links.forget_old(session, now=clock.now())


def forget_answers(task: Task) -> None:
    """Those to repeated keys, also where nobody repeats any; a bit at a time."""
    settings = task.database.info["settings"]
    assert isinstance(settings, Settings)
    days = settings.idempotency_days

    def forgotten(session: Session) -> bool:
        return idempotency.forget_old(session, now=clock.now(), keep_days=days)

    _bit_by_bit(task, forgotten)


def remind(task: Task) -> None:
    """Of what is silent today, whenever today this comes to it."""
    reminders.scan(task.change, now=clock.now(), must_go_on=task.must_go_on)


def gather_digests(task: Task) -> None:
    """For those whose hour has come. Where the day's silence has not been looked for yet, as after
    a stop, that comes first: there is one mail a day."""
    with task.database.connected() as connection:
        is_scan_left = items.is_left(Rows(connection), "reminders.scan")
    if is_scan_left:
        # Whose step cannot be taken, is seen where the scan itself has failed.
        with suppress(reminders.StepsNotTaken):
            remind(task)
    digests.gather(task.change, now=clock.now(), must_go_on=task.must_go_on)


def _now() -> datetime:
    """By the clock of the moment: a handler is made once, and the clock may be another later."""
    return clock.now()


FAN_OUT = FanOut(types=RULES, takers=(tell, deliver))
"""All that takes part in passing an event on is kept in one transaction, or nothing of it."""


def _bit_by_bit(task: Task, step: Callable[[Session], bool]) -> None:
    """Each in a transaction of its own, until one says that it was the last."""
    while not task.change(step):
        task.must_go_on()


def forget_deliveries(task: Task) -> None:
    """What webhooks were sent a month ago, a bit at a time."""

    def forgotten(session: Session) -> bool:
        return outcomes.forget_old(session, now=clock.now())

    _bit_by_bit(task, forgotten)


def pass_on_events(task: Task) -> None:
    def passed_on(session: Session) -> bool:
        return FAN_OUT.pass_on(session, now=clock.now())

    _bit_by_bit(task, passed_on)


KINDS = (
    Kind("events.pass_on", pass_on_events),
    Kind("kept_forms.forget", forget_kept_forms),
    Kind("imports.forget", forget_imports),
    Kind("answers.forget", forget_answers),
    Kind("answer_links.forget", forget_answer_links),
    Kind("reminders.scan", remind),
    Kind("digests.gather", gather_digests),
    Kind(sending.KIND, sending.sends(composing.content_of, now=_now)),
    Kind(calling.KIND, calling.sends(now=_now)),
    Kind("webhooks.forget", forget_deliveries),
)
WHENEVER = (Whenever("events.pass_on", FAN_OUT.is_waiting),)
SCHEDULES = (
    # Where the one that is in line went dead, what waits is passed on all the same.
    Schedule("events", "events.pass_on", Every(timedelta(minutes=10))),
    Schedule("kept_forms", "kept_forms.forget", Every(timedelta(hours=1))),
    Schedule("imports", "imports.forget", Daily(time(3, 20))),
    Schedule("answers", "answers.forget", Every(timedelta(hours=1))),
    Schedule("answer_links", "answer_links.forget", Daily(time(3, 30))),
    Schedule("webhooks", "webhooks.forget", Daily(time(3, 40))),
    # As the day begins: nobody's hour is before that, and who gathers mail waits for it.
    Schedule("reminders", "reminders.scan", Daily(time(0))),
    Schedule("digests", "digests.gather", Every(timedelta(minutes=15))),
)


def worker_on(database: Database, settings: Settings, *, turn: Turn = at_once) -> Worker:
    return Worker(
        database,
        KINDS,
        SCHEDULES,
        WHENEVER,
        lease_seconds=settings.work_lease_seconds,
        threads=settings.work_threads,
        turn=turn,
    )
