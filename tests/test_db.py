"""Transactions on real connections: nothing is lost, nothing is half done, nothing is claimed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import select

from app.db import Database, locked
from app.errors import Busy, Stale
from app.eventlog.models import Event
from app.gifts.models import Gift
from app.main import create_app
from app.migrating import migrate
from app.people.models import Person
from app.rest.idempotency import StoredAnswer
from app.settings import Settings
from tests.client import Client
from tests.conftest import NOON
from tests.databases import fresh_database, set_for_everybody
from tests.make import Make

THREADS, TIMES = 8, 25


@pytest.fixture
def gift_id(own_database):
    with own_database.writing() as session:
        return Make(session, now=NOON).gift().key


def in_threads(work):
    """What `THREADS` threads return that all begin at the same moment."""
    barrier = Barrier(THREADS)

    def go(_):
        barrier.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(go, range(THREADS)))


def test_counting_at_once_under_a_lock_loses_nothing(own_database, gift_id):
    def count():
        for _ in range(TIMES):
            with own_database.writing() as session:
                locked(session, Gift, gift_id).edition += 1

    in_threads(count)

    with own_database.reading() as session:
        gift = session.get(Gift, gift_id)
        assert gift.edition == 1 + THREADS * TIMES
        assert gift.version == 1 + THREADS * TIMES


def test_who_changes_a_row_without_its_lock_is_told_or_is_counted(own_database, gift_id):
    def count():
        done = 0
        for _ in range(TIMES):
            try:
                with own_database.writing() as session:
                    session.get(Gift, gift_id).edition += 1
                done += 1
            except Stale:
                pass
        return done

    done = sum(in_threads(count))

    with own_database.reading() as session:
        assert session.get(Gift, gift_id).edition == 1 + done
    assert done >= TIMES


def test_of_those_who_have_seen_the_same_version_one_changes_it(own_database, gift_id):
    def change():
        try:
            with own_database.writing() as session:
                locked(session, Gift, gift_id, version=1).edition += 1
        except Stale as stale:
            return stale.members["current_version"]
        return None

    assert sorted(in_threads(change), key=bool) == [None] + [2] * (THREADS - 1)


def test_a_transaction_that_is_broken_off_leaves_nothing(own_database):
    def begin():
        with own_database.writing() as session:
            Make(session, now=NOON).person(name="Halvvejs")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin()

    with own_database.reading() as session:
        assert not session.exec(select(Person)).all()


def test_of_those_who_register_one_mail_address_at_once_one_gets_it(own_database):
    with secretary_of(own_database) as client:
        answers = in_threads(
            lambda: (
                client.post(
                    "/api/v1/people", json={"name": "Signe", "mail": "signe@a.example"}
                ).status_code
            )
        )

    assert answers.count(201) == 1
    assert set(answers) <= {201, 409, 422}
    with own_database.reading() as session:
        assert len(session.exec(select(Person).where(Person.mail == "signe@a.example")).all()) == 1


def test_a_commit_that_fails_is_not_reported_as_done(own_database):
    headers = {"Idempotency-Key": "en-gang"}
    with secretary_of(own_database) as client:
        _let_commits_fail(own_database)
        refused = client.post("/api/v1/units", json={"name": "Aldrig"}, headers=headers)
        assert refused.status_code == 409
        assert refused.headers["Content-Type"] == "application/problem+json"

        with own_database.reading() as session:
            assert not session.exec(select(StoredAnswer)).all()
            assert not session.exec(select(Event).where(Event.type == "unit.registered")).all()
        assert client.get("/api/v1/units").json()["items"] == []

        _let_commits_succeed(own_database)
        made = client.post("/api/v1/units", json={"name": "Aldrig"}, headers=headers)
        assert made.status_code == 201
        assert "Idempotency-Replayed" not in made.headers


def test_while_another_process_writes_sqlite_the_answer_is_to_try_again(tmp_path):
    database = Database(Settings(data_dir=tmp_path, busy_seconds=0.1, _env_file=None))
    migrate(database)
    with secretary_of(database) as client:
        with locked_by_another_process(database.url.database):
            refused = client.post("/api/v1/units", json={"name": "Ny"})
            assert refused.status_code == 503
            assert refused.json()["code"] == "busy"
            assert int(refused.headers["Retry-After"]) > 0
            assert client.get("/api/v1/units").json()["items"] == []
            assert client.get("/health/ready").status_code == 503

        assert client.post("/api/v1/units", json={"name": "Ny"}).status_code == 201
    database.close()


def test_a_key_can_read_also_while_its_use_cannot_be_noted(tmp_path):
    database = Database(Settings(data_dir=tmp_path, busy_seconds=0.1, _env_file=None))
    migrate(database)
    with secretary_of(database) as client:
        client.app.state.clock = lambda: NOON + timedelta(hours=1)
        with locked_by_another_process(database.url.database):
            assert client.get("/api/v1/units").status_code == 200
    database.close()


def test_a_database_that_does_not_answer_is_a_503_and_not_an_accident():
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/none", _env_file=None)
    app = create_app(settings, now=lambda: NOON)
    client = Client(app, headers={"Authorization": f"Bearer {WELL_FORMED}"})

    for refused in (client.get("/api/v1/units"), client.post("/api/v1/units", json={"name": "Ny"})):
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert refused.headers["Retry-After"]
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    app.state.places.close()


def test_why_the_database_did_not_answer_is_in_the_log(tmp_path, caplog):
    database = Database(Settings(data_dir=tmp_path, busy_seconds=0.1, _env_file=None))

    def write():
        with database.writing() as session:
            session.connection()

    with locked_by_another_process(database.url.database), pytest.raises(Busy):
        write()
    assert "database is locked" in caplog.text
    database.close()


def test_a_table_that_is_not_there_is_no_reason_to_try_again(own_database):
    def ask():
        with own_database.reading() as session:
            session.execute(text("SELECT 1 FROM no_such_table"))

    with pytest.raises(DBAPIError, match="no_such_table"):
        ask()


def test_after_the_connections_are_lost_the_product_comes_back_by_itself(own_database):
    with secretary_of(own_database) as client:
        _lose_connections(own_database)
        statuses = [client.get("/api/v1/units").status_code for _ in range(3)]

    assert set(statuses) <= {200, 503}
    assert statuses[-1] == 200


def test_an_instant_comes_back_as_it_was_in_utc(session):
    in_denmark = datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))

    person = Make(session, now=in_denmark).person()
    session.expire_all()

    assert person.created_at == in_denmark
    assert person.created_at.tzinfo is UTC


def test_a_server_that_writes_days_in_its_own_way_is_understood(tmp_path):
    with fresh_database("postgresql", tmp_path) as settings:
        set_for_everybody(settings, datestyle="German, DMY")
        with closing(Database(settings)) as database:
            migrate(database)
            with database.writing() as session:
                person_id = Make(session, now=NOON).person().key
            with database.reading() as session:
                assert session.get(Person, person_id).created_at == NOON


def test_an_instant_without_a_time_zone_is_never_kept(session):
    make = Make(session, now=datetime(2026, 7, 1))  # noqa: DTZ001 - what is being refused

    with pytest.raises(StatementError, match="naive"):
        make.person()


WELL_FORMED = "gvb_000000000000000000000000000000002wjyrI"


@contextmanager
def secretary_of(database):
    """A client of a whole product on the database, with the key of a secretary."""
    app = create_app(database.info["settings"], database=database, now=lambda: NOON)
    with database.writing() as session:
        make = Make(session, now=NOON)
        secret = make.key(make.secretary())
    client = Client(app, headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/me").status_code == 200
    yield client
    app.state.places.close()


@contextmanager
def locked_by_another_process(path):
    holds = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "print('locked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holds, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout.readline() == b"locked\n"
        yield
    finally:
        process.communicate()


def _let_commits_fail(database):
    """From now on, who registers a unit owes the database something at the commit."""
    owes = "INSERT INTO debt VALUES (-1)"
    table = "CREATE TABLE debt (unit_id INTEGER REFERENCES unit(id) DEFERRABLE INITIALLY DEFERRED)"
    if database.is_sqlite:
        statements = [table, f"CREATE TRIGGER owe AFTER INSERT ON unit BEGIN {owes}; END"]
    else:
        statements = [
            table.replace("INTEGER", "BIGINT"),
            f"CREATE FUNCTION owe() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {owes};"
            " RETURN NEW; END $$",
            "CREATE TRIGGER owe AFTER INSERT ON unit FOR EACH ROW EXECUTE FUNCTION owe()",
        ]
    with database.writing() as session:
        for statement in statements:
            session.execute(text(statement))


def _let_commits_succeed(database):
    with database.writing() as session:
        on_table = "" if database.is_sqlite else " ON unit"
        session.execute(text(f"DROP TRIGGER owe{on_table}"))


def _lose_connections(database):
    """As when the server is started again; on SQLite there is nothing to lose."""
    if database.is_sqlite:
        return
    with database.writing() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
