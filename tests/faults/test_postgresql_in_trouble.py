"""PostgreSQL stopped under load, out of connections, or read-only: told at once, and over by
itself."""

import random
import threading
from contextlib import ExitStack, contextmanager

import httpx
import psycopg
import pytest

from app.settings import Settings
from tests.databases import own_postgresql
from tests.faults.served import PDF, served, until
from tests.faults.stream import LIMITS, Stream, must_say_when
from tests.faults.truth import files_must_match, must_hold
from tests.faults.world import new_world

CONNECTIONS = 12


@pytest.fixture
def postgresql():
    with own_postgresql() as server:
        yield server


@pytest.fixture
def world(postgresql, tmp_path):
    return new_world(Settings(data_dir=tmp_path, database_url=postgresql.url, _env_file=None))


def test_postgresql_that_is_stopped_under_load_is_told_and_nothing_is_lost_or_doubled(
    postgresql, world
):
    ends = threading.Event()
    stream = Stream(world, random.Random(), ends=ends)
    with served(world) as server:
        threads = stream.send_to(server.address)
        try:
            for _ in range(2):
                answered = _answered(stream)
                until(lambda answered=answered: _answered(stream) > answered + 5)
                postgresql.stop_at_once()
                refused = stream.refused
                until(lambda refused=refused: stream.refused > refused + 5)
                server.must_live()
                until(lambda: not server.is_ready())
                must_say_when(server.leader.get("/api/v1/queue"))
                postgresql.start()
                until(server.is_ready)
        finally:
            ends.set()
            for thread in threads:
                thread.join(60)
        assert stream.failures == []
        with httpx.Client(base_url=server.address, timeout=LIMITS) as client:
            for sent in stream.sent:
                sent.send(client)
    must_hold(world.settings, stream.sent)
    files_must_match(world.settings, (sent for sent in stream.sent if sent.kind == "upload"))


def test_when_others_have_every_connection_it_is_told_and_over_when_they_let_go(postgresql, world):
    with psycopg.connect(postgresql.url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
    postgresql.restart()
    with served(world) as server:
        assert server.follow_up("before").status_code == 201
        with every_connection(postgresql.url):
            must_say_when(server.follow_up("meanwhile"))
            must_say_when(server.leader.get("/api/v1/queue"))
            must_say_when(server.upload())
            server.must_live()
            until(lambda: not server.is_ready())
        assert server.follow_up("after").status_code == 201
        until(server.is_ready)
        assert server.notes() == {"before", "after"}
        assert server.materials() == 0


def test_a_database_that_may_only_be_read_is_read_and_can_be_changed_when_it_may(postgresql, world):
    with served(world) as server:
        assert server.follow_up("before").status_code == 201
        _alter(postgresql.url, "SET default_transaction_read_only = on")
        _end_connections(postgresql.url)
        until(lambda: server.leader.get("/api/v1/queue").status_code == 200)
        must_say_when(server.follow_up("meanwhile"))
        assert server.notes() == {"before"}
        server.must_live()
        until(lambda: not server.is_ready())
        _alter(postgresql.url, "SET default_transaction_read_only = off")
        until(lambda: server.follow_up("after").status_code == 201)
        until(server.is_ready)
        assert server.notes() == {"before", "after"}


def test_when_it_goes_away_during_the_commit_nobody_claims_that_nothing_was_changed(
    postgresql, world
):
    """The same Idempotency-Key sent again is how to find out, and to have it done once."""
    asked = {"headers": {"Idempotency-Key": "en-gang"}, "content": PDF}
    path = f"/api/v1/gifts/{world.gift_id}/files?filename=a.pdf"
    with served(world) as server:
        with psycopg.connect(postgresql.url, autocommit=True) as connection:
            for statement in _DIES_AT_COMMIT:
                connection.execute(statement)
            told = server.giver.post(path, **asked)
            must_say_when(told)
            assert told.json()["code"] == "unsettled"
            server.must_live()
            assert server.is_ready()
            connection.execute("DROP TRIGGER dies ON material")
        until(lambda: server.giver.post(path, **asked).status_code == 201)
        assert server.giver.post(path, **asked).headers["Idempotency-Replayed"] == "true"
        assert server.materials() == 1


_DIES_AT_COMMIT = (
    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
    "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON material DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION die()",
)


def test_where_no_file_can_be_laid_on_postgresql_the_rest_goes_on(world):
    world.settings.files_dir.touch()
    with served(world) as server:
        must_say_when(server.upload(PDF * 10))
        assert server.follow_up("meanwhile").status_code == 201
        server.must_live()
        assert not server.is_ready()
        world.settings.files_dir.unlink()
        assert server.upload(PDF * 10).status_code == 201
        until(server.is_ready)


def _answered(stream: Stream) -> int:
    return sum(sent.answer is not None for sent in stream.sent)


@contextmanager
def every_connection(url: str):
    """Those that the server had are ended, and taken before it can."""
    with ExitStack() as taken:
        ours = [taken.enter_context(psycopg.connect(url, autocommit=True))]
        refused = 0
        while refused < 3:
            known = [connection.info.backend_pid for connection in ours]
            ours[0].execute(_END_OTHERS, [known])
            try:
                ours.append(taken.enter_context(psycopg.connect(url, autocommit=True)))
                refused = 0
            except psycopg.OperationalError:
                refused += 1
        yield


_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    " AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)"
)


def _end_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_END_OTHERS, [[]])


def _alter(url: str, how: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER DATABASE postgres {how}")
