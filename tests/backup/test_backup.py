"""`gavebord backup`: one archive, whole or not there, made while others write."""

import os
import resource
import signal
import stat
import tarfile
import threading
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import func, select

from app.backup import archive
from app.backup.restoring import restore
from app.backup.service import UNFINISHED, back_up, check
from app.db import Database
from app.errors import Busy, Conflict
from app.eventlog.log import By
from app.gifts.files import path_of
from app.people.forms import NewPerson
from app.people.models import Person
from app.people.service import register
from app.settings import Settings
from tests.backup.conftest import PROGRAMS
from tests.conftest import NOON
from tests.forked import forked
from tests.make import Make
from tests.server import running


def test_an_archive_says_what_it_holds_and_any_tar_can_look_inside(settings, tmp_path):
    made, manifest = back_up(settings, tmp_path / "copy.tar", now=NOON)
    assert made == tmp_path / "copy.tar"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert check(made) == manifest
    assert manifest.made_at == NOON
    assert manifest.tables["handover"].rows == 13
    assert manifest.tables["person"].rows > 13
    assert len(manifest.files) == 2
    with tarfile.open(made) as tar:
        names = tar.getnames()
    assert names == ["manifest.json", *(part.name for part in manifest.parts), "seal.sha256"]
    assert not list(tmp_path.glob(f"{UNFINISHED}*"))


def test_in_a_folder_it_is_named_by_its_time(settings, tmp_path):
    made, _ = back_up(settings, tmp_path, now=NOON)
    assert made.name == "gavebord-20260302T120000Z.tar"
    later, _ = back_up(settings, tmp_path, now=NOON + timedelta(seconds=1))
    assert later != made


def test_what_is_there_is_never_written_over(settings, tmp_path):
    target = tmp_path / "copy.tar"
    target.write_text("noget andet")
    with pytest.raises(Conflict, match="findes allerede"):
        back_up(settings, target, now=NOON)
    assert target.read_text() == "noget andet"


def test_a_file_that_a_row_needs_must_be_there_and_be_what_it_was(settings, tmp_path):
    _, manifest = back_up(settings, tmp_path / "first.tar", now=NOON)
    path = path_of(settings.files_dir, manifest.files[0].sha256)
    content = path.read_bytes()
    path.write_bytes(b"x" * len(content))
    with pytest.raises(Conflict, match=manifest.files[0].sha256):
        back_up(settings, tmp_path / "second.tar", now=NOON)
    path.unlink()
    with pytest.raises(Conflict, match=f"{manifest.files[0].sha256} mangler"):
        back_up(settings, tmp_path / "third.tar", now=NOON)
    assert [path.name for path in tmp_path.glob("*.tar")] == ["first.tar"]
    assert not list(tmp_path.glob(f"{UNFINISHED}*"))


def test_where_there_is_no_database_none_is_made(place, kind, tmp_path):
    settings = place(kind)
    with pytest.raises(Conflict, match="ingen database"):
        back_up(settings, tmp_path / "copy.tar", now=NOON)
    assert not (settings.data_dir / "gavebord.db").exists()


def test_a_database_that_does_not_answer_is_told(tmp_path):
    away = Settings(data_dir=tmp_path, database_url="postgresql://127.0.0.1:1/x", _env_file=None)
    with pytest.raises(Busy, match="svarer ikke"):
        back_up(away, tmp_path / "copy.tar", now=NOON)
    assert not list(tmp_path.iterdir())


