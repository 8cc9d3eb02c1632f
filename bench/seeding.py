"""Fills an empty, migrated database with a municipality of so many handovers, fast."""

import sqlite3
from collections.abc import Callable, Iterator

import psycopg
from sqlalchemy import inspect

from app import clock
from app.chores import SCHEDULES
from app.db import Database
from app.migrating import migrate
from app.work.models import WorkTick
from bench import histories
from bench.histories import Row
from bench.world import World

_TABLES: dict[str, Callable[[World], Iterator[Row]]] = {
    "unit": histories.unit_rows,
    "person": histories.person_rows,
    "api_key": histories.key_rows,
    "post": histories.post_rows,
    "network": histories.network_rows,
    "member": histories.member_rows,
    "gift": histories.gift_rows,
    "edition": histories.edition_rows,
    "handover": histories.handover_rows,
    "event": histories.event_rows,
    "ownership": histories.ownership_rows,
    "follow_up": histories.follow_up_rows,
    "note": histories.note_rows,
}


def seed(database: Database, world: World) -> None:
    """All of it in one transaction; every constraint and trigger of the product holds. What comes
    round once a day has been done today."""
    migrate(database)
    _hear_ticks(database)
    columns = {
        table: [column["name"] for column in inspect(database.writer).get_columns(table)]
        for table in _TABLES
    }
    connection = database.writer.raw_connection()
    try:
        if database.is_sqlite:
            _fill_sqlite(connection.driver_connection, world, columns)
        else:
            _fill_postgresql(connection.driver_connection, world, columns)
    finally:
        connection.close()


def _hear_ticks(database: Database) -> None:
    now = clock.now()
    with database.writing() as session:
        for schedule in SCHEDULES:
            tick_at = schedule.ticks.latest(now)
            session.add(WorkTick(schedule=schedule.name, tick_at=tick_at))


def _fill_sqlite(
    connection: sqlite3.Connection, world: World, columns: dict[str, list[str]]
) -> None:
    connection.execute("PRAGMA cache_size = -400000")
    connection.execute("BEGIN IMMEDIATE")
    for table, rows in _TABLES.items():
        names = ", ".join(columns[table])
        places = ", ".join("?" * len(columns[table]))
        statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of our own tables
        connection.executemany(statement, rows(world))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill_postgresql(
    connection: psycopg.Connection, world: World, columns: dict[str, list[str]]
) -> None:
    with connection.transaction():
        for table, rows in _TABLES.items():
            names = ", ".join(columns[table])
            with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows(world):
                    copy.write_row(row)
            if "id" in columns[table]:
                connection.execute(
                    f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"  # noqa: S608 - names of our own tables
                )
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    connection.autocommit = False
