"""A morning on which people are to be mailed, and workers that are processes of their own."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlmodel import col, select

from app.clock import COPENHAGEN
from app.db import Database
from app.handovers.models import Handover
from app.notifications import digests as gathering
from app.notifications.models import Digest, Notification
from app.notifications.sending import KIND
from app.work import dead
from app.work.models import WorkItem
from tests.forked import Forked
from tests.held_mail import HeldMail
from tests.make import Make
from tests.processes import START_WITHIN, environment
from tests.work.steps import left

MORNING = datetime(2026, 3, 2, 8, 5, tzinfo=COPENHAGEN)
"""A Monday, five minutes after the hour at which people are mailed who have chosen none."""
LEASE = 3
MAIL_HOST = "127.0.0.1"


def tell(database: Database, people: int) -> list[str]:
    """Each of so many people has been told something before the hour. Their addresses, which
    nobody else has."""
    with database.writing() as session:
        make = Make(session, now=MORNING - timedelta(hours=20))
        known = session.exec(select(Handover)).first()
        handover = known or make.handover(unit=make.unit())
        told = [make.person(mail=f"{uuid4().hex}@lindborg.example") for _ in range(people)]
        for person in told:
            make.message(person, handover)
        return [str(person.mail) for person in told]


@dataclass
class Worker:
    """`gavebord worker`, on the morning."""

    process: Forked
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(START_WITHIN)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(START_WITHIN) == 0, self.log


@dataclass
class Workers:
    """Those that have been started on one database, all with one mail server."""

    database: Database
    mail: HeldMail
    folder: Path
    ahead: timedelta
    threads: int = 1
    started: list[Worker] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return environment(
            self.database.info["settings"],
            GAVEBORD_SMTP_HOST=MAIL_HOST,
            GAVEBORD_SMTP_PORT=str(self.mail.port),
            GAVEBORD_SMTP_SECURITY="none",
            GAVEBORD_LOG_FORMAT="text",
            GAVEBORD_BUSY_SECONDS="2",
            GAVEBORD_WORK_LEASE_SECONDS=str(LEASE),
            GAVEBORD_WORK_THREADS=str(self.threads),
        )

    def start(self) -> Worker:
        log_file = self.folder / f"worker-{len(self.started)}.log"
        with log_file.open("wb") as log:
            process = Forked(["worker"], env=self.environment, log=log, ahead=self.ahead)
        self.started.append(Worker(process, log_file))
        return self.started[-1]

    @contextmanager
    def running_at(self, version: Path) -> Iterator[subprocess.Popen[bytes]]:
        """One of another version of the product, which lies there, on the same morning."""
        clock_file = version / "app" / "clock.py"
        asked = clock_file.read_text("utf-8")
        seconds = self.ahead.total_seconds()
        ahead = f"datetime.fromtimestamp(datetime.now(UTC).timestamp() + {seconds}, UTC)"
        clock_file.write_text(asked.replace("datetime.now(UTC)", ahead), "utf-8")
        with (self.folder / "another-version.log").open("wb") as log:
            words = [sys.executable, "-m", "app", "worker"]
            process = subprocess.Popen(
                words, cwd=version, env=self.environment, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait(START_WITHIN)

    def end(self) -> None:
        for worker in self.started:
            worker.kill()


@contextmanager
def workers(
    database: Database, mail: HeldMail, folder: Path, ahead: timedelta, *, threads: int = 1
) -> Iterator[Workers]:
    """None yet; in the end none any more."""
    made = Workers(database, mail, folder, ahead, threads)
    try:
        yield made
    finally:
        made.end()


def gather(database: Database) -> None:
    """As a worker does every quarter of an hour."""

    def change(work):
        with database.writing() as session:
            return work(session)

    gathering.gather(change, now=MORNING)


def waiting(database: Database) -> Sequence[WorkItem]:
    """The mails that are in line, or that somebody is at."""
    return [item for item in left(database) if item.kind == KIND]


def try_again(database: Database) -> None:
    """As an administrator does with what is dead; and what was put off, as if its time had come.
    What somebody holds is let be."""
    with database.writing() as session:
        for item in session.exec(select(WorkItem).where(col(WorkItem.held_by).is_(None))):
            dead.revive(session, item)


def digests(database: Database) -> Sequence[Digest]:
    with database.reading() as session:
        return session.exec(select(Digest).order_by(col(Digest.id))).all()


def are_sent(database: Database, people: int) -> bool:
    """Everybody's mail, and nothing is left to do."""
    made = digests(database)
    return len(made) == people and all(one.sent_at for one in made) and not left(database)


def must_have_had_one_each(database: Database, mail: HeldMail, addresses: Sequence[str]) -> None:
    """Everybody one mail, and nobody another one, however often it came."""
    whose = {sent["Message-ID"]: sent["To"] for sent in mail.mails}
    assert sorted(whose.values()) == sorted(addresses)
    assert [one.sent_at is not None for one in digests(database)] == [True] * len(addresses)
    with database.reading() as session:
        unmailed = select(Notification.id).where(col(Notification.digest_id).is_(None))
        assert session.exec(unmailed).all() == []
