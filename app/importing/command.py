"""`gavebord import`: units, people and gifts from CSV and XLSX files."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.progress import Progress

from app import clock
from app.errors import Message
from app.importing.columns import COLUMNS, SheetKind
from app.importing.outcome import Outcome, Step
from app.importing.service import import_file
from app.spreadsheet import Problem
from app.terminal import ready_database, say

SHOWN = 20
"""How many new and how many changed rows are named; the rest are counted."""
_QUICK = 1.0

imports = typer.Typer(
    no_args_is_help=True,
    help="Read units, people or gifts from a CSV or XLSX file. Without --apply nothing is changed:"
    " every problem is listed with its row and column, and what would be done.",
)


def _columns(kind: SheetKind) -> str:
    return "Columns: " + ", ".join(str(column) for column in COLUMNS[kind]) + "."


File = Annotated[Path, typer.Argument(help="CSV or XLSX, with the columns' names in row 1.")]
Apply = Annotated[
    bool, typer.Option("--apply/--dry-run", help="Do it; all of it, or nothing with any problem.")
]


@imports.command("units", epilog=_columns(SheetKind.UNITS))
def import_units(file: File, apply: Apply = False) -> None:
    """Register, rename and move units by their ids in the directory."""
    _import(SheetKind.UNITS, file, apply=apply)


@imports.command("people", epilog=_columns(SheetKind.PEOPLE))
def import_people(file: File, apply: Apply = False) -> None:
    """Register and change people by their work mails."""
    _import(SheetKind.PEOPLE, file, apply=apply)


@imports.command("gifts", epilog=_columns(SheetKind.GIFTS))
def import_gifts(
    file: File,
    by: Annotated[
        str, typer.Option(metavar="MAIL", help="Work mail of the secretary who answers for it.")
    ],
    apply: Apply = False,
) -> None:
    """Register gifts, and correct those not yet given, by network and title."""
    _import(SheetKind.GIFTS, file, apply=apply, by=by)


def _import(kind: SheetKind, path: Path, *, apply: bool, by: str | None = None) -> None:
    with ready_database() as database, _SlowProgress() as bar:
        task = bar.add_task(path.name, total=None)
        outcome = import_file(
            database,
            kind,
            path,
            apply=apply,
            now=clock.now(),
            by=by,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if outcome.problems:
        _tell_problems(outcome.problems)
        raise typer.Exit(1)
    _tell(outcome, was_applied=apply)


class _SlowProgress(Progress):
    """On a terminal, on stderr, and only when it takes longer than people wait gladly."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        console = Console(stderr=True)
        super().__init__(console=console, transient=True, disable=not console.is_terminal)

    def get_renderables(self) -> Iterable[RenderableType]:
        if time.monotonic() - self._began > _QUICK:
            yield from super().get_renderables()


def _tell_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        place = Message("Række %(row)s", row=problem.row)
        if problem.column:
            place = Message(
                "Række %(row)s, kolonne %(column)s", row=problem.row, column=problem.column
            )
        say(Message("%(place)s: %(problem)s", place=place, problem=problem.message))
    say(Message("Problemer: %(count)s. Intet er ændret.", count=len(problems)))


def _tell(outcome: Outcome, *, was_applied: bool) -> None:
    _tell_steps(Message("Nye"), outcome.created)
    _tell_steps(Message("Ændrede"), outcome.changed)
    say(Message("Uændrede: %(count)s", count=len(outcome.unchanged)))
    if not outcome.created and not outcome.changed:
        say(Message("Der er intet at gøre."))
    elif was_applied:
        say(Message("Det er gjort."))
    else:
        say(Message("Intet er gjort endnu. Gør det med --apply."))


def _tell_steps(heading: Message, steps: Sequence[Step]) -> None:
    say(Message("%(heading)s: %(count)s", heading=heading, count=len(steps)))
    for step in steps[:SHOWN]:
        line = Message("  række %(row)s: %(name)s", row=step.row, name=step.name)
        if step.changed:
            line = Message(
                "  række %(row)s: %(name)s (%(columns)s)",
                row=step.row,
                name=step.name,
                columns=", ".join(step.changed),
            )
        say(line)
    if len(steps) > SHOWN:
        say(Message("  … og %(count)s til", count=len(steps) - SHOWN))
