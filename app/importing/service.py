"""Brings what a file says into the database: all of it, or nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import assert_never

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app import spreadsheet
from app.db import Database
from app.errors import AppError, Conflict, Invalid, Message, NotAllowed
from app.importing.columns import COLUMNS, SheetKind
from app.importing.forms import GiftRow, PersonRow, UnitRow
from app.importing.gifts import GiftPlan
from app.importing.outcome import Outcome, Step
from app.importing.people import PeoplePlan
from app.importing.table import Table
from app.importing.units import UnitPlan
from app.people import queries as people
from app.people.signed_in import SignedIn
from app.spreadsheet import Sheet

Progress = Callable[[int, int], None]
"""Is told how many steps are done, of how many."""
Noting = Callable[[Session, Outcome], None]
"""Notes what was done, where it was done."""


def import_file(
    database: Database,
    kind: SheetKind,
    path: Path,
    *,
    apply: bool,
    now: datetime,
    by: SignedIn | str | None = None,
    progress: Progress | None = None,
    noting: Noting | None = None,
) -> Outcome:
    """Finds all problems; without any, and with `apply`, does it in one transaction, whose last
    part is `noting`. `by` is who is signed in, or the work mail of the secretary who answers for
    gifts. Raises UnreadableSheet, or NotAllowed."""
    sheet = spreadsheet.read(path)
    try:
        with database.writing() if apply else database.reading() as session:
            table, steps = _planned(session, kind, sheet, by=by, now=now)
            if apply and not table.problems:
                _take([step for step in steps if step.is_needed], table, progress)
                if noting:
                    noting(session, Outcome.of(steps, ()))
    except _Refused:
        pass
    except IntegrityError as error:
        raise Conflict(
            Message("Nogen ændrede det samme lige nu. Intet er ændret. Prøv igen.")
        ) from error
    return Outcome.of(steps, table.problems)


class _Refused(Exception):
    """A verb said no to what had been planned; everything is rolled back."""


def _planned(
    session: Session, kind: SheetKind, sheet: Sheet, *, by: SignedIn | str | None, now: datetime
) -> tuple[Table[UnitRow] | Table[PersonRow] | Table[GiftRow], list[Step]]:
    columns = COLUMNS[kind]
    person = by if isinstance(by, SignedIn) else None
    match kind:
        case SheetKind.UNITS:
            units = Table(sheet, columns, UnitRow)
            return units, UnitPlan(session, units, by=person, now=now).steps()
        case SheetKind.PEOPLE:
            persons = Table(sheet, columns, PersonRow)
            return persons, PeoplePlan(session, persons, by=person, now=now).steps()
        case SheetKind.GIFTS:
            gifts = Table(sheet, columns, GiftRow)
            secretary = person or _secretary(session, str(by or ""))
            return gifts, GiftPlan(session, gifts, by=secretary, now=now).steps()
        case _:
            assert_never(kind)


def _take(
    steps: Sequence[Step],
    table: Table[UnitRow] | Table[PersonRow] | Table[GiftRow],
    progress: Progress | None,
) -> None:
    for done, step in enumerate(steps, start=1):
        try:
            step.act()
        except AppError as error:
            faults = error.faults if isinstance(error, Invalid) else ()
            for fault in faults:
                field = _FIELDS.get(fault.pointer or "", "")
                table.problem(step.row, field, fault.detail)
            if not faults:
                table.problem(step.row, "", error.detail or error.title)
            raise _Refused from error
        if progress:
            progress(done, len(steps))


_FIELDS = {
    "/external_id": "external_id",
    "/mail": "mail",
    "/network_id": "network",
    "/parent_id": "parent",
    "/unit_id": "unit",
}


def _secretary(session: Session, mail: str) -> SignedIn:
    person = people.by_mail(session, mail)
    if person is not None and not person.has_left:
        secretary = SignedIn(person.key, person.name, frozenset(person.roles.split()))
        if secretary.is_secretariat:
            return secretary
    raise NotAllowed(
        Message("Gaver indlæses på vegne af én i sekretariatet. Det er %(mail)s ikke.", mail=mail)
    )
