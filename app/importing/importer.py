"""Reads and applies files beside the requests: one is read and one applied at a time, each in a
thread of its own, which ends with the application.

How far they are is kept in memory, and on PostgreSQL in the row too: SQLite has one writer, and
that is the import itself (docs/decisions/imports-beside-requests.md).
"""

import logging
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlmodel import Session

from app.db import Database
from app.errors import AppError, Busy, Conflict, Message, NotAllowed
from app.importing import runs
from app.importing.columns import SheetKind
from app.importing.models import ImportRun, Interruption
from app.importing.outcome import Outcome
from app.importing.service import import_file
from app.people.signed_in import SignedIn

_log = logging.getLogger(__name__)
_A_WHILE = 1.0
"""Seconds between signs of life, and between tries where the database is busy."""


@dataclass(frozen=True)
class Order:
    """What is to be done with which file, and for whom."""

    database: Database
    run_id: int
    attempt: int
    kind: SheetKind
    path: Path
    by: SignedIn

    @classmethod
    def of(cls, run: ImportRun, database: Database, folder: Path, by: SignedIn) -> "Order":
        return cls(database, run.key, run.attempt, run.kind, folder / run.digest, by)


class Stopped(Exception):
    """The application ends; what was begun is rolled back."""


class Importer:
    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        reading: Executor | None = None,
        applying: Executor | None = None,
    ) -> None:
        self._clock = clock
        self.reading = reading or ThreadPoolExecutor(1, "reading imports")
        self.applying = applying or ThreadPoolExecutor(1, "applying imports")
        self._progress: dict[int, tuple[int, int]] = {}
        self._is_stopping = threading.Event()

    @property
    def here(self) -> Collection[int]:
        """The imports that this process is at work on."""
        return frozenset(self._progress)

    def progress(self, run_id: int) -> tuple[int, int] | None:
        """How many steps are done, of how many; None where it is not this process that does it."""
        return self._progress.get(run_id)

    def read(self, order: Order) -> None:
        """Soon; nobody waits for it."""
        self._begin(self.reading, order, self._read)

    def apply(self, order: Order) -> None:
        self._begin(self.applying, order, self._apply)

    def close(self) -> None:
        """Gives up what is under way, which is then as if it had never begun."""
        self._is_stopping.set()
        for executor in (self.reading, self.applying):
            executor.shutdown(wait=True, cancel_futures=True)

    def _begin(self, executor: Executor, order: Order, work: Callable[[Order], None]) -> None:
        self._progress[order.run_id] = (0, 0)
        try:
            executor.submit(self._tracked, order, work)
        except RuntimeError:  # The application is ending, and takes on nothing.
            self._progress.pop(order.run_id, None)

    def _tracked(self, order: Order, work: Callable[[Order], None]) -> None:
        try:
            work(order)
        except Exception:
            _log.exception("Import %s: it could not be noted how it went", order.run_id)
        finally:
            self._progress.pop(order.run_id, None)

    def _read(self, order: Order) -> None:
        try:
            outcome = import_file(
                order.database,
                order.kind,
                order.path,
                apply=False,
                now=self._clock(),
                by=order.by,
            )
        except AppError as error:
            outcome = runs.unreadable(error.detail or error.title)
        except Exception:
            _log.exception("Import %s could not be read", order.run_id)
            outcome = runs.unreadable(_UNEXPECTED)
        self._note(order, partial(runs.note_read, run_id=order.run_id, outcome=outcome))

    def _apply(self, order: Order) -> None:
        why: Interruption | None = None
        try:
            self._take(order)
        except (Stopped, runs.GivenUp):
            why = Interruption.STOPPED
        except Busy:
            why = Interruption.BUSY
        except (Conflict, NotAllowed):
            why = Interruption.OVERTAKEN
        except Exception:
            _log.exception("Import %s failed", order.run_id)
            why = Interruption.FAILED
        if why is not None:
            self._note(
                order,
                partial(runs.interrupt, run_id=order.run_id, attempt=order.attempt, why=why),
            )

    def _take(self, order: Order) -> None:
        def noting(session: Session, outcome: Outcome) -> None:
            runs.note_applied(
                session,
                order.run_id,
                order.attempt,
                outcome,
                kind=order.kind,
                by=order.by,
                now=self._clock(),
            )

        outcome = import_file(
            order.database,
            order.kind,
            order.path,
            apply=True,
            now=self._clock(),
            by=order.by,
            progress=_Told(self, order),
            noting=noting,
        )
        if outcome.problems:
            refused = partial(
                runs.note_refused, run_id=order.run_id, attempt=order.attempt, outcome=outcome
            )
            self._note(order, refused)

    def note_progress(self, order: Order, done: int, total: int) -> None:
        """Stopped where the application ends."""
        if self._is_stopping.is_set():
            raise Stopped
        self._progress[order.run_id] = (done, total)

    def note_life(self, order: Order, done: int, total: int) -> None:
        with suppress(Busy), order.database.writing() as session:
            runs.note_progress(session, order.run_id, order.attempt, done, total, now=self._clock())

    def _note(self, order: Order, work: Callable[[Session], None]) -> None:
        """Tried until it is noted, or the application ends: then it is found abandoned later."""
        while True:
            try:
                with order.database.writing() as session:
                    work(session)
                return
            except Busy:
                if self._is_stopping.wait(_A_WHILE):
                    return


class _Told:
    """Is told of each step that is done."""

    def __init__(self, importer: Importer, order: Order) -> None:
        self._importer, self._order = importer, order
        self._noted_at = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        self._importer.note_progress(self._order, done, total)
        now = time.monotonic()
        if not self._order.database.is_sqlite and now - self._noted_at > _A_WHILE:
            self._noted_at = now
            self._importer.note_life(self._order, done, total)


_UNEXPECTED = Message(
    "Filen kunne ikke læses, og det er ikke filens skyld. Prøv igen, eller sig det til dem, der "
    "driver Gavebordet."
)
