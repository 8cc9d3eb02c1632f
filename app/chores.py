"""What a worker can do, and when it does it by itself: put together from all the features.

A feature has its handlers here by their kinds. An older version that does not know a kind leaves it
alone, so a name is never given a second meaning.
"""

from datetime import time, timedelta

from app import clock
from app.db import Database
from app.importing import runs
from app.notifications import composing, digests, reminders, sending
from app.people import kept_forms
from app.settings import Settings
from app.work.kinds import Kind, Task, Writing
from app.work.schedules import Daily, Every, Schedule
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


def remind(task: Task) -> None:
    """Of what is silent today, whenever today this comes to it."""
    reminders.scan(task.change, now=clock.now(), must_go_on=task.must_go_on)


def gather_digests(task: Task) -> None:
    """For those whose hour has come."""
    digests.gather(task.change, now=clock.now(), must_go_on=task.must_go_on)


KINDS = (
    Kind("kept_forms.forget", forget_kept_forms),
    Kind("imports.forget", forget_imports),
    Kind("reminders.scan", remind),
    Kind("digests.gather", gather_digests),
    Kind(sending.KIND, digests.of_its_day(sending.sends(composing.content_of))),
)
SCHEDULES = (
    Schedule("kept_forms", "kept_forms.forget", Every(timedelta(hours=1))),
    Schedule("imports", "imports.forget", Daily(time(3, 20))),
    # Before anybody's hour that is likely to be chosen.
    Schedule("reminders", "reminders.scan", Daily(time(4, 10))),
    Schedule("digests", "digests.gather", Every(timedelta(minutes=15))),
)


def worker_on(database: Database, settings: Settings, *, turn: Turn = at_once) -> Worker:
    return Worker(
        database,
        KINDS,
        SCHEDULES,
        lease_seconds=settings.work_lease_seconds,
        threads=settings.work_threads,
        turn=turn,
    )
