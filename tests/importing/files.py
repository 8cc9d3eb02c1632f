"""The same rows as Danish Excel, other programs, and Excel itself write them."""

import csv
from pathlib import Path

from openpyxl import Workbook

from app.importing.outcome import Outcome


def danish_csv(folder: Path, *rows: list[str]) -> Path:
    return _csv(folder, rows, encoding="cp1252", delimiter=";")


def utf8_csv(folder: Path, *rows: list[str]) -> Path:
    return _csv(folder, rows, encoding="utf-8", delimiter=",")


def xlsx(folder: Path, *rows: list[str]) -> Path:
    """Numbers are numbers, as when somebody types them."""
    book = Workbook()
    for row in rows:
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in row])
    book.save(folder / "ark.xlsx")
    return folder / "ark.xlsx"


def told(outcome: Outcome) -> list[tuple[int, str | None, str]]:
    return [(problem.row, problem.column, str(problem.message)) for problem in outcome.problems]


def counts(outcome: Outcome) -> tuple[int, int, int]:
    """How many are new, changed and unchanged; there are no problems."""
    assert told(outcome) == []
    return len(outcome.created), len(outcome.changed), len(outcome.unchanged)


def _csv(folder: Path, rows: tuple[list[str], ...], *, encoding: str, delimiter: str) -> Path:
    path = folder / "ark.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path
