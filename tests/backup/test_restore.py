"""`gavebord restore`: everything as it was, into an empty place, or nothing."""

import hashlib
import io
import json
import os
import random
import signal
import sys
import tarfile
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from app.backup import archive
from app.backup.refused import NotAsCopied, NotRestored
from app.backup.restoring import restore
from app.backup.service import back_up, check
from app.cli import main as command
from app.db import Database
from app.errors import Busy, Conflict
from app.gifts.files import path_of
from app.migrating import migrate
from app.revisions import newest_revision
from app.settings import Settings
from tests.backup.conftest import PROGRAMS
from tests.conftest import NOON
from tests.databases import set_for_everybody
from tests.forked import forked
from tests.processes import environment


@pytest.fixture
def made(settings, tmp_path) -> Path:
    return back_up(settings, tmp_path / "copy.tar", now=NOON)[0]


def contents(settings: Settings) -> dict[str, list[str]]:
    with closing(Database(settings)) as database, database.reader.connect() as connection:
        return {
            table: sorted(
                repr(tuple(row))
                for row in connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
            )
            for table in inspect(connection).get_table_names()
        }


def untouched(settings: Settings) -> bool:
    """Whether there is nothing in the place: no tables and no files."""
    files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    if settings.database_url:
        return files == [] and contents(settings) == {}
    return files == []


