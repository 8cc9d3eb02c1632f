"""The running service, tried by schemathesis as the secretariat, as a leader and as strangers.

The short form is part of every test run; `make fuzz` sets FUZZ_MINUTES for the long one.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session, SQLModel, col, select

from app import clock
from app.db import Database
from app.demo import filling
from app.eventlog.log import By
from app.people import keys
from app.people.models import Person
from tests.databases import DATABASES, copied_database, the_demo
from tests.hostile.everything import key_to_everything
from tests.server import running

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "tests" / "hostile" / "schemathesis.toml"
MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
# What one of the four long runs may take, where two of them run at a time.
SECONDS = int(MINUTES * 60 / 2)
SEED = int(os.environ.get("FUZZ_SEED") or (random.randrange(2**32) if MINUTES else 2026))
MOST_SECONDS = 600
EVERYBODY = [(who, kind) for who in ("secretariat", "leader") for kind in DATABASES]
SHORT = [("secretariat", DATABASES[0]), ("leader", DATABASES[-1])]
"""The secretariat may do nearly all that a leader may; what differs is refused in Python, and so is
what a schema rules out."""


@dataclass
class Tried:
    """The demo municipality on a running server, and the keys to it."""

    database: Database
    address: str
    secretariat: str
    leader: str
    revoked: str
    spared: list[int]

    def rows(self) -> dict[str, Any]:
        """Every row of every table, but for what tells of keys that were refused."""
        with Session(self.database.reader) as session:
            return {
                table.name: sorted(
                    repr(row)
                    for row in session.execute(select(table)).all()
                    if "api_key.refused" not in row
                )
                for table in SQLModel.metadata.sorted_tables
                if table.name != "rate_count"
            }


@pytest.fixture
def tried(kind: str, tmp_path: Path) -> Iterator[Tried]:
    with (
        copied_database(kind, tmp_path / "data", the_demo) as settings,
        closing(Database(settings)) as database,
        running(settings) as address,
    ):
        yield _tried(database, address)


def _tried(database: Database, address: str) -> Tried:
    data_dir, now = database.info["settings"].data_dir, clock.now()
    demo = filling.remembered(database, data_dir=data_dir, now=now)
    assert demo is not None
    (_, secretariat), (lost, revoked) = key_to_everything(database), key_to_everything(database)
    with database.writing() as session:
        keys.revoke(session, lost, by=By(), now=now)
        named = col(Person.name).in_([filling.SECRETARY, filling.LEADER])
        spared = [person.key for person in session.exec(select(Person).where(named))]
    return Tried(database, address, secretariat, demo.leader, revoked, spared)


@pytest.mark.parametrize(("who", "kind"), SHORT if not MINUTES else EVERYBODY)
def test_nothing_that_a_person_sends_brings_an_answer_that_is_not_promised(
    tried: Tried, who: str, tmp_path: Path
) -> None:
    signed = {"Authorization": f"Bearer {getattr(tried, who)}"}
    if MINUTES:
        options = ["--max-examples", "1000", "--max-time", str(SECONDS)]
    else:
        options = ["--max-examples", "1"]
        if not tried.database.is_sqlite:
            options += ["--phases", "fuzzing,stateful"]

    told = _schemathesis(tried, tmp_path, *options, **signed)

    assert "No issues found" in told, told
    assert httpx.get(f"{tried.address}/api/v1/me", headers=signed).status_code == 200


@pytest.mark.parametrize("kind", DATABASES if MINUTES else DATABASES[:1])
def test_nothing_that_a_stranger_sends_is_answered_or_changes_anything(
    tried: Tried, tmp_path: Path
) -> None:
    options = ["--max-examples", "1"]
    if MINUTES:
        options = ["--max-examples", "20", "--max-time", str(SECONDS // 4)]
    phases = "examples,coverage,fuzzing" if MINUTES else "fuzzing"
    before = tried.rows()

    revoked = {"Authorization": f"Bearer {tried.revoked}"}
    for headers in ({}, revoked) if MINUTES else (revoked,):
        told = _schemathesis(
            tried, tmp_path, *options, "--phases", phases, is_stranger=True, **headers
        )
        assert "No issues found" in told, told

    assert tried.rows() == before


def _schemathesis(
    tried: Tried, folder: Path, *options: str, is_stranger: bool = False, **headers: str
) -> str:
    """What schemathesis says of the service after a run, at the end of which is its verdict. The
    description is written when it is first asked for, which may take longer than it waits."""
    httpx.get(f"{tried.address}/api/v1/openapi.json", timeout=120).raise_for_status()
    run = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            "--no-color",
            "--config-file",
            CONFIG,
            "run",
            f"{tried.address}/api/v1/openapi.json",
            "--seed",
            str(SEED),
            *options,
            *(part for name, value in headers.items() for part in ("-H", f"{name}: {value}")),
        ],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "GAVEBORD_HOSTILE_STRANGER": "yes" if is_stranger else "",
            "GAVEBORD_HOSTILE_SPARED": " ".join(map(str, tried.spared)),
        },
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS + MINUTES * 60,
        check=False,
    )
    sys.stdout.write(run.stdout)
    sys.stderr.write(run.stderr)
    return run.stdout + run.stderr
