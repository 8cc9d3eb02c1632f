"""A database with a whole municipality in it goes through every migration and loses nothing."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text
from sqlmodel import select

from app.db import Database
from app.demo.filling import fill
from app.errors import Conflict
from app.gifts.materials import add_file
from app.gifts.models import Gift
from app.handovers.lifecycle import State
from app.migrating import migrate
from app.revisions import FOLDER, newest_revision, revision_of
from app.settings import Settings
from tests.conftest import NOON
from tests.databases import DATABASES, copied_database
from tests.forked import forked
from tests.insight.test_counts import kept, there
from tests.make import Make
from tests.processes import wait_until

Contents = dict[str, list[dict[str, object]]]

REVISIONS = [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()][::-1]
NOT_BELOW: dict[str, set[str]] = {
    "0003": {"handover_count"},
    "0005": {"identity", "web_session", "sign_in_link", "sign_in_trip", "rate_count"},
    "0006": {"scim_account", "scim_group", "scim_member"},
    "0007": {"logout_token"},
    "0008": {"person_look"},
    "0009": {"kept_form"},
    "0010": {"handover.requested_at", "handover.requested_by_id", "handover.request"},
    "0011": {"setting"},
    "0012": {"import_run"},
    "0013": {"work_item", "work_tick"},
    "0014": {"mail_choice", "reminder", "digest", "notification"},
    "0015": {"mail_choice.version", "mail_key"},
    "0017": {"event_set_aside", "notification.stands_in_for_id"},
    "0018": {"webhook", "webhook_delivery", "webhook_attempt"},
    "0019": {"answer_link"},
}
"""What is not there below a revision: `table`, or `table.column`. Going up again makes it anew."""


NOBODY_ASKED = "UPDATE handover SET requested_at = NULL, requested_by_id = NULL, request = ''"
ALL_PASSED_ON = "UPDATE event SET fanned_out_at = at"


@pytest.fixture(params=DATABASES)
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with copied_database(request.param, tmp_path, a_municipality) as settings:
        database = Database(settings)
        yield database
        database.close()


def a_municipality(database: Database) -> None:
    """The demo, an uploaded file, and a handover in every state; without what an earlier version
    has no place for."""
    settings = database.info["settings"]
    fill(database, data_dir=settings.data_dir, now=NOON)
    with database.writing() as session:
        make = Make(session, now=NOON)
        for state in State:
            make.handover(state=state)
        session.execute(text("DELETE FROM setting"))
        session.execute(text(NOBODY_ASKED))
        secretary = make.signed_in(make.secretary())
        gift = session.exec(select(Gift)).first()
        add_file(
            session,
            secretary,
            gift.key,
            title="",
            filename="dagsorden.txt",
            data="Ét fast møde: kl. 9".encode(),
            folder=settings.files_dir,
            now=NOON,
        )
        session.execute(text(ALL_PASSED_ON))


def contents(database: Database) -> Contents:
    """Every row of every table, as the database itself gives it."""
    found = {}
    with database.reader.connect() as connection:
        for table in inspect(connection).get_table_names():
            if table != "alembic_version":
                rows = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
                # A count of nothing says as much as no count.
                there = (dict(row) for row in rows.mappings() if row.get("handovers") != 0)
                found[table] = sorted(there, key=repr)
    assert len(found["handover"]) > len(State)
    assert all(found[table] for table in ("event", "follow_up", "material", "ownership"))
    return found


def at(database: Database) -> str | None:
    with database.reader.connect() as connection:
        return revision_of(connection)


def below(whole: Contents, revision: str) -> Contents:
    """What of it there is place for at the revision."""
    above = REVISIONS[REVISIONS.index(revision) + 1 :]
    gone = {name for later in above for name in NOT_BELOW.get(later, ())}
    return {
        table: sorted((_without(row, table, gone) for row in rows), key=repr)
        for table, rows in whole.items()
        if table not in gone
    }


def _without(row: dict[str, object], table: str, gone: set[str]) -> dict[str, object]:
    return {name: value for name, value in row.items() if f"{table}.{name}" not in gone}


def test_down_and_up_again_one_step_at_a_time_loses_nothing(filled: Database):
    whole = contents(filled)
    for revision in REVISIONS[-2::-1]:
        migrate(filled, "-1")
        assert at(filled) == revision
        assert contents(filled) == below(whole, revision)
    for revision in REVISIONS[1:]:
        migrate(filled, "+1")
        assert at(filled) == revision
        assert contents(filled) == below(whole, revision)


def test_up_and_down_and_up_makes_the_same_tables(filled: Database):
    made = _schema(filled)
    for _ in REVISIONS[1:]:
        migrate(filled, "-1")
    first = _schema(filled)
    assert first != made
    migrate(filled)
    assert _schema(filled) == made
    for _ in REVISIONS[1:]:
        migrate(filled, "-1")
    assert _schema(filled) == first


@pytest.mark.parametrize("statement", [2, 75])
def test_killed_halfway_it_is_as_before_and_the_next_one_completes_it(
    filled: Database, statement: int
):
    whole = contents(filled)
    for _ in REVISIONS[1:]:
        migrate(filled, "-1")
    before, tables = contents(filled), _schema(filled)

    settings: Settings = filled.info["settings"]
    words = [str(settings.data_dir), settings.database_url, str(statement)]

    assert forked(migrate_killed_at, *words) == -signal.SIGKILL
    assert (at(filled), contents(filled), _schema(filled)) == (REVISIONS[0], before, tables)
    migrate(filled)
    assert at(filled) == newest_revision()
    assert contents(filled) == whole


def migrate_killed_at(folder: str, url: str, last: str) -> None:
    """Until that many statements have been sent."""
    database = Database(Settings(data_dir=Path(folder), database_url=url, _env_file=None))
    seen = count(1)

    @event.listens_for(database.writer, "after_cursor_execute")
    def counted(*_: object) -> None:
        if next(seen) == int(last):
            os.kill(os.getpid(), signal.SIGKILL)

    migrate(database)


def test_what_somebody_was_writing_when_it_began_is_counted(own_database: Database):
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        make.handover(unit=make.unit())
        another_unit = {"unit_id": make.unit().key}
    while at(own_database) != "0002":
        migrate(own_database, "-1")
    names = {column["name"] for column in inspect(own_database.writer).get_columns("handover")}
    same = ", ".join(sorted(names - {"id", "unit_id"}))
    copied = f"INSERT INTO handover (unit_id, {same}) SELECT :unit_id, {same} FROM handover"  # noqa: S608

    with ThreadPoolExecutor() as threads:
        with own_database.writing() as session:
            session.execute(text(copied), another_unit)
            migrated = threads.submit(migrate, own_database)
            # On SQLite it does not even begin before the other has ended.
            if not own_database.is_sqlite:
                wait_until(lambda: _somebody_waits(own_database))
        migrated.result()

    with own_database.reading() as session:
        assert kept(session) == there(session) != {}


def _somebody_waits(database: Database) -> bool:
    with database.reader.connect() as connection:
        return bool(connection.execute(text(_WAITING)).all())


_WAITING = "SELECT 1 FROM pg_locks WHERE relation = 'handover'::regclass AND NOT granted"


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Database]:
    """Only there are tables made anew: PostgreSQL changes them as they stand."""
    database = Database(Settings(data_dir=tmp_path, _env_file=None))
    migrate(database, REVISIONS[0])
    yield database
    database.close()


def test_pointers_between_tables_are_guarded_again_afterwards(on_sqlite: Database):
    migrate(on_sqlite)
    with on_sqlite.writer.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_a_row_that_points_at_nothing_stops_it(on_sqlite: Database):
    with on_sqlite.writer.connect() as connection:
        driver = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("INSERT INTO affected_unit (handover_id, unit_id) VALUES (1, 2)")
        driver.execute("PRAGMA foreign_keys=ON")
    before = _schema(on_sqlite)
    with pytest.raises(Conflict, match="affected_unit 1 -> unit"):
        migrate(on_sqlite)
    assert _schema(on_sqlite) == before


def _schema(database: Database) -> list[str]:
    """Tables, constraints, indexes and triggers, in words that do not depend on their order."""
    if database.is_sqlite:
        query = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"
    else:
        query = """
            SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE conrelid <> 0
            UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index
            JOIN pg_class ON pg_class.oid = indrelid
            WHERE relnamespace = 'public'::regnamespace
            UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        """
    with database.reader.connect() as connection:
        rows = connection.execute(text(query)).scalars()
        return sorted(" ".join(row.replace('"', "").split()) for row in rows)
