"""A worker as a process of its own, for tests that kill it.

What it says to the other side is a line in a file, by key; what it did stands in the table `done`,
written where the item is finished.
"""

import os
import random
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.db import Database
from app.rest import log_lines
from app.settings import Settings
from app.work import endings
from app.work.kinds import Failed, Kind
from app.work.worker import Worker
from tests.work.steps import KIND, left, note_done

LEASE = 1.0
STEPS = ("taking", "taken", "said", "failing", "writing", "kept")
"""Where it is killed: in the transaction that takes the item, after it, after the other side was
told, in the transaction that puts it off, in the one that finishes it, and after that."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def said_in(path: Path, key: str) -> None:
    with path.open("a") as file:
        file.write(f"{key}\n")


class Dying(Worker):
    """Killed at one step of its first item."""

    def __init__(self, database: Database, said: Path, step: str) -> None:
        self.step, self.said = step, said
        super().__init__(database, [Kind(KIND, self.handle)], lease_seconds=LEASE, threads=1)

    def handle(self, task):
        self.die_at("taken")
        said_in(self.said, task.key)
        self.die_at("said")
        if self.step == "failing":
            endings.fail = self.wrapped(endings.fail)
            raise Failed("as planned")

        def writing(session):
            note_done(task.key)(session)
            self.die_at("writing")

        return writing

    def _take(self, kind, since, session):
        held = super()._take(kind, since, session)
        self.die_at("taking")
        return held

    def _settle(self, held, ending):
        super()._settle(held, ending)
        self.die_at("kept")

    def wrapped(self, written):
        def then_dies(*words):
            written(*words)
            die()

        return then_dies

    def die_at(self, step: str) -> None:
        if self.step == step:
            die()


def in_child(work: Callable[[], None]) -> int:
    """The process that does it, from the very start: no connection is shared."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(1)
    return pid


def quick(database: Database, said: Path, threads: int = 1) -> Worker:
    def handle(task):
        said_in(said, task.key)
        return note_done(task.key)

    return Worker(database, [Kind(KIND, handle)], lease_seconds=LEASE, threads=threads)


def die_at_every_step(settings: Settings, said: Path) -> None:
    for step in STEPS:
        pid = in_child(lambda step=step: Dying(Database(settings), said, step).do_one())
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL, step
    settle(settings, said)


def storm(settings: Settings, said: Path, rounds: int, seed: int) -> None:
    """Two at a time, killed at random moments."""
    chance = random.Random(seed)

    def work() -> None:
        quick(Database(settings), said, threads=2).start()
        threading.Event().wait(60)

    for _ in range(rounds):
        pids = [in_child(work) for _ in range(2)]
        for pid in pids:
            threading.Event().wait(chance.uniform(0.05, 0.4))
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            os.waitpid(pid, 0)
    settle(settings, said)


def settle(settings: Settings, said: Path) -> None:
    with closing(Database(settings)) as database:
        worker = quick(database, said)
        while left(database):
            if not worker.do_one():
                threading.Event().wait(0.05)


def work(settings: Settings, said: Path) -> None:
    """Until it is told to stop; it prints what it begins on, and what it logs is in a file. What is
    called `wait...` waits for a file named `go`."""

    def handle(task):
        sys.stdout.write(f"{task.key}\n")
        sys.stdout.flush()
        while task.key.startswith("wait") and not (said.parent / "go").exists():
            threading.Event().wait(0.02)
        said_in(said, task.key)
        return note_done(task.key)

    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    with (said.parent / "log").open("wb") as log:
        os.dup2(log.fileno(), 2)
    log_lines.begin("text")
    with closing(Database(settings)) as database:
        worker = Worker(database, [Kind(KIND, handle)], lease_seconds=LEASE, threads=1)
        worker.start()
        told.wait()
        worker.stop()


def main(how: str, data_dir: str, url: str, said: str, *numbers: str) -> None:
    settings = Settings(data_dir=Path(data_dir), database_url=url, busy_seconds=2, _env_file=None)
    hows = {"steps": die_at_every_step, "storm": storm, "work": work}
    hows[how](settings, Path(said), *map(int, numbers))


def begun() -> None:
    main(*sys.argv[1:])
