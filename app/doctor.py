"""What is wrong with the settings, the database, its counts and its work, the clock and the disk,
and how to mend it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import Database
from app.docs import NOT_FETCHED, STATIC
from app.errors import Conflict, Message
from app.handovers.counts import units_miscounted
from app.logo import logo_at
from app.revisions import is_current, newest_revision, revision_of
from app.rows import Rows
from app.settings import Settings
from app.work.dead import standing_of
from app.work.items import time_of

LITTLE_SPACE = 1024**3
CLOCKS_AGREE_WITHIN = timedelta(seconds=30)
LATE = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)
_RELEASED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Finding:
    """What was looked at; `trouble` and `remedy` are None when it is as it should be."""

    subject: Message
    trouble: Message | None = None
    remedy: Message | None = None

    @property
    def is_well(self) -> bool:
        return self.trouble is None


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything, one finding at a time; each is safe to look at while the product runs."""
    yield _data_folder(settings)
    yield _space(settings)
    yield _clock()
    yield _front_end()
    yield _logo(settings)
    yield from _database(settings)


def _data_folder(settings: Settings) -> Finding:
    subject = Message("Datamappen %(folder)s", folder=settings.data_dir)
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir) as file:
            file.write(b"x")
    except OSError as error:
        return Finding(
            subject,
            Message("Der kan ikke skrives: %(reason)s.", reason=error.strerror or "?"),
            Message("Giv brugeren skriveret, eller sæt GAVEBORD_DATA_DIR til en anden mappe."),
        )
    return Finding(subject)


def _space(settings: Settings) -> Finding:
    subject = Message("Plads på disken")
    # Unlike Path.exists, this says no about a folder that may not be looked into.
    is_there = os.path.exists(settings.data_dir)
    folder = settings.data_dir if is_there else settings.data_dir.absolute().anchor
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        return Finding(
            subject,
            Message("Kun %(free)s MB tilbage.", free=free // 1024**2),
            Message("Gør plads, før databasen og filerne løber tør."),
        )
    return Finding(subject)


def _clock() -> Finding:
    subject = Message("Uret")
    if clock.now() < _RELEASED_AT:
        return Finding(
            subject,
            Message("Maskinens ur viser %(now)s.", now=clock.now()),
            Message("Stil uret, helst med NTP: alle frister regnes ud fra det."),
        )
    return Finding(subject)


def _front_end() -> Finding:
    subject = Message("Filer til API-siden")
    if not (STATIC / "vendor" / "manifest.json").exists():
        return Finding(
            subject,
            NOT_FETCHED,
            Message("Kør python frontend/install.py."),
        )
    return Finding(subject)


def _logo(settings: Settings) -> Finding:
    """The colours have been looked at by now: without them there are no settings."""
    subject = Message("Logoet")
    try:
        if settings.logo is not None:
            logo_at(settings.logo)
    except Conflict as refusal:
        remedy = Message("Sæt GAVEBORD_LOGO til en SVG eller PNG på højst 100 kB, eller fjern den.")
        return Finding(subject, refusal.detail, remedy)
    return Finding(subject)


def _database(settings: Settings) -> Iterator[Finding]:
    url = make_url(settings.url).render_as_string(hide_password=True)
    subject = Message("Databasen %(url)s", url=url)
    try:
        with (
            closing(Database(settings)) as database,
            database.reader.connect() as connection,
        ):
            yield Finding(subject)
            yield _tables(connection)
            yield _agreed_time(connection) if not database.is_sqlite else _integrity(connection)
            if is_current(connection):
                yield _counts(connection)
                yield _work(connection)
    except (SQLAlchemyError, OSError) as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        yield Finding(
            subject,
            Message("Den svarer ikke: %(reason)s.", reason=reason),
            Message("Se, om den kører, og om GAVEBORD_DATABASE_URL er rigtig."),
        )


def _tables(connection: Connection) -> Finding:
    subject = Message("Tabellerne")
    there, wanted = revision_of(connection), newest_revision()
    if there != wanted:
        return Finding(
            subject,
            Message(
                "De er fra udgave %(there)s, og dette program kender %(wanted)s.",
                there=there or "-",
                wanted=wanted or "-",
            ),
            Message("Kør gavebord migrate. Er databasen nyere, så opdater programmet."),
        )
    return Finding(subject)


def _integrity(connection: Connection) -> Finding:
    subject = Message("Databasefilens indhold")
    verdict = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if verdict != "ok":
        return Finding(
            subject,
            Message("Filen er skadet: %(verdict)s.", verdict=verdict),
            Message("Stop programmet, og hent den seneste sikkerhedskopi."),
        )
    return Finding(subject)


def _counts(connection: Connection) -> Finding:
    subject = Message("Tællingen af overrækkelser")
    if units := units_miscounted(connection):
        return Finding(
            subject,
            Message("Den passer ikke med overrækkelserne i %(units)s enheder.", units=units),
            Message("Tæl dem igen, som det står i docs/operations.md."),
        )
    return Finding(subject)


def _work(connection: Connection) -> Finding:
    subject = Message("Det, der gøres af sig selv")
    standing = standing_of(connection)
    if standing.late > LATE:
        return Finding(
            subject,
            Message("Noget har ventet i %(minutes)s minutter.", minutes=standing.late // _MINUTE),
            Message(
                "Se, om gavebord worker kører, og i nyeste udgave. På SQLite gør serveren det selv."
            ),
        )
    if standing.dead:
        return Finding(
            subject,
            Message("%(count)s ting er gået i stå.", count=standing.dead),
            Message("Se hvad under Administration, Gået i stå, og prøv det igen."),
        )
    return Finding(subject)


def _agreed_time(connection: Connection) -> Finding:
    subject = Message("Databasens ur")
    if abs(time_of(Rows(connection)) - clock.now()) > CLOCKS_AGREE_WITHIN:
        return Finding(
            subject,
            Message("Databasen og maskinen er uenige om klokken."),
            Message("Stil begge ure, helst med NTP."),
        )
    return Finding(subject)
