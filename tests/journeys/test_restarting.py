"""Servers are stopped, started and upgraded under load, and every request is answered."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.db import Database
from tests.databases import copied_database, fresh_database
from tests.load import Load, load, secretary_of, units_and_events
from tests.measuring import measured
from tests.processes import (
    GAVEBORD,
    Server,
    environment,
    proxy,
    servers,
    status_of,
    wait_until,
)
from tests.versions import later_version

DRAIN = {"GAVEBORD_DRAIN_SECONDS": "2"}
AS_SYSTEMD = """
import os, sys
os.dup2(int(os.environ["KEPT"]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[1], sys.argv[1:])
"""
A_MINUTE = {"GAVEBORD_DRAIN_SECONDS": "60"}


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Database]:
    with copied_database("postgresql", tmp_path / "data") as settings:
        database = Database(settings)
        yield database
        database.close()


def restart(server: Server, traffic: Load) -> None:
    assert server.stop() == 0
    server.start()
    wait_until(server.is_ready)
    traffic.goes_on()


def expect_every_request_answered_once(traffic: Load, database: Database) -> None:
    assert traffic.trouble == []
    names, told = units_and_events(database)
    assert names == sorted(traffic.made)
    assert told == len(names) > 30


def test_a_rolling_restart_answers_every_request_and_does_nothing_twice(postgresql, tmp_path):
    key, settings = secretary_of(postgresql), postgresql.info["settings"]
    with (
        servers(settings, tmp_path, **DRAIN) as both,
        proxy([server.address for server in both], tmp_path) as address,
        load(address, key) as traffic,
    ):
        traffic.goes_on()
        for server in (*both, both[0]):
            restart(server, traffic)
        hosts = {server.address.removeprefix("http://") for server in both}

    expect_every_request_answered_once(traffic, postgresql)
    assert traffic.answers.keys() == hosts


def test_a_rolling_upgrade_answers_every_request(postgresql, tmp_path):
    key, settings = secretary_of(postgresql), postgresql.info["settings"]
    newer = later_version(
        tmp_path / "newer", 'op.add_column("unit", sa.Column("extra", sa.Text(), nullable=True))'
    )
    with (
        servers(settings, tmp_path, **DRAIN) as both,
        proxy([server.address for server in both], tmp_path) as address,
        load(address, key) as traffic,
    ):
        traffic.goes_on()
        subprocess.run((*GAVEBORD, "migrate"), cwd=newer, env=environment(settings), check=True)
        assert [status_of(f"{server.address}/health/ready") for server in both] == [200, 200]
        restart(both[1], traffic)  # The older version may also start again.
        for server in both:
            server.cwd = newer
            restart(server, traffic)

    expect_every_request_answered_once(traffic, postgresql)


def test_when_the_database_drops_every_connection_the_servers_come_back(postgresql, tmp_path):
    key, settings = secretary_of(postgresql), postgresql.info["settings"]
    with (
        servers(settings, tmp_path, **DRAIN) as both,
        proxy([server.address for server in both], tmp_path) as address,
        load(address, key) as traffic,
    ):
        traffic.goes_on()
        with postgresql.writing() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        wait_until(lambda: all(server.is_ready() for server in both))
        sent = traffic.answers.total() + 50
        wait_until(lambda: traffic.answers.total() >= sent)

    names, told = units_and_events(postgresql)
    assert names == sorted(traffic.made)
    assert told == len(names)
    # Those who were in the middle of something are told to try again, and nothing worse.
    assert [said for said in traffic.trouble if ": 503 " not in said] == []


def test_before_it_stops_a_server_says_that_it_is_not_ready_and_goes_on(postgresql, tmp_path):
    told = {**A_MINUTE, **measured()}
    with servers(postgresql.info["settings"], tmp_path, count=1, **told) as (server,):
        assert "connection" not in httpx.get(f"{server.address}/health/live").headers
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: status_of(f"{server.address}/health/ready") == 503)

        wait_until(
            lambda: httpx.get(f"{server.address}/health/live").headers.get("connection") == "close"
        )
        assert status_of(f"{server.address}/api/v1/me") == 401
        # Somebody who says it twice does not want to wait.
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 30


def test_ctrl_c_does_not_wait(postgresql, tmp_path):
    with servers(postgresql.info["settings"], tmp_path, count=1, **A_MINUTE) as (server,):
        began = time.monotonic()
        assert server.stop(signal.SIGINT) == 0
        assert time.monotonic() - began < 30


@contextmanager
def kept_port() -> Iterator[socket.socket]:
    """As systemd keeps it: one listening socket, whichever process answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def started_with(listener: socket.socket, settings, folder: Path, **more: str) -> Server:
    """A server that is given the socket as its third file, and told so."""
    through = (sys.executable, "-c", AS_SYSTEMD)
    port = listener.getsockname()[1]
    more = {"LISTEN_FDS": "1", "KEPT": str(listener.fileno()), **more}
    passed = (listener.fileno(),)
    server = Server(settings, folder, port, more, ("run",), through=through, inherits=passed)
    server.start()
    return server


def test_a_restart_on_a_kept_port_loses_no_request_on_one_machine(tmp_path):
    with copied_database("sqlite", tmp_path / "data") as settings, kept_port() as listener:
        database = Database(settings)
        key = secretary_of(database)
        server = started_with(listener, settings, tmp_path, **measured())
        try:
            wait_until(server.is_ready)
            with load(server.address, key) as traffic:
                traffic.goes_on()
                server.stop()
                server.start()
                traffic.goes_on()
        finally:
            server.end()

        assert "Traceback" not in server.log.read_text("utf-8")
        expect_every_request_answered_once(traffic, database)
        database.close()


@pytest.mark.parametrize("count", ["0", "2"])
def test_other_than_one_port_is_refused_in_a_line(tmp_path, count):
    with fresh_database("sqlite", tmp_path / "data") as settings, kept_port() as listener:
        server = started_with(listener, settings, tmp_path, LISTEN_FDS=count)
        assert server.process.wait(60) == 1
        assert "ListenStream" in server.log.read_text("utf-8")
        assert "Traceback" not in server.log.read_text("utf-8")


def test_a_port_that_is_for_another_process_is_left_alone(tmp_path):
    environ = {**os.environ, "LISTEN_FDS": "1", "LISTEN_PID": "1"}
    with (
        copied_database("sqlite", tmp_path / "data") as settings,
        servers(settings, tmp_path, count=1, **environ) as (server,),
    ):
        assert status_of(f"{server.address}/health/live") == 200