def test_everything_comes_back(made, settings, place, kind):
    empty = place(kind)
    manifest = restore(empty, made)
    assert contents(empty) == contents(settings)
    for part in manifest.files:
        content = path_of(empty.files_dir, part.sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == part.sha256
    assert not (empty.data_dir / "restore-unfinished").exists()


def test_folders_are_called_what_people_call_them(settings, place, kind, tmp_path):
    copies = tmp_path / "kopier, 100%25? #1"
    copies.mkdir()
    made, manifest = back_up(settings, copies, now=NOON)
    empty = place(kind, "data, 100%25? #")
    assert restore(empty, made) == manifest
    assert contents(empty) == contents(settings)


def test_it_is_copied_and_put_back_where_a_file_can_have_one_name_only(
    no_links, settings, place, kind, tmp_path
):
    made, _ = back_up(settings, tmp_path / "copy.tar", now=NOON)
    empty = place(kind)
    restore(empty, made)
    assert contents(empty) == contents(settings)


def test_what_comes_back_can_be_written_to_and_the_log_is_still_guarded(made, place, kind):
    empty = place(kind)
    restore(empty, made)
    with closing(Database(empty)) as database:
        with database.writing() as session:
            from_now = session.execute(text("SELECT max(id) FROM person")).scalar_one()
            session.execute(
                text(
                    "INSERT INTO person (version, created_at, name, title, locale, roles,"
                    " search_text) VALUES (1, CURRENT_TIMESTAMP, 'Ny', '', 'da', '', 'ny')"
                )
            )
            assert session.execute(text("SELECT max(id) FROM person")).scalar_one() > from_now
        for change in ("DELETE FROM event", "UPDATE unit SET name = ''"):
            with pytest.raises(Exception, match=r"only added|has_a_name"), database.writing() as s:
                s.execute(text(change))


def test_it_is_put_back_only_in_an_empty_place(made, settings, place, kind):
    before = contents(settings)
    with pytest.raises(Conflict, match="noget i forvejen"):
        restore(settings, made)
    assert contents(settings) == before
    other = place(kind)
    stranger = other.files_dir / "ab" / ("ab" * 32)
    stranger.parent.mkdir(parents=True)
    stranger.write_text("noget andet")
    with pytest.raises(Conflict, match="noget i forvejen"):
        restore(other, made)
    assert stranger.read_text() == "noget andet"
    stranger.unlink()
    assert untouched(other)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_cut_off_anywhere_it_is_refused(made, place, kind, tmp_path):
    whole, cut, empty = made.read_bytes(), tmp_path / "cut.tar", place(kind)
    chance = random.Random(11)
    lengths = {0, 1, 511, 512, 513, len(whole) - 1, len(whole) - 512, len(whole) - 1024}
    for length in lengths | {chance.randrange(len(whole)) for _ in range(40)}:
        cut.write_bytes(whole[:length])
        with pytest.raises(Conflict, match="Intet er skrevet"):
            restore(empty, cut)
    cut.write_bytes(whole + b"\0")
    with pytest.raises(Conflict, match="Intet er skrevet"):
        restore(empty, cut)
    assert untouched(empty)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_changed_by_a_single_bit_anywhere_it_is_refused(made, place, kind, tmp_path):
    whole, bent, empty = made.read_bytes(), tmp_path / "bent.tar", place(kind)
    chance = random.Random(12)
    for _ in range(60):
        where = chance.choice(
            [chance.randrange(len(whole)), chance.randrange(3000), -chance.randrange(1, 3000)]
        )
        changed = bytearray(whole)
        changed[where] ^= 1 << chance.randrange(8)
        bent.write_bytes(changed)
        with pytest.raises(Conflict):
            check(bent)
    with pytest.raises(Conflict):
        restore(empty, bent)
    assert untouched(empty)


def sealed(path: Path, manifest: dict, parts: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """An archive that somebody has made by hand, with a seal that fits."""
    body = io.BytesIO()
    written = json.dumps(manifest).encode()
    info = tarfile.TarInfo("manifest.json")
    info.mode = 0o600
    for member, content in [(info, written), *parts]:
        if member.isreg():
            member.size = max(member.size, len(content))
        body.write(member.tobuf(tarfile.GNU_FORMAT, "utf-8"))
        body.write(content + bytes(-len(content) % 512))
    seal = hashlib.sha256(body.getvalue()).hexdigest()
    path.write_bytes(body.getvalue() + archive._ending(seal))
    return path


def hostile(name: str, *, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0):
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size, member.mode = kind, link, size, 0o600
    return member


ABC = hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize(
    "member",
    [
        hostile("../../evil"),
        hostile("/etc/evil"),
        hostile("files/../../evil"),
        hostile("database", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        hostile("database", kind=tarfile.LNKTYPE, link="../evil"),
        hostile("database", kind=tarfile.CHRTYPE),
        hostile("database", kind=tarfile.DIRTYPE),
        hostile("database", size=2**60),
        hostile("database", kind=tarfile.XHDTYPE),
        hostile("database", kind=tarfile.GNUTYPE_LONGNAME),
        hostile("database", kind=tarfile.GNUTYPE_SPARSE),
    ],
    ids=lambda member: f"{member.name}-{member.type.decode()}-{member.size}",
)
def test_a_hostile_archive_writes_nothing(place, tmp_path, member):
    settings = place("sqlite")
    names = [member.name] if "evil" not in member.name else ["database", member.name]
    for name in names:
        manifest = {
            "format": 1,
            "version": "0.1.0",
            "revision": newest_revision(),
            "engine": "sqlite",
            "made_at": "2026-03-02T12:00:00Z",
            "tables": {},
            "parts": [{"name": name, "size": member.size or 3, "sha256": ABC}],
        }
        path = sealed(tmp_path / "hostile.tar", manifest, [(member, b"abc")])
        with pytest.raises(Conflict, match="Intet er skrevet"):
            restore(settings, path)
    assert untouched(settings)
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"revision": "9999"}, "nyere udgave"),
        ({"format": 2}, "nyere udgave"),
        ({"engine": "postgresql"}, "sin egen slags"),
        ({"engine": "oracle"}, "manifest"),
        ({"extra": 1}, "manifest"),
        ({"parts": []}, "manifest"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(place, tmp_path, said, told):
    settings = place("sqlite")
    manifest = {
        "format": 1,
        "version": "0.1.0",
        "revision": newest_revision(),
        "engine": "sqlite",
        "made_at": "2026-03-02T12:00:00Z",
        "tables": {},
        "parts": [{"name": "database", "size": 3, "sha256": ABC}],
        **said,
    }
    parts = [(hostile("database"), b"abc")] if manifest["parts"] else []
    with pytest.raises(Conflict, match=told):
        restore(settings, sealed(tmp_path / "odd.tar", manifest, parts))
    assert untouched(settings)


def saying_too_much(made: Path, path: Path) -> Path:
    """The archive with a manifest that says one person more than there is."""
    manifest = check(made)
    with tarfile.open(made) as tar:
        parts = [(hostile(part.name), tar.extractfile(part.name).read()) for part in manifest.parts]
    said = json.loads(manifest.model_dump_json())
    said["tables"]["person"]["rows"] += 1
    return sealed(path, said, parts)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_database_that_is_not_what_the_manifest_says_does_not_get_its_name(
    made, place, kind, tmp_path
):
    empty = place(kind)
    with pytest.raises(NotRestored, match="person"):
        restore(empty, saying_too_much(made, tmp_path / "odd.tar"))
    assert not (empty.data_dir / "gavebord.db").exists()
    restore(empty, made)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_nobody_says_that_nothing_is_written_when_postgresql_has_kept_it(
    made, place, kind, tmp_path
):
    empty = place(kind)
    with pytest.raises(NotAsCopied, match=r"er lagt tilbage, men .*\(person\)") as refused:
        restore(empty, saying_too_much(made, tmp_path / "odd.tar"))
    assert "Intet er skrevet" not in str(refused.value)
    assert contents(empty)["person"] != []


@pytest.mark.parametrize("kind", ["postgresql"])
def test_where_postgresql_goes_away_after_it_has_kept_it_that_is_said(made, place, kind, tmp_path):
    empty = place(kind)
    program = tmp_path / "pg_restore"
    real = PROGRAMS / "pg_restore"
    program.write_text(_THEN_GONE.format(python=sys.executable, real=real, url=empty.database_url))
    program.chmod(0o755)
    with pytest.raises(NotAsCopied, match="er lagt tilbage, men svarede ikke"):
        restore(empty.model_copy(update={"postgresql_bin": str(tmp_path)}), made)
    assert contents(empty)["person"] != []


_THEN_GONE = """#!{python}
import subprocess, sys
import psycopg

subprocess.run(["{real}", *sys.argv[1:]], check=True)
others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
with psycopg.connect("{url}", autocommit=True) as connection:
    connection.execute(others + " AND pid <> pg_backend_pid()")
"""


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_database_that_does_not_answer_is_told_and_nothing_is_restored(made, place, kind):
    away = place(kind).model_copy(update={"database_url": "postgresql://127.0.0.1:1/gavebord"})
    with pytest.raises(Busy, match="svarer ikke"):
        restore(away, made)
    assert not away.files_dir.exists()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_server_that_writes_days_and_numbers_in_its_own_way_agrees(made, place, kind, tmp_path):
    empty = place(kind)
    set_for_everybody(
        empty,
        datestyle="German, DMY",
        intervalstyle="sql_standard",
        timezone="Europe/Copenhagen",
        extra_float_digits="-15",
        bytea_output="escape",
    )
    manifest = restore(empty, made)
    assert back_up(empty, tmp_path / "again.tar", now=NOON)[1].tables == manifest.tables


def test_one_kind_of_database_is_not_put_back_in_the_other(made, place, kind):
    other = place("postgresql" if kind == "sqlite" else "sqlite")
    with pytest.raises(Conflict, match="sin egen slags"):
        restore(other, made)
    assert untouched(other)


def test_an_earlier_revision_comes_back_and_is_then_migrated(settings, place, kind, tmp_path):
    with closing(Database(settings)) as database:
        migrate(database, "-1")
    made, manifest = back_up(settings, tmp_path / "old.tar", now=NOON)
    assert manifest.revision != newest_revision()
    empty = place(kind)
    restore(empty, made)
    with closing(Database(empty)) as database:
        migrate(database)
    with closing(Database(settings)) as database:
        migrate(database)
    assert contents(empty) == contents(settings)


@pytest.mark.parametrize(("kind", "file"), [("sqlite", 1), ("sqlite", 3), ("postgresql", 2)])
def test_killed_halfway_it_can_be_done_again(made, settings, place, kind, file):
    empty = place(kind)
    words = [str(empty.data_dir), empty.database_url, str(made), str(file)]
    assert forked(restore_killed_at, *words) == -signal.SIGKILL
    assert not (empty.data_dir / "gavebord.db").exists()
    restore(empty, made)
    assert contents(empty) == contents(settings)
    assert [path.name for path in empty.data_dir.rglob("*unfinished*")] == []


def restore_killed_at(folder: str, url: str, made: str, last: str) -> None:
    """Where it would have written the file of that number to the disk."""
    seen, fsync = count(1), os.fsync

    def counted(descriptor: int) -> None:
        if next(seen) == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        fsync(descriptor)

    os.fsync = counted
    settings = Settings(
        data_dir=Path(folder), database_url=url, postgresql_bin=str(PROGRAMS), _env_file=None
    )
    restore(settings, Path(made))


def test_the_commands_say_what_they_did(made, place, kind, tmp_path, monkeypatch, capsys):
    empty = place(kind)
    for name, value in environment(empty, LANG="en_US.UTF-8").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GAVEBORD_POSTGRESQL_BIN", empty.postgresql_bin)

    def said(*words: str) -> tuple[int | str | None, str]:
        monkeypatch.setattr(sys, "argv", ["gavebord", *words])
        with pytest.raises(SystemExit) as end:
            command()
        written = capsys.readouterr()
        return end.value.code, written.out + written.err

    assert said("backup", str(tmp_path)) == (1, "There is no database to make a backup of.\n")
    status, told = said("restore", str(made))
    assert (status, told.startswith("Restored, and everything agrees")) == (0, True)
    status, told = said("backup", "--check", str(made))
    assert (status, "The backup is whole" in told) == (0, True)
    status, told = said("restore", str(made))
    assert (status, "There is something here already" in told) == (1, True)
    status, told = said("backup", "--check", str(tmp_path / "nowhere.tar"))
    assert (status, "nowhere.tar: No such file" in told) == (1, True)
