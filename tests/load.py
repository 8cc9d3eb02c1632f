"""Steady traffic while servers come and go: what was answered, and with what effect."""

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from sqlmodel import Session, select

from app.db import Database
from app.eventlog.models import Event
from app.units.models import Unit
from tests.conftest import NOON
from tests.make import Make
from tests.processes import wait_until

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass
class Load:
    """`trouble` is every answer that was none; `made` the names of the units that were."""

    address: str
    key: str
    answers: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def go_on(self) -> None:
        """Reads and registers in turn, until it is over."""
        with httpx.Client(
            base_url=self.address,
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
            verify=False,  # noqa: S501 - no TLS here
        ) as client:
            while not self.is_over.is_set():
                # Letters only: digits may look like somebody's CPR number.
                name = f"Enhed {uuid.uuid4().hex.translate(_LETTERS)}"
                self._ask(client, "GET", "/api/v1/queue", 200)
                posted = {"json": {"name": name}, "headers": {"Idempotency-Key": name[6:]}}
                if self._ask(client, "POST", "/api/v1/units", 201, **posted):
                    self.made.append(name)
                self.is_over.wait(0.1)

    def _ask(
        self, client: httpx.Client, method: str, path: str, wanted: int, **sent: object
    ) -> bool:
        try:
            answer = client.request(method, path, **sent)
        except httpx.HTTPError as error:
            self.trouble.append(f"{method} {path}: {error!r}")
            return False
        self.answers[answer.headers.get("Answered-By", "")] += 1
        if answer.status_code != wanted:
            self.trouble.append(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.status_code == wanted

    def goes_on(self, more: int = 30) -> None:
        """Waits until so many more requests have been answered."""
        target = self.answers.total() + more
        wait_until(lambda: self.trouble or self.answers.total() >= target)


@contextmanager
def load(address: str, key: str, *, threads: int = 3) -> Iterator[Load]:
    running = Load(address, key)
    crowd = [threading.Thread(target=running.go_on) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    try:
        yield running
    finally:
        running.is_over.set()
        for thread in crowd:
            thread.join()


def secretary_of(database: Database) -> str:
    """The key of a secretary, committed."""
    with Session(database.writer, info=database.info) as session:
        make = Make(session, now=NOON)
        key = make.key(make.secretary())
        session.commit()
    return key


def units_and_events(database: Database) -> tuple[list[str], int]:
    """Every unit's name, and how often it has been told that one was registered."""
    with database.reading() as session:
        names = session.exec(select(Unit.name)).all()
        told = session.exec(select(Event).where(Event.type == "unit.registered")).all()
        return sorted(names), len(told)
