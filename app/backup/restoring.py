"""Putting an archive back into an empty place: looked over first, compared afterwards."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from app.backup import archive, postgres, sqlite
from app.backup.contents import tables_of
from app.backup.manifest import DATABASE, Manifest, Part
from app.backup.naming import give_name
from app.backup.refused import NotAsCopied, NotRestored, told, unreadable
from app.backup.service import check
from app.db import Database
from app.errors import Busy, Message
from app.gifts.files import path_of, sync
from app.revisions import known_revisions
from app.settings import Settings
from app.unanswered import translated

_UNFINISHED, _UNFINISHED_FILE = "restore-unfinished", "unfinished-"


def restore(settings: Settings, path: Path) -> Manifest:
    """Everything in the archive, with the database last: killed before that, it can be done again.

    Conflict, with nothing written, where the archive is not whole or the place is not empty.
    NotAsCopied where PostgreSQL has kept it, and has something else than was copied.
    """
    with told(path), closing(Database(settings)) as database:
        manifest = check(path)
        _must_fit(manifest, database)
        _must_be_empty(settings, database, manifest)
        if not database.is_sqlite:
            postgres.must_have("pg_restore", settings.postgresql_bin)
        # Beside what it becomes, so that it only has to be given its name.
        beside = sqlite.path_of(database).parent if database.is_sqlite else settings.data_dir
        folder = beside / _UNFINISHED
        _forget(folder)
        folder.mkdir(parents=True)
        dump = folder / DATABASE
        archive.read(path, lambda part, content: _keep(settings, dump, part, content))
        _put_back(settings, database, dump, manifest)
        _forget(folder)
    return manifest


def _must_fit(manifest: Manifest, database: Database) -> None:
    if manifest.revision not in known_revisions():
        raise NotRestored(
            Message(
                "Sikkerhedskopien er fra en nyere udgave (%(version)s, tabeller %(revision)s). "
                "Opdater programmet først. Intet er skrevet.",
                version=manifest.version,
                revision=manifest.revision,
            )
        )
    engine = "sqlite" if database.is_sqlite else "postgresql"
    if manifest.engine != engine:
        raise NotRestored(
            Message(
                "Sikkerhedskopien er af en %(there)s-database, og GAVEBORD_DATABASE_URL er en "
                "%(here)s. Den kan kun lægges tilbage i sin egen slags. Intet er skrevet.",
                there=manifest.engine,
                here=engine,
            )
        )


def _must_be_empty(settings: Settings, database: Database, manifest: Manifest) -> None:
    """Files that are the archive's own are no hindrance: a restore that was killed left them."""
    is_empty = (
        sqlite.is_empty(sqlite.path_of(database))
        if database.is_sqlite
        else postgres.is_empty(database)
    )
    if not is_empty:
        raise _not_empty(database.url.render_as_string(hide_password=True))
    own = {path_of(settings.files_dir, part.sha256) for part in manifest.files}
    for there in _all_files(settings.files_dir):
        if there not in own:
            raise _not_empty(str(there))


def _not_empty(what: str) -> NotRestored:
    return NotRestored(
        Message(
            "Her er noget i forvejen: %(what)s. Læg kopien tilbage i en tom database og en tom "
            "datamappe. Intet er skrevet.",
            what=what,
        )
    )


def _all_files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in names if not name.startswith(_UNFINISHED_FILE))


def _keep(settings: Settings, dump: Path, part: Part, content: Iterator[bytes]) -> None:
    """Writes a part under a name nobody reads, and gives it its own when it is whole."""
    path = unfinished = dump
    if part.name != DATABASE:
        path = path_of(settings.files_dir, part.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{_UNFINISHED_FILE}{path.name}")
    with unfinished.open("wb") as file:
        unfinished.chmod(0o600)
        for chunk in content:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if part.name != DATABASE:
        os.replace(unfinished, path)
        sync(path.parent)
        sync(settings.files_dir)


def _put_back(settings: Settings, database: Database, dump: Path, manifest: Manifest) -> None:
    if database.is_sqlite:
        with sqlite.opened(dump) as connection:
            sqlite.must_be_sound(connection)
            if apart := _apart(connection, manifest):
                raise unreadable(apart)
        # Until it has this name, there is no database here.
        give_name(sqlite.path_of(database), dump)
    else:
        postgres.restore(database, dump, programs=settings.postgresql_bin)
        _must_agree(database, manifest)


def _must_agree(database: Database, manifest: Manifest) -> None:
    """NotAsCopied unless what PostgreSQL has kept is what was copied."""
    try:
        with translated(), database.writer.connect() as connection:
            apart = _apart(connection, manifest)
    except Busy as error:
        raise NotAsCopied(
            Message(
                "Databasen er lagt tilbage, men svarede ikke, da den skulle sammenlignes med "
                "kopien. Lav en tom database, og læg kopien tilbage i den."
            )
        ) from error
    if apart:
        raise NotAsCopied(
            Message(
                "Databasen er lagt tilbage, men stemmer ikke med kopien (%(what)s). Brug den ikke. "
                "Lav en tom database, og læg kopien tilbage i den.",
                what=apart,
            )
        )


def _apart(connection: Connection, manifest: Manifest) -> str:
    """The tables that are not as they were copied."""
    there = tables_of(connection)
    names = sorted(there.keys() | manifest.tables.keys())
    return ", ".join(name for name in names if there.get(name) != manifest.tables.get(name))


def _forget(folder: Path) -> None:
    """What a restore that was killed has left."""
    shutil.rmtree(folder, ignore_errors=True)
