"""SQLite is told how many rows there are, and whoever adds an index says so too."""

import re

import pytest
from sqlalchemy import text

from app import plans
from app.db import Database
from app.migrating import migrate
from tests.conftest import migrated


@pytest.fixture
def database(tmp_path):
    with migrated("sqlite", tmp_path) as database:
        yield database


def known(database: Database):
    with database.writer.connect() as connection:
        found = connection.execute(text("SELECT tbl, idx, stat FROM sqlite_stat1"))
        return {tuple(row) for row in found}


def test_every_index_of_a_table_that_is_told_of_is_told_of(database):
    with database.writer.connect() as connection:
        found = connection.execute(
            text(
                "SELECT i.tbl_name, i.name, (SELECT count(*) FROM pragma_index_info(i.name))"
                " FROM sqlite_schema AS i WHERE i.type = 'index'"
            )
        ).all()
    told = {(table, index): len(figures.split()) for table, index, figures in plans.counted()}
    tables = {table for table, _ in told}
    there = {(table, index): 1 + columns for table, index, columns in found if table in tables}
    assert {at: count for at, count in told.items() if at[1] is not None} == there


def test_figures_are_whole_numbers_and_fall():
    for *_, figures in plans.counted():
        assert re.fullmatch(r"\d+( \d+)*", figures)
        numbers = [int(number) for number in figures.split()]
        assert numbers == sorted(numbers, reverse=True)


def test_a_new_database_knows_them_and_one_where_somebody_has_counted_again(database):
    assert known(database) == set(plans.counted())
    with database.writer.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    assert known(database) != set(plans.counted())
    migrate(database)
    assert known(database) == set(plans.counted())


def test_where_they_are_known_nothing_is_written(database):
    with database.reader.connect() as reader:
        plans.tell(reader)
    assert known(database) == set(plans.counted())
