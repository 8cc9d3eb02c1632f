"""Whole stories need real commits: each test here has a migrated database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from app.db import Database
from app.migrating import migrate
from tests.conftest import NOON
from tests.databases import DATABASES, fresh_database
from tests.make import Make


@pytest.fixture(params=DATABASES)
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_database(request.param, tmp_path) as settings:
        database = Database(settings)
        migrate(database)
        yield database
        database.close()


@pytest.fixture
def committed(own_database: Database) -> Iterator[Make]:
    """Builders whose rows are committed when the test calls `committed.session.commit()`."""
    with Session(own_database.writer, info=own_database.info, expire_on_commit=False) as session:
        yield Make(session, now=NOON)
