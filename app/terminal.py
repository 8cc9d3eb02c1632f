"""What the commands share: the language of the terminal, and a database that is ready."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

import typer

from app.clock import local_day
from app.db import Database
from app.errors import Conflict, Invalid, Message, NotFound
from app.i18n import Locale, translate
from app.revisions import can_serve
from app.settings import Settings
from app.text import EARLIEST, LARGEST_ID, LATEST

_DAY = "%Y-%m-%d"


def number(help: str) -> Any:
    """An argument that is the number of something. NotFound where nothing has one so large."""
    return typer.Argument(min=1, help=help, callback=_within_reach)


def _within_reach(given: int) -> int:
    if given > LARGEST_ID:
        raise NotFound
    return given


Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Instead of GAVEBORD_PORT.")]

Mail = Annotated[str, typer.Argument(help="The work mail of the person.")]
FirstDay = Annotated[
    datetime | None, typer.Option("--from", formats=[_DAY], help="First day; today if not said.")
]
LastDay = Annotated[
    datetime | None, typer.Option("--to", formats=[_DAY], help="Last day; open if not said.")
]


EndDay = Annotated[
    datetime | None, typer.Option("--to", formats=[_DAY], help="Last day; today if not said.")
]


def day(given: datetime | None) -> date | None:
    """What was written as a day; the parser of the command knows no dates without times. Invalid
    where it lies so far away that the API would not take it either."""
    if given is None:
        return None
    if not EARLIEST <= given.date() <= LATEST:
        detail = Message("Dagen skal ligge mellem år 2000 og 2100.")
        raise Invalid.at("/day", detail, code="day_out_of_range")
    return given.date()


def day_or_today(given: datetime | None, *, now: datetime) -> date:
    return day(given) or local_day(now)


def settings_at(port: int | None) -> Settings:
    """The settings, with another port where one is given."""
    return Settings() if port is None else Settings(port=port)


def locale() -> Locale:
    """English where the terminal is English; Danish everywhere else."""
    language = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if language.lower().startswith("en") else "da"


def say(message: Message, *, err: bool = False) -> None:
    """What was typed in another encoding stands in it as `\\udce9`, and not in the way."""
    told = translate(message, locale()).encode("utf-8", "backslashreplace").decode()
    typer.echo(told, err=err)


@contextmanager
def ready_database() -> Iterator[Database]:
    """The database of the settings. Conflict when it has not been migrated."""
    database = Database(Settings())
    try:
        with database.reading() as session:
            if not can_serve(session.connection()):
                raise Conflict(
                    Message("Databasen har ikke denne udgaves tabeller. Kør gavebord migrate.")
                )
        yield database
    finally:
        database.close()
