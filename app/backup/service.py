"""Making an archive, which is whole or not there, and looking one over."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text

from app.backup import archive, postgres, sqlite
from app.backup.contents import tables_of
from app.backup.manifest import DATABASE, FILES, FORMAT, Engine, Manifest, Part
from app.backup.naming import give_name
from app.backup.refused import NotBackedUp, told
from app.db import Database
from app.errors import Message
from app.gifts.files import path_of
from app.revisions import revision_of
from app.settings import Settings

UNFINISHED = "gavebord-unfinished-"


def back_up(settings: Settings, target: Path, *, now: datetime) -> tuple[Path, Manifest]:
    """Makes the archive, while others write. In a folder it gets a name of its own.

    The database first, then the files: a file is on disk before its row is stored and is never
    taken away, so whatever the copied rows name, is there afterwards too.
    """
    if target.is_dir():
        target = target / f"gavebord-{now:%Y%m%dT%H%M%SZ}.tar"
    if os.path.lexists(target):
        raise NotBackedUp(Message("%(path)s findes allerede. Vælg et andet navn.", path=target))
    if not target.parent.is_dir():
        raise NotBackedUp(Message("Mappen %(path)s findes ikke.", path=target.parent))
    with (
        told(target),
        tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as folder,
    ):
        dump = Path(folder) / DATABASE
        with _snapshot(settings, dump) as connection:
            manifest = _manifest(settings, connection, dump, now=now)
        unfinished = Path(folder) / "archive"
        with unfinished.open("xb") as file:
            unfinished.chmod(0o600)
            archive.write(file, manifest, lambda part: _opened(settings, dump, part))
            file.flush()
            os.fsync(file.fileno())
        give_name(target, unfinished)
    return target, manifest


def check(path: Path) -> Manifest:
    """Reads the archive to its last byte. Conflict where anything is wrong with it."""
    with told(path):
        return archive.read(path)


@contextmanager
def _snapshot(settings: Settings, dump: Path) -> Iterator[Connection]:
    with closing(_database(settings)) as database:
        copy: AbstractContextManager[Connection] = (
            sqlite.snapshot(database, dump)
            if database.is_sqlite
            else postgres.snapshot(database, dump, programs=settings.postgresql_bin)
        )
        with copy as connection:
            yield connection


def _database(settings: Settings) -> Database:
    """The database, which must be there: looking for it may not make one."""
    database = Database(settings)
    if database.is_sqlite and not sqlite.path_of(database).exists():
        database.close()
        raise _nothing()
    return database


def _nothing() -> NotBackedUp:
    return NotBackedUp(Message("Der er ingen database at tage kopi af."))


def _manifest(settings: Settings, connection: Connection, dump: Path, *, now: datetime) -> Manifest:
    revision = revision_of(connection)
    if revision is None:
        raise _nothing()
    engine: Engine = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    return Manifest(
        format=FORMAT,
        version=version("gavebord"),
        revision=revision,
        engine=engine,
        made_at=now,
        tables=tables_of(connection),
        parts=[_dumped(dump), *_files(settings, connection)],
    )


def _dumped(dump: Path) -> Part:
    with dump.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(name=DATABASE, size=dump.stat().st_size, sha256=digest)


def _files(settings: Settings, connection: Connection) -> Iterator[Part]:
    """What the rows name, also what has been taken off a gift: the history keeps it."""
    named = text("SELECT DISTINCT digest, size FROM material WHERE digest IS NOT NULL ORDER BY 1")
    for digest, size in connection.execute(named).all():
        if not path_of(settings.files_dir, digest).is_file():
            raise NotBackedUp(
                Message(
                    "Filen %(digest)s mangler i mappen med filer. Find den i en tidligere "
                    "sikkerhedskopi, og læg den på plads.",
                    digest=digest,
                )
            )
        yield Part(name=f"{FILES}{digest[:2]}/{digest}", size=size, sha256=digest)


def _opened(settings: Settings, dump: Path, part: Part) -> IO[bytes]:
    return (dump if part.name == DATABASE else path_of(settings.files_dir, part.sha256)).open("rb")
