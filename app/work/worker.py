"""Does what is in line, in threads of this process, until it is told to stop.

A handler runs outside any transaction. Meanwhile the keeper renews the lease; where it cannot, the
item is somebody else's when the lease is over, and what comes of ours is not kept.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from sqlmodel import Session

from app.db import Database
from app.errors import Busy
from app.rows import Rows
from app.work import bell, endings, items
from app.work.bell import Bell
from app.work.items import Held, TakenOver
from app.work.kinds import Failed, HandedBack, Kind, Task, Work
from app.work.pace import Pace
from app.work.schedules import Schedule, Whenever, hear

_log = logging.getLogger(__name__)

LOOKED_EVERY = 1.0
"""Seconds until a worker looks whether something has become due that nobody woke it for."""
GOES_ON_FOR = 5.0
"""Seconds that what is under way gets to finish, when the worker is told to stop."""
_A_WHILE = 1.0

# What has been done stays in PostgreSQL's index until it is vacuumed, in front of what has not: so
# a look begins where the last one found something.
COMMITTED_WITHIN = timedelta(seconds=5)
"""How long a transaction may last for what it puts in line to be found in its turn."""
LOOKED_BACK_EVERY = 60.0
"""Seconds until what came later than that is found, where there is always something to do."""

Turn = Callable[[Callable[[], Any]], Any]
"""Where a transaction that changes something is to be run."""


def at_once(work: Callable[[], Any]) -> Any:
    return work()


class Worker:
    def __init__(
        self,
        database: Database,
        kinds: Sequence[Kind],
        schedules: Sequence[Schedule] = (),
        whenever: Sequence[Whenever] = (),
        *,
        lease_seconds: float,
        threads: int,
        turn: Turn = at_once,
    ) -> None:
        self.database, self._turn = database, turn
        self.bell = Bell()
        database.info[bell.NAME] = self.bell
        self._kinds = {kind.name: kind for kind in kinds}
        self._due = items.due_among(tuple(self._kinds))
        self._schedules, self._whenever = schedules, whenever
        self._heard: dict[str, datetime] = {}
        self.lease = timedelta(seconds=lease_seconds)
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._tasks: dict[int, Task] = {}
        self._renewed_at = time.monotonic()
        self._turns, self._pace = count(), Pace()
        self._since: dict[str, datetime] = {}
        self._looked_back_at = time.monotonic()
        self._is_stopping, self._is_over = threading.Event(), threading.Event()
        self._hands = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        for thread in (*self._hands, self._keeper):
            thread.start()

    def tell_to_stop(self) -> None:
        """Takes nothing more from now on."""
        self._is_stopping.set()
        self.bell.ring()

    def stop(self) -> None:
        """What is under way gets a while to finish, and is handed back if it does not."""
        self.tell_to_stop()
        give_up_at = time.monotonic() + GOES_ON_FOR
        for thread in self._hands:
            thread.join(max(0.0, give_up_at - time.monotonic()))
        self._is_over.set()
        self._keeper.join()
        for task in list(self._tasks.values()):
            try:
                self.change(partial(endings.hand_back, task.held))
            except (Busy, TakenOver):
                _log.warning("Work %s is left until its lease is over", task.held.id)

    def change(self, work: Work[Any]) -> Any:
        """In a transaction of its own."""

        def kept() -> Any:
            with self.database.writing() as session:
                return work(session)

        return self._turn(kept)

    def do_one(self) -> bool:
        """Whether there was anything to do."""
        for name, since in self._due_kinds():
            held = self.change(partial(self._take, name, since))
            if held is not None:
                self._do(held)
                return True
        return False

    def do_some(self) -> bool:
        """The same; and of what is quick several at a time."""
        for name, since in self._due_kinds():
            taken = self.change(partial(self._take_some, name, since))
            if taken:
                self._do_all(taken)
                return True
        return False

    def hear_ticks(self) -> None:
        """Each tick once, whoever hears it first."""
        if not self._schedules:
            return
        with self.database.connected() as connection:
            now = items.time_of(Rows(connection))
        for schedule in self._schedules:
            latest = schedule.ticks.latest(now)
            if self._heard.get(schedule.name) != latest:
                while not self.change(partial(hear, schedule=schedule, now=now)):
                    pass
                self._heard[schedule.name] = latest

    def look(self) -> None:
        """Puts in line what there is something for."""
        if not self._whenever:
            return
        with self.database.connected() as connection:
            rows = Rows(connection)
            found = [one for one in self._whenever if rows.first(one.waiting, {})]
        for one in found:
            self.change(one.put_in_line)

    def renew(self) -> None:
        """Keeps what is held here."""
        self.change(self._renew)

    def _work(self) -> None:
        while not self._is_stopping.is_set():
            heard = self.bell.times
            try:
                if not self.do_some():
                    self.bell.wait(heard, LOOKED_EVERY)
            except Busy:
                self._is_stopping.wait(_A_WHILE)
            except Exception:
                _log.exception("The worker met something unexpected, and goes on")
                self._is_stopping.wait(_A_WHILE)

    def _keep(self) -> None:
        third = self.lease.total_seconds() / 3
        while not self._is_over.wait(min(LOOKED_EVERY, third)):
            try:
                if self._tasks and time.monotonic() - self._renewed_at >= third:
                    self.renew()
                if not self._is_stopping.is_set():
                    self.look()
                    self.hear_ticks()
            except Busy:
                continue
            except Exception:
                _log.exception("The worker could not renew its leases or hear the ticks")

    def _due_kinds(self) -> Sequence[tuple[str, datetime]]:
        """Each time another one first, so that a long line of one kind does not stop the others;
        with since when the first in each line has been due."""
        if time.monotonic() - self._looked_back_at >= LOOKED_BACK_EVERY:
            self._since, self._looked_back_at = {}, time.monotonic()
        asked = {
            f"since_{place}": self._since.get(name, items.BEFORE_ALL)
            for place, name in enumerate(self._kinds)
        }
        with self.database.connected() as connection:
            rows = Rows(connection)
            found = rows.all(self._due, {**asked, "now": items.time_of(rows)})
        due = [(row["kind"], row["due_at"]) for row in found]
        self._since = {name: since - COMMITTED_WITHIN for name, since in due}
        first = next(self._turns) % max(1, len(due))
        return due[first:] + due[:first]

    def _take(self, kind: str, since: datetime, session: Session) -> Held | None:
        # Whoever was stopped for long keeps what it holds, before it can meet it in the line.
        if self._tasks and time.monotonic() - self._renewed_at >= self.lease.total_seconds() / 2:
            self._renew(session)
        rows = Rows(session.connection())
        now = items.time_of(rows)
        return items.take(
            rows, kind, holder=self.name, now=now, until=now + self.lease, since=since
        )

    def _take_some(self, kind: str, since: datetime, session: Session) -> Sequence[Held]:
        first, more = self._take(kind, since, session), self._pace.of(kind) - 1
        if first is None:
            return ()
        # What has been tried is taken alone: it may be what ends its worker each time.
        if first.attempt > 1 or not more:
            return (first,)
        rows = Rows(session.connection())
        now = items.time_of(rows)
        until = now + self.lease
        others = items.take_new(
            rows, kind, holder=self.name, now=now, until=until, since=since, most=more
        )
        return (first, *others)

    def _renew(self, session: Session) -> None:
        rows = Rows(session.connection())
        until = items.time_of(rows) + self.lease
        for task in list(self._tasks.values()):
            if not items.renew(rows, task.held, until=until):
                task.lose()
        self._renewed_at = time.monotonic()

    def _do(self, held: Held) -> None:
        task = self._begun(held)
        try:
            self._settle(held, self._ending_of(task) or partial(endings.finish, held, None))
        finally:
            del self._tasks[held.id]

    def _do_all(self, taken: Sequence[Held]) -> None:
        """One after another. Those that end with nothing to write are finished together; when one
        takes long after all, somebody else may have those that have not begun."""
        tasks, done = [self._begun(held) for held in taken], list[Held]()
        try:
            for place, task in enumerate(tasks):
                ending: Work[None] | None = partial(endings.hand_back, task.held)
                if not place or self._is_going_on_with(task):
                    ending = self._ending_of(task)
                if ending is None:
                    done.append(task.held)
                    continue
                self._settle(task.held, ending)
                del self._tasks[task.held.id]
        finally:
            if done:
                self._settle(done[0], partial(endings.finish_all, done))
            for held in taken:
                self._tasks.pop(held.id, None)

    def _is_going_on_with(self, task: Task) -> bool:
        try:
            task.must_go_on()
        except HandedBack:
            return False
        return self._pace.of(task.held.kind) > 1

    def _begun(self, held: Held) -> Task:
        task = Task(held, self.database, self.change, self._is_stopping.is_set)
        self._tasks[held.id] = task
        return task

    def _ending_of(self, task: Task) -> Work[None] | None:
        """What is to be written of how it went; None where that is only that it is done."""
        held, begun_at = task.held, time.monotonic()
        try:
            writing = self._kinds[held.kind].handle(task)
        except HandedBack as early:
            return partial(endings.hand_back, held, after=early.after)
        except Failed as failed:
            _log.warning("Work %s (%s) failed: %s", held.id, held.kind, items.short(failed.why))
            return partial(endings.fail, held, failed)
        except Exception as error:
            return endings.unexpected(held, error)
        finally:
            self._pace.took(held.kind, time.monotonic() - begun_at)
        return partial(endings.finish, held, writing) if writing is not None else None

    def _settle(self, held: Held, ending: Work[None]) -> None:
        """Tried until it is written, or the worker is over: then the lease will be too. What cannot
        be written at all, nor that it cannot, is left for when its lease is over."""
        is_failure = False
        while True:
            try:
                self.change(ending)
                return
            except TakenOver:
                endings.tell_taken_over(held)
                return
            except Busy:
                if self._is_over.wait(_A_WHILE):
                    return
            except Exception as error:
                if is_failure:
                    raise
                ending, is_failure = endings.unexpected(held, error), True
