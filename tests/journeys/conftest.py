"""Whole stories need real commits: each test here has a migrated database of its own."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from app.db import Database
from tests.conftest import NOON
from tests.make import Make


@pytest.fixture
def committed(own_database: Database) -> Iterator[Make]:
    """Builders whose rows are committed when the test calls `committed.session.commit()`."""
    with Session(own_database.writer, info=own_database.info, expire_on_commit=False) as session:
        yield Make(session, now=NOON)
