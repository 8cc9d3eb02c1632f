"""The SQLite file locked, without room, and read-only: told at once, and over by itself."""

import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.settings import Settings
from tests.faults.disks import AS_ANYBODY, Limited, not_writable, small_disk
from tests.faults.served import PDF, served, until
from tests.faults.stream import must_say_when
from tests.faults.world import new_world

MIB = 1024 * 1024
PATIENT = {"GAVEBORD_BUSY_SECONDS": "0.5"}


@pytest.fixture
def world(tmp_path):
    return new_world(Settings(data_dir=tmp_path, _env_file=None))


def test_a_file_that_another_process_has_locked_is_told_and_read_meanwhile(world):
    with served(world, **PATIENT) as server:
        assert server.follow_up("before").status_code == 201
        with locked(world.settings.data_dir / "gavebord.db"):
            begun = time.monotonic()
            must_say_when(server.follow_up("meanwhile"))
            assert time.monotonic() - begun < 5
            assert server.notes() == {"before"}
            server.must_live()
            until(lambda: not server.is_ready())
        assert server.follow_up("after").status_code == 201
        until(server.is_ready)
        assert server.notes() == {"before", "after"}


def test_while_a_file_is_locked_nobody_waits_for_those_before_them_as_well(world):
    """Neither who reads with a key whose use has not been noted yet, nor who stands in a queue."""
    busy = 3
    with served(world, GAVEBORD_BUSY_SECONDS=str(busy)) as server:
        with locked(world.settings.data_dir / "gavebord.db"), ThreadPoolExecutor(8) as people:
            begun = time.monotonic()
            read = people.submit(server.notes)
            changes = [people.submit(server.follow_up, f"note {number}") for number in range(6)]
            assert read.result() == set()
            assert time.monotonic() - begun < busy
            for change in changes:
                must_say_when(change.result())
            assert time.monotonic() - begun < 4 * busy
        assert server.follow_up("after").status_code == 201


def test_a_full_disk_is_told_and_read_meanwhile_and_over_when_there_is_room(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder) as disk:
        world = new_world(Settings(data_dir=folder, _env_file=None))
        with served(world, through=disk.through) as server:
            must_come_through(server, disk)


def test_files_that_may_not_grow_are_as_a_full_disk(world):
    """Every system has this limit for every user: it refuses what SQLite wants to write."""
    with served(world) as server:
        must_come_through(server, Limited())


def test_a_file_that_can_only_be_read_is_read_and_can_be_changed_when_it_may(world):
    path = world.settings.data_dir / "gavebord.db"
    with not_writable(path), served(world, through=AS_ANYBODY) as server:
        must_say_when(server.follow_up("never"))
        assert server.notes() == set()
        server.must_live()
        assert not server.is_ready()
        # SQLite makes the files beside it with the same permissions.
        for beside in path.parent.glob("gavebord.db*"):
            beside.chmod(0o644)

        until(lambda: server.follow_up("after").status_code == 201)
        until(server.is_ready)
        assert server.notes() == {"after"}
    must_be_whole(world.settings.data_dir)


def test_where_no_file_can_be_laid_the_rest_goes_on(world):
    files = world.settings.files_dir
    files.mkdir()
    with served(world, through=AS_ANYBODY) as server:
        with not_writable(files):
            must_say_when(server.upload())
            server.must_live()
            until(lambda: not server.is_ready())
            assert server.follow_up("meanwhile").status_code == 201
        assert server.materials() == 0
        assert server.upload().status_code == 201
        until(server.is_ready)
    must_have_laid(world, files=1)


def test_where_there_is_no_room_for_a_large_file_the_rest_goes_on_and_it_is_ready(world):
    """Being ready is to have room for what is small: most of what is asked can be done."""
    disk, large = Limited(room=2 * MIB), PDF + bytes(3 * MIB)
    with served(world) as server:
        disk.fill(server.pid)
        must_say_when(server.upload(large))
        server.must_live()
        assert server.is_ready()
        assert server.upload().status_code == 201
        assert server.follow_up("meanwhile").status_code == 201
        disk.empty(server.pid)
        assert server.materials() == 1
        assert server.upload(large).status_code == 201
    must_have_laid(world, files=2)


def must_come_through(server, disk):
    assert server.follow_up("before").status_code == 201
    disk.fill(server.pid)
    done, refused = {"before"}, 0
    for number in range(400):
        answer = server.follow_up(f"note {number}")
        if answer.status_code == 201:
            # The last bytes of a file that has been made longer already.
            done.add(f"note {number}")
            continue
        must_say_when(answer)
        refused += 1
        if refused == 5:
            break
    assert refused == 5
    must_say_when(server.upload(PDF * 20))
    assert server.notes() == done
    server.must_live()
    until(lambda: not server.is_ready())

    disk.empty(server.pid)
    assert server.follow_up("after").status_code == 201
    assert server.upload(PDF * 20).status_code == 201
    until(server.is_ready)
    assert server.notes() == done | {"after"}


def must_have_laid(world, *, files: int) -> None:
    assert sum(path.is_file() for path in world.settings.files_dir.rglob("*")) == files
    must_be_whole(world.settings.data_dir)


def must_be_whole(data_dir: Path) -> None:
    connection = sqlite3.connect(data_dir / "gavebord.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


@contextmanager
def locked(path: Path):
    """By another process, which holds the file as a long import does."""
    holds = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "print('locked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holds, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout.readline() == b"locked\n"
        yield
    finally:
        process.communicate()
