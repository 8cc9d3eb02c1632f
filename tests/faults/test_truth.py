"""What the tests of faults look with, sees a fault."""

from contextlib import closing

import pytest
from sqlalchemy import text

from app.db import Database
from tests.databases import fresh_database
from tests.faults.truth import indexes_must_know_their_rows
from tests.faults.world import new_world


@pytest.mark.parametrize("name", ["pk_handover", "uq_handover_open", "ix_handover_unit_id_id"])
def test_an_index_that_lacks_rows_is_found(tmp_path, name):
    with fresh_database("postgresql", tmp_path) as settings:
        world = new_world(settings)
        with closing(Database(settings)) as database:
            indexes_must_know_their_rows(database)
            with database.writing() as session:
                session.execute(_FORGETS, {"name": name, "is_ready": False})
            world.deliver(1)
            with database.writing() as session:
                session.execute(_FORGETS, {"name": name, "is_ready": True})
            with pytest.raises(AssertionError, match=name):
                indexes_must_know_their_rows(database)


# An index that is not ready is not told of new rows.
_FORGETS = text(
    "UPDATE pg_index SET indisready = :is_ready WHERE indexrelid = CAST(:name AS regclass)"
)
