"""The migrations make exactly the tables of the models, on both databases, and back again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.db import Database
from app.migrating import config, migrate
from app.revisions import FOLDER, is_current, works_with
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


Columns = dict[str, dict[str, tuple[bool, bool, str]]]


def columns(database: Database) -> Columns:
    """Of each table: whether a column may be empty, whether it fills itself, and its type."""
    inspector = inspect(database.writer)
    return {
        table: {
            column["name"]: (
                column["nullable"],
                column["default"] is not None or bool(column.get("autoincrement") is True),
                str(column["type"]),
            )
            for column in inspector.get_columns(table)
        }
        for table in tables(database)
    }


def broken_for_the_version_before(before: Columns, after: Columns) -> list[str]:
    """What a process of the version before would miss, or would have to fill in."""
    found = []
    for table, known in before.items():
        now = after.get(table, {})
        found += [f"{table}.{name}" for name in known if now.get(name) != known[name]]
        for name in now.keys() - known.keys():
            may_be_empty, fills_itself, _ = now[name]
            if not may_be_empty and not fills_itself:
                found.append(f"{table}.{name}")
    return sorted(found)


def test_what_breaks_the_version_before_is_seen() -> None:
    before: Columns = {"gift": {"id": (False, True, "BIGINT"), "title": (False, False, "TEXT")}}
    changed = {
        "id": (False, True, "BIGINT"),
        "title": (True, False, "TEXT"),
        "must": (False, False, "TEXT"),
        "may": (True, False, "TEXT"),
        "filled": (False, True, "TEXT"),
    }

    assert broken_for_the_version_before(before, {**before, "new": {}}) == []
    assert broken_for_the_version_before(before, {}) == ["gift.id", "gift.title"]
    assert broken_for_the_version_before(before, {"gift": changed}) == ["gift.must", "gift.title"]


def test_a_migration_that_the_version_before_cannot_live_with_says_so(empty: Database) -> None:
    """Such a one is named NUMBER_since_OLDEST; all others are lived with during an upgrade."""
    before: Columns = {}
    for revision in revisions():
        migrate(empty, revision)
        after = columns(empty)
        if "_since_" not in revision:
            assert broken_for_the_version_before(before, after) == [], revision
        before = after


def test_migrations_are_numbered_and_an_older_version_is_never_let_in_again() -> None:
    numbers = [revision[:4] for revision in revisions()]
    assert numbers == sorted(set(numbers))
    for oldest in numbers:
        fits = [works_with(revision, oldest) for revision in revisions() if revision[:4] > oldest]
        assert fits == sorted(fits, reverse=True), oldest


@pytest.mark.parametrize(
    ("there", "mine", "fits"),
    [
        ("0002", "0002", True),
        ("0003", "0002", True),
        ("0012", "0002", True),
        ("0005_since_0002", "0002", True),
        ("0005_since_0003", "0002", False),
        ("0005_since_0003", "0004_since_0003", True),
        ("0001", "0002", False),
        (None, "0002", False),
        ("0002_since_0001", "0002", False),
        ("something else", "0002", False),
    ],
)
def test_a_version_works_with_its_own_tables_and_with_later_ones_that_were_only_added_to(
    there: str | None, mine: str, fits: bool
) -> None:
    assert works_with(there, mine) is fits


def revisions() -> list[str]:
    """Oldest first."""
    return [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()][::-1]
