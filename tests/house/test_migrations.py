"""The migrations make exactly the tables of the models, on both databases, and back again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.db import Database
from app.migrating import FOLDER, config, is_current, migrate
from tests.databases import DATABASES, fresh_database


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with fresh_database(request.param, tmp_path) as settings:
        database = Database(settings)
        yield database
        database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.writer).get_table_names()) - {"alembic_version"}


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(FOLDER)).get_heads()) == 1


def test_migrating_up_down_and_up_again_ends_where_it_began(empty: Database) -> None:
    migrate(empty)
    made = tables(empty)
    assert "handover" in made
    migrate(empty, "base")
    assert tables(empty) == set()
    migrate(empty)
    assert tables(empty) == made
    with empty.reader.connect() as connection:
        assert is_current(connection)


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    migrate(empty)
    made = tables(empty)
    migrate(empty)
    assert tables(empty) == made


def test_the_models_have_not_drifted_from_the_migrations(empty: Database) -> None:
    migrate(empty)
    with empty.writer.connect() as connection:
        command.check(config(connection))


def test_a_migration_stays_as_it_was_whatever_the_code_becomes() -> None:
    migrations = [path for path in FOLDER.rglob("*.py") if path.name != "env.py"]
    assert migrations
    for path in migrations:
        assert re.findall(r"^\s*(?:from|import) app\b.*", path.read_text("utf-8"), re.M) == [], path
