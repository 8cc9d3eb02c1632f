"""A long line is worked off without slowing, however much has been done of it and by whom else it
is looked at meanwhile.

GAVEBORD_WORK_ITEMS=100000 works off so many, and says how fast; short of that the first ones and
the last ones are.
"""

import os
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.rows import Rows
from app.work import items
from tests.work.steps import KIND
from tests.work.world import worker

MANY = 100_000
WORKED_OFF = int(os.environ.get("GAVEBORD_WORK_ITEMS", "0"))
_NUMBERS = {
    "sqlite": "(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :many)"
    " SELECT n FROM n)",
    "postgresql": "(SELECT generate_series(1, :many)) AS numbers(n)",
}
_LATER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', :at, '+' || (n * 0.01) || ' seconds')",
    "postgresql": "CAST(:at AS timestamptz) + n * interval '10 milliseconds'",
}
_FILL = (
    "INSERT INTO work_item (kind, key, payload, enqueued_at, due_at, attempts, most_attempts,"
    " fence, last_error) SELECT :kind, 'item:' || n, '{}', :at, {due}, 0, 12, 0, '' FROM"
)


def fill(database, kind: str, many: int) -> None:
    """A hundred a second, all of them due."""
    with database.writing() as session:
        connection = session.connection()
        name = connection.dialect.name
        at = items.time_of(Rows(connection)) - timedelta(hours=1)
        written = at.strftime("%Y-%m-%d %H:%M:%S.%f") if name == "sqlite" else at
        filling = text(f"{_FILL.replace('{due}', _LATER[name])} {_NUMBERS[name]}")
        session.execute(filling, {"kind": kind, "at": written, "many": many})


def work_off(one, count: int) -> float:
    begun = time.perf_counter()
    for _ in range(count):
        assert one.do_one()
    return (time.perf_counter() - begun) / count


@pytest.fixture
def one(own_database):
    return worker(own_database, lambda task: None)


def test_the_last_are_taken_as_fast_as_the_first(own_database, one):
    """Also while somebody looks at all of it in one long transaction, as a backup does."""
    fill(own_database, KIND, MANY)
    first = cost_of_taking(own_database, one)
    looking = own_database.reader if own_database.is_sqlite else own_database.writer
    with looking.connect() as backup:
        if not own_database.is_sqlite:
            backup.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        backup.execute(text("SELECT count(*) FROM work_item"))
        if WORKED_OFF:
            tell_of_working_off(own_database, one)
        with own_database.writing() as session:
            session.execute(text("DELETE FROM work_item WHERE id <= :most"), {"most": MANY - 200})
        work_off(one, 10)
        assert cost_of_taking(own_database, one) <= 2 * first
        backup.rollback()


def test_a_line_of_what_is_not_known_here_costs_nothing(own_database, one):
    fill(own_database, "newer.kind", MANY // 5)
    fill(own_database, KIND, 20)
    first = cost_of_taking(own_database, one)
    assert first < 60
    work_off(one, 20)
    assert not one.do_one()


def cost_of_taking(database, one) -> int:
    """Steps of SQLite's machine, or pages that PostgreSQL looks at, to find it and to take it. What
    is taken is given back."""
    (_, since), *_ = one._due_kinds()
    with database.writer.connect() as connection, connection.begin() as transaction:
        rows = Rows(connection)
        now = items.time_of(rows)
        looking = {"now": now, "since_0": one._since[KIND]}
        taking = {"of_kind": KIND, "now": now, "until": now, "holder": "a", "since": since}
        cost = _cost(rows, one._due, looking) + _cost(rows, items._TAKE, taking)
        transaction.rollback()
    return cost


def _cost(rows: Rows, statement, asked) -> int:
    if rows.is_sqlite:
        steps = []
        rows.driver.set_progress_handler(lambda: steps.append(1), 10)
        assert rows.first(statement, asked) is not None
        rows.driver.set_progress_handler(None, 0)
        return len(steps)
    sql = statement.on_postgresql(None).sql
    explained = rows.driver.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", asked)
    plan = explained.fetchone()[0][0]["Plan"]
    assert plan["Actual Rows"] == 1
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def tell_of_working_off(database, one) -> None:
    kind = "sqlite" if database.is_sqlite else "postgresql"
    tenths = [work_off(one, WORKED_OFF // 10) for _ in range(10)]
    told = ", ".join(f"{1000 * each:.2f}" for each in tenths)
    sys.stdout.write(f"{kind}: {WORKED_OFF} worked off, ms each by tenths: {told}\n")
