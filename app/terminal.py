"""What the commands share: the language of the terminal, and a database that is ready."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer

from app.clock import local_day
from app.db import Database
from app.errors import Conflict, Message
from app.i18n import Locale, translate
from app.revisions import can_serve
from app.settings import Settings

_DAY = "%Y-%m-%d"
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
    """What was written as a day; the parser of the command knows no dates without times."""
    return given.date() if given else None


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
    typer.echo(translate(message, locale()), err=err)


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
