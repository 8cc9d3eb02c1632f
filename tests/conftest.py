"""Both databases with the real migrations; each test in a transaction that is rolled back."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import settings
from sqlalchemy import Connection
from sqlmodel import Session

from app.db import Database, translated
from app.main import create_app
from app.migrating import migrate
from app.people.models import Person
from app.settings import Settings
from tests.databases import DATABASES, fresh_database
from tests.make import Make

# Every run tries the same examples, so that a build is red for what was changed in it and not by
# chance; `make fuzz` is what goes looking for new ones.
settings.register_profile("check", derandomize=True, print_blob=True, deadline=None)
settings.register_profile("fuzz", max_examples=2000, print_blob=True, deadline=None)
settings.load_profile("fuzz" if "FUZZ_MINUTES" in os.environ else "check")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class OneTransaction(Database):
    """A database whose every transaction is a savepoint in the test's own."""

    def __init__(self, inner: Database, session: Session) -> None:
        self.is_sqlite, self.info = inner.is_sqlite, inner.info
        self.url, self.reader, self.writer = inner.url, inner.reader, inner.writer
        self.session = session

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        with self.writing() as session:
            yield session.connection()

    def session_on(self, connection: Connection) -> Session:
        return self.session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self.session.flush()
        self.session.expire_all()
        with translated(), self.session.begin_nested():
            yield self.session

    def close(self) -> None:
        """The test's transaction is rolled back by its fixture."""


@pytest.fixture(scope="session", params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    with fresh_database(request.param, tmp_path_factory.mktemp(request.param)) as settings:
        database = Database(settings)
        migrate(database)
        yield database
        database.close()


@pytest.fixture(params=DATABASES)
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of the test's own, for those that need real commits."""
    with fresh_database(request.param, tmp_path) as settings:
        database = Database(settings.model_copy(update={"busy_seconds": 60}))
        migrate(database)
        yield database
        database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writer.connect() as connection:
        outer = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", info=database.info
        ) as session:
            yield session
        outer.rollback()


@pytest.fixture
def make(session: Session) -> Make:
    return Make(session, now=NOON)


@pytest.fixture(scope="session")
def wired(database: Database) -> Iterator[FastAPI]:
    """The application, wired once a database: what it costs to build, is paid once."""
    app = create_app(database.info["settings"], database=database, now=lambda: app.state.now)
    yield app
    app.state.places.close()


@pytest.fixture
def app(wired: FastAPI, database: Database, session: Session) -> FastAPI:
    """The application in the test's own transaction, at NOON until the test moves the clock."""
    wired.state.database = OneTransaction(database, session)
    wired.state.now = NOON
    return wired


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """Nobody is signed in; errors that nobody expected are raised into the test."""
    return TestClient(app)


@pytest.fixture
def signed_in(app: FastAPI, make: Make) -> Callable[[Person], TestClient]:
    """A client for a person: `signed_in(leader).get("/api/v1/queue")`."""

    def as_person(person: Person) -> TestClient:
        return TestClient(app, headers={"Authorization": f"Bearer {make.key(person)}"})

    return as_person


@pytest.fixture
def files_dir(database: Database) -> Path:
    settings: Settings = database.info["settings"]
    return settings.files_dir
