"""Both databases with the real migrations; each test in a transaction that is rolled back."""

import gc
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

from app.db import Database
from app.garbage import look_between_steps
from app.importing.importer import Importer
from app.main import create_app
from app.people.key_limits import Quotas, WrongKeys
from app.people.looks import Looks
from app.people.models import Person
from app.people.refusals import Refusals
from app.settings import Settings
from app.unanswered import translated
from tests.client import Client
from tests.databases import DATABASES, IS_PAIR, copied_database
from tests.importing.waiting import Waiting
from tests.make import Make
from tests.pair import Pair, committed, pair

# Every run tries the same examples, so that a build is red for what was changed in it and not by
# chance; `make fuzz` is what goes looking for new ones.
settings.register_profile("check", derandomize=True, print_blob=True, deadline=None)
settings.register_profile("fuzz", max_examples=2000, print_blob=True, deadline=None)
settings.load_profile("fuzz" if "FUZZ_MINUTES" in os.environ else "check")

LONG = ("browser", "hostile", "journeys", "faults", "notifications")
"""The folders of the tests that begin first."""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Wired = FastAPI | Pair


class OneTransaction(Database):
    """A database whose every transaction is a savepoint in the test's own."""

    def __init__(self, inner: Database, session: Session) -> None:
        self.is_sqlite, self.info = inner.is_sqlite, inner.info
        self.url, self.reader, self.writer = inner.url, inner.reader, inner.writer
        self.running = inner.running
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


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a process that they have started."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where a test may take half a minute they begin early, so that nobody waits for them in the
    end. Those in the browser follow each other: it is started once."""
    turns = {place: turn for turn, place in enumerate(LONG)}
    items.sort(key=lambda item: turns.get(item.path.parent.name, len(LONG)))


def pytest_collection_finish() -> None:
    """What is loaded by now is no garbage, and nobody looks for any among it. Tests have as many
    threads as servers have."""
    gc.collect()
    gc.freeze()
    look_between_steps()


@pytest.fixture(scope="session", params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    with copied_database(request.param, tmp_path_factory.mktemp(request.param)) as settings:
        database = Database(settings)
        yield database
        database.close()


@pytest.fixture(params=DATABASES)
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of the test's own, for those that need real commits."""
    with migrated(request.param, tmp_path) as database:
        yield database


@contextmanager
def migrated(kind: str, folder: Path) -> Iterator[Database]:
    with copied_database(kind, folder) as settings:
        database = Database(settings.model_copy(update={"busy_seconds": 60}))
        yield database
        database.close()


@contextmanager
def own_session(database: Database) -> Iterator[Session]:
    """Rolled back when the test ends; or, before two servers, committed for them to see."""
    if IS_PAIR:
        with committed(database) as session:
            yield session
        return
    with database.writer.connect() as connection:
        outer = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", info=database.info
        ) as session:
            yield session
        outer.rollback()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with own_session(database) as session:
        yield session


@pytest.fixture
def make(session: Session) -> Make:
    return Make(session, now=NOON)


@pytest.fixture(scope="session")
def wired(database: Database) -> Iterator[Wired]:
    """The application, wired once a database: what it costs to build, is paid once."""
    if IS_PAIR:
        begun: list[Pair] = []  # The servers ask what time it is while they start.
        settings = database.info["settings"]
        with pair(settings, now=lambda: begun[0].state.now if begun else NOON) as both:
            both.state.now, both.state.settings = NOON, database.info["settings"]
            begun.append(both)
            yield both
        return
    app = create_app(database.info["settings"], database=database, now=lambda: app.state.now)
    yield app
    app.state.places.close()


@pytest.fixture
def app(wired: Wired, database: Database, session: Session) -> Wired:
    return within(wired, database, session)


def within(wired: Wired, database: Database, session: Session) -> Wired:
    """The application in the test's own transaction, at NOON until the test moves the clock."""
    wired.state.now = NOON
    if isinstance(wired, Pair):
        wired.session = session
    else:
        wired.state.database = OneTransaction(database, session)
        # What another test has changed is rolled back, and was never there.
        database.running.__init__()
        wired.state.looks, wired.state.refusals = Looks(), Refusals()
        wired.state.imports = Importer(
            lambda: wired.state.now, reading=Waiting(), applying=Waiting()
        )
        wired.state.quotas = patient_quotas(wired.state.settings.key_requests_a_minute)
        wired.state.wrong_keys = WrongKeys()
    return wired


def patient_quotas(a_minute: int) -> Quotas:
    """A read that went on alone would stand in the test's one transaction with its count."""
    return Quotas(a_minute, reads_wait=60)


@pytest.fixture
def client(app: Wired) -> TestClient:
    """Nobody is signed in; errors that nobody expected are raised into the test."""
    return client_of(app)


@pytest.fixture
def holding(app: Wired) -> Callable[[str], TestClient]:
    """A client that holds exactly this key."""
    return lambda secret: client_of(app, {"Authorization": f"Bearer {secret}"})


@pytest.fixture
def signed_in(holding: Callable[[str], TestClient], make: Make) -> Callable[[Person], TestClient]:
    """A client for a person: `signed_in(leader).get("/api/v1/queue")`."""
    return lambda person: holding(make.key(person))


def client_of(app: Wired, headers: dict[str, str] | None = None) -> TestClient:
    return app.client(headers) if isinstance(app, Pair) else Client(app, headers=headers)


@pytest.fixture
def files_dir(database: Database) -> Path:
    settings: Settings = database.info["settings"]
    return settings.files_dir
