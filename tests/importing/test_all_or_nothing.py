"""A file is brought in as one change, also where it is really committed."""

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.db import Database
from app.errors import Busy
from app.eventlog.log import By
from app.eventlog.models import Event
from app.importing.columns import SheetKind
from app.importing.service import import_file
from app.migrating import migrate
from app.settings import Settings
from app.units import queries, service
from app.units.models import Unit
from tests.conftest import NOON
from tests.importing.files import counts, danish_csv, told

ROWS = [["Id", "Navn", "Overenhed"], ["1", "En", ""], ["2", "To", "1"], ["3", "Tre", "2"]]


def stored(database: Database) -> tuple[list[str], int]:
    """The units there are, and how many events."""
    with database.reading() as session:
        units = session.exec(select(Unit.name)).all()
        return sorted(units), len(session.exec(select(Event.id)).all())


def test_a_whole_file_is_there_for_the_next_to_read_it_and_the_next_import(own_database, tmp_path):
    path = danish_csv(tmp_path, *ROWS)
    assert counts(import_file(own_database, SheetKind.UNITS, path, apply=True, now=NOON)) == (
        3,
        0,
        0,
    )
    assert stored(own_database) == (["En", "To", "Tre"], 3)
    assert counts(import_file(own_database, SheetKind.UNITS, path, apply=True, now=NOON)) == (
        0,
        0,
        3,
    )
    assert counts(import_file(own_database, SheetKind.UNITS, path, apply=False, now=NOON)) == (
        0,
        0,
        3,
    )
    assert stored(own_database) == (["En", "To", "Tre"], 3)


def test_a_broken_row_in_the_middle_stops_all_of_them(own_database, tmp_path):
    path = danish_csv(tmp_path, ROWS[0], ROWS[1], ["2", "To\x07", "1"], ROWS[3])
    outcome = import_file(own_database, SheetKind.UNITS, path, apply=True, now=NOON)
    assert told(outcome) == [
        (3, "Navn", "Tegn nr. 3 kan ikke læses eller vender skriften. Fjern det.")
    ]
    assert stored(own_database) == ([], 0)


def test_an_import_that_is_stopped_half_way_leaves_nothing(own_database, tmp_path):
    path, reached = danish_csv(tmp_path, *ROWS), []

    def stop(done: int, total: int) -> None:
        reached.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(own_database, SheetKind.UNITS, path, apply=True, now=NOON, progress=stop)
    assert reached == [(1, 3), (2, 3)]
    assert stored(own_database) == ([], 0)


def test_what_somebody_else_did_meanwhile_is_a_problem_of_its_row_and_undoes_the_rest(
    bring, session: Session
):
    def meanwhile(done: int, total: int) -> None:
        if done == 1:
            service.register(session, {"name": "Anden", "external_id": "3"}, by=By(), now=NOON)

    outcome = bring(SheetKind.UNITS, *ROWS, progress=meanwhile)
    assert told(outcome) == [(4, "Id", "En anden enhed har det id.")]
    assert queries.by_external_id(session, "1") is None


def test_a_dry_run_does_not_wait_for_somebody_who_is_writing(tmp_path):
    database = Database(Settings(data_dir=tmp_path, busy_seconds=0.1, _env_file=None))
    migrate(database)
    path = danish_csv(tmp_path, *ROWS)
    with database.writing() as writer:
        writer.execute(text("SELECT 1"))
        assert counts(import_file(database, SheetKind.UNITS, path, apply=False, now=NOON)) == (
            3,
            0,
            0,
        )
        with pytest.raises(Busy):
            import_file(database, SheetKind.UNITS, path, apply=True, now=NOON)
    database.close()
