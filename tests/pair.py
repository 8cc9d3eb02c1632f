"""The tests of the API over HTTP: against two servers on one PostgreSQL, behind a proxy that sends
each request to either of them at random. Nothing is shared but the database and its files."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import httpx2
from sqlalchemy import text
from sqlmodel import Session, SQLModel

from app.db import Database
from app.settings import Settings
from tests.processes import Server, free_port, proxy, wait_until

answered: Counter[str] = Counter()
"""How many requests each place has answered: `one` and `other` are the two servers."""


@dataclass
class Pair:
    """What the fixtures take for the application: `state` has its clock and its settings."""

    address: str
    names: dict[str, str]
    session: Session | None = None
    state: SimpleNamespace = field(default_factory=SimpleNamespace)
    connections: httpx2.HTTPTransport = field(
        default_factory=lambda: httpx2.HTTPTransport(verify=False)
    )

    def client(self, headers: dict[str, str] | None = None) -> httpx2.Client:
        """What the test has made is committed before each request, and read anew after it."""
        return httpx2.Client(
            base_url=self.address,
            headers=headers,
            transport=self.connections,
            follow_redirects=True,
            timeout=60,
            event_hooks={"request": [self._commit], "response": [self._count]},
        )

    def _commit(self, request: httpx2.Request) -> None:
        if self.session is not None:
            self.session.commit()
            self.session.info.pop("in_flight", None)

    def _count(self, response: httpx2.Response) -> None:
        answered[self.names.get(response.headers.get("Answered-By", ""), "the proxy itself")] += 1


@contextmanager
def pair(settings: Settings, *, now: Callable[[], datetime]) -> Iterator[Pair]:
    """Two servers that are ready, and the proxy before them."""
    with TemporaryDirectory() as place, _told(now) as clock:
        folder = Path(place)
        told = {"GAVEBORD_DRAIN_SECONDS": "0"}
        words, does = (clock, "serve"), "tests.clocked:main"
        made = [Server(settings, folder, free_port(settings), told, words, does) for _ in range(2)]
        try:
            for server in made:
                server.start()
            for server in made:
                wait_until(server.is_ready)
            with proxy([server.address for server in made], folder) as address:
                names = (f"127.0.0.1:{server.port}" for server in made)
                both = Pair(address, dict(zip(names, ("one", "other"), strict=True)))
                with both.connections:
                    yield both
        finally:
            for server in made:
                server.end()


@contextmanager
def committed(database: Database) -> Iterator[Session]:
    """A session on the database, in which there is nothing; what it commits is there to see."""
    with database.writer.begin() as connection:
        # The log defends itself against this; only a superuser can do it.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in SQLModel.metadata.sorted_tables:
            connection.execute(table.delete())
    with Session(database.writer, info=database.info) as session:
        yield session
        session.rollback()


@contextmanager
def _told(now: Callable[[], datetime]) -> Iterator[str]:
    """An address where processes may ask what time it is."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_tell_everybody, args=(listener, now), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def _tell_everybody(listener: socket.socket, now: Callable[[], datetime]) -> None:
    while True:
        try:
            asker, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_tell, args=(asker, now), daemon=True).start()


def _tell(asker: socket.socket, now: Callable[[], datetime]) -> None:
    asker.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with asker:
        while asker.recv(1):
            asker.sendall(f"{now().isoformat()}\n".encode())