def test_a_place_without_room_for_the_copy_is_named(settings, tmp_path):
    """The limit on file sizes of the operating system: as a full disk, for this process only."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, limits[1]))
    try:
        with pytest.raises(Conflict, match=r"copy\.tar|pg_dump"):
            back_up(settings, tmp_path / "copy.tar", now=NOON)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.glob("*copy*"))


def test_a_folder_that_is_not_there_is_named(settings, tmp_path):
    with pytest.raises(Conflict, match=r"Mappen .*nowhere findes ikke"):
        back_up(settings, tmp_path / "nowhere" / "copy.tar", now=NOON)


def test_the_programs_of_postgresql_are_asked_for_where_they_are_missing(place, settings, tmp_path):
    without = settings.model_copy(update={"postgresql_bin": str(tmp_path)})
    if settings.database_url:
        with pytest.raises(Conflict, match=r"pg_dump findes ikke.*GAVEBORD_POSTGRESQL_BIN"):
            back_up(without, tmp_path / "copy.tar", now=NOON)
    else:
        back_up(without, tmp_path / "copy.tar", now=NOON)


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(kind, place, settings, tmp_path):
    """Each transaction registers two people; a copy with an odd number has torn one apart."""
    begun, enough = threading.Event(), threading.Event()
    pairs = []

    def write() -> None:
        with closing(Database(settings)) as database:
            while not enough.is_set():
                with database.writing() as session:
                    for half in ("a", "b"):
                        form = NewPerson(name="Par", mail=f"par{len(pairs)}{half}@lindborg.example")
                        register(session, form.model_dump(), by=By(), now=NOON)
                pairs.append(None)
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(60)
        copies = []
        for number in range(3):
            before = len(pairs)
            made, manifest = back_up(settings, tmp_path / f"{number}.tar", now=NOON)
            copies.append((before, made, manifest))
    finally:
        enough.set()
        writer.join(60)
    for before, made, manifest in copies:
        restored = place(kind)
        assert restore(restored, made) == manifest
        with closing(Database(restored)) as database, database.reading() as session:
            count = session.exec(
                select(func.count()).select_from(Person).where(Person.name == "Par")
            ).one()
        assert count % 2 == 0
        assert 2 * before <= count <= 2 * len(pairs)


def test_the_server_answers_while_a_copy_is_made(settings, place, kind, tmp_path):
    with closing(Database(settings)) as database, database.writing() as session:
        make = Make(session, now=NOON)
        key = make.key(make.administrator())
    headers = {"Authorization": f"Bearer {key}"}
    answers = []
    enough, begun = threading.Event(), threading.Event()
    with running(settings) as address:

        def ask() -> None:
            while not enough.is_set():
                said = {"name": f"Enhed {len(answers)}"}
                url = f"{address}/api/v1/units"
                answer = httpx.post(url, json=said, headers=headers, timeout=60)
                answers.append(answer.status_code)
                begun.set()

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            assert begun.wait(60)
            made, _ = back_up(settings, tmp_path / "copy.tar", now=NOON)
        finally:
            enough.set()
            asking.join(60)
    assert set(answers) == {201}
    restored = place(kind)
    restore(restored, made)
    with running(restored) as address:
        units = httpx.get(f"{address}/api/v1/units", headers=headers, timeout=60)
    assert units.status_code == 200


@pytest.mark.parametrize(("kind", "block"), [("sqlite", 1), ("sqlite", 40), ("postgresql", 40)])
def test_killed_halfway_there_is_no_archive(settings, tmp_path, block):
    target = tmp_path / "copy.tar"
    words = [str(settings.data_dir), settings.database_url, str(target), str(block)]
    assert forked(back_up_killed_at, *words) == -signal.SIGKILL
    assert not target.exists()
    back_up(settings, target, now=NOON)
    check(target)


def back_up_killed_at(folder: str, url: str, target: str, last: str) -> None:
    """Where it would have written the head of the part of that number, or of the fourth."""
    seen, framing = count(1), archive._framing

    def counted(name: str, size: int) -> object:
        if next(seen) == min(int(last), 4):
            os.kill(os.getpid(), signal.SIGKILL)
        return framing(name, size)

    archive._framing = counted
    settings = Settings(
        data_dir=Path(folder), database_url=url, postgresql_bin=str(PROGRAMS), _env_file=None
    )
    back_up(settings, Path(target), now=NOON)


def test_the_archive_is_trusted_for_its_content_and_not_its_order(settings, tmp_path):
    """Two copies of the same content say the same of every table."""
    _, first = back_up(settings, tmp_path / "first.tar", now=NOON)
    with closing(Database(settings)) as database, database.writing() as session:
        session.execute(text("UPDATE person SET title = 'Leder' WHERE id = 1"))
    with closing(Database(settings)) as database, database.writing() as session:
        session.execute(text("UPDATE person SET title = '' WHERE id = 1"))
    _, second = back_up(settings, tmp_path / "second.tar", now=NOON)
    assert second.tables == first.tables
    assert archive.read(tmp_path / "second.tar") == second
