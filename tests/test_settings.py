"""What the product can be told to do, and what it refuses to be told."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from app.changeable import WORKING_WEEKS
from app.settings import Settings


def settings(**chosen):
    return Settings(_env_file=None, **chosen)


def refusal(**chosen):
    """The code of what is wrong with the one setting."""
    with pytest.raises(ValidationError) as refused:
        settings(**chosen)
    (error,) = refused.value.errors()
    return error["type"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///gavebord.db",
        "sqlite:////srv/gavebord/gavebord.db",
        "postgresql://gavebord:kode@db.lindborg.example:5432/gavebord",
        "postgresql://postgres:@/gavebord?host=/run/postgresql",
        "postgresql+psycopg://db/gavebord",
        "postgres://db/gavebord",
    ],
)
def test_the_database_is_a_file_or_a_postgresql_server(url):
    assert settings(database_url=url).database_url == url


@pytest.mark.parametrize(
    "url",
    [
        "gavebord.db",
        "sqlite://",
        "sqlite:///",
        "mysql://db/gavebord",
        "postgresql:/db/gavebord",
        "postgresql://",
        "postgresql://db:port/gavebord",
        " postgresql://db/gavebord",
    ],
)
def test_what_is_no_address_of_a_database_is_refused(url):
    assert refusal(database_url=url) == "database_url"


@pytest.mark.parametrize("name", ["data", "data #1", "data?", "data 100%25", "50% æøå", "C:\\data"])
def test_the_database_lies_in_the_data_folder_whatever_that_is_called(name):
    assert make_url(settings(data_dir=name).url).database == str(Path(name, "gavebord.db"))


def test_quiet_weeks_are_numbers_with_commas_between():
    assert settings(quiet_weeks=" 7, 42,53 ").weeks == {7, 42, 53}
    assert settings(quiet_weeks="").weeks == frozenset()


@pytest.mark.parametrize("weeks", ["0", "54", "-1", "28-30", "uge 28", "28;29", "1.5"])
def test_what_is_no_week_is_refused(weeks):
    assert refusal(quiet_weeks=weeks) == "week_numbers"


def test_half_the_year_is_worked_however_quiet_it_is():
    most = 52 - WORKING_WEEKS
    quietest = ",".join(str(week) for week in range(1, most + 1))

    assert len(settings(quiet_weeks=quietest).weeks) == most
    assert settings(quiet_weeks=f"{quietest},53")
    assert settings(quiet_weeks=f"{quietest},1,1")
    assert refusal(quiet_weeks=f"{quietest},{most + 1}") == "too_quiet"
