"""Reads CSV and XLSX files as Danish Excel writes them. Knows nothing of what they are about."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from app.errors import AppError, Message
from app.lazily import loaded
from app.text import folded, unreadable_position

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 100_000, 200, 32_767
_LARGEST_FILE, _LARGEST_UNFOLDED = 64 * 1024 * 1024, 256 * 1024 * 1024
_LARGEST_HELD = 16 * 1024 * 1024
"""Of a part that is read as a whole before the first row, such as that with all the texts."""
_SHEETS = re.compile(r"xl/worksheets/[^/]+")
_LAST_EXCEL_ROW = 1_048_576


class UnreadableSheet(AppError):
    status: ClassVar[int] = 422
    title: ClassVar[Message] = Message("Regnearket kan ikke læses")


@dataclass(frozen=True)
class Row:
    """`number` is Excel's: the heading is 1, and a field with line breaks is still in one row.
    `cells` has every column of the sheet, by its folded name; an empty cell is an empty text."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    columns: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Problem:
    """Something wrong with what a row says, as importers tell it. No column: the whole row."""

    row: int
    column: str | None
    message: Message


def read(path: Path) -> Sheet:
    """The first sheet of the file. What it is, is read from the content, not from the name.

    Columns are folded for comparing, rows without content are left out. From XLSX, days are
    ISO days and whole numbers have no decimals; a formula is the value Excel last showed.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise UnreadableSheet(Message("Filen kan ikke åbnes. Findes den?")) from error
    if not data.strip():
        raise UnreadableSheet(Message("Filen er tom."))
    if len(data) > _LARGEST_FILE:
        raise UnreadableSheet(_TOO_LARGE)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableSheet(
            Message(
                "Filen er en gammel XLS-fil eller har adgangskode. "
                "Gem den som XLSX uden adgangskode."
            )
        )
    if not data.startswith(b"PK\x03\x04"):
        return _sheet(_csv_rows(data))
    # openpyxl warns of everything in a sheet that it will not write back.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _sheet(_xlsx_rows(data))


def _sheet(rows: Iterator[list[str]]) -> Sheet:
    columns = _columns(next(rows, []))
    kept: list[Row] = []
    for number, cells in enumerate(rows, start=2):
        if cells:
            kept.append(_row(number, columns, cells))
        if len(kept) > MOST_ROWS or number > _LAST_EXCEL_ROW:
            raise UnreadableSheet(
                Message("Arket har for mange rækker: højst %(most)s ad gangen.", most=MOST_ROWS)
            )
    return Sheet(columns, kept)


def _columns(header: list[str]) -> list[str]:
    columns = [folded(" ".join(name.split())) for name in header]
    if not columns:
        raise UnreadableSheet(Message("Række 1 er tom. Dér skal kolonnernes navne stå."))
    if len(columns) > MOST_COLUMNS:
        raise UnreadableSheet(
            Message("Arket har for mange kolonner: højst %(most)s.", most=MOST_COLUMNS)
        )
    if columns[0].startswith("<") or any(unreadable_position(name) for name in columns):
        raise UnreadableSheet(_NOT_A_SHEET)
    for place, name in enumerate(columns, start=1):
        if not name:
            raise UnreadableSheet(
                Message("Kolonne nr. %(place)s mangler et navn i række 1.", place=place)
            )
        if name in columns[: place - 1]:
            raise UnreadableSheet(
                Message("Kolonnen %(column)s er der to gange.", column=header[place - 1])
            )
    return columns


def _row(number: int, columns: Sequence[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        raise UnreadableSheet(
            Message(
                "Række %(row)s har %(cells)s felter, men der er kun %(columns)s kolonner.",
                row=number,
                cells=len(cells),
                columns=len(columns),
            ),
            row=number,
        )
    for column, cell in zip(columns, cells, strict=False):
        if "\0" in cell:
            message = Message(
                "Række %(row)s, kolonne %(column)s har et tegn, der ikke kan læses.",
                row=number,
                column=column,
            )
            raise UnreadableSheet(message, row=number)
        if len(cell) > LONGEST_CELL:
            message = Message(
                "Række %(row)s, kolonne %(column)s er for lang: højst %(longest)s tegn.",
                row=number,
                column=column,
                longest=LONGEST_CELL,
            )
            raise UnreadableSheet(message, row=number)
    missing = [""] * (len(columns) - len(cells))
    return Row(number, dict(zip(columns, cells + missing, strict=True)))


def _trimmed(cells: list[str]) -> list[str]:
    """Without spaces around, and without the empty cells that Excel leaves at the end."""
    cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    # Strict, because a quote that is never closed would otherwise swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    try:
        for cells in reader:
            yield _trimmed(cells)
            number += 1
    except csv.Error as error:
        is_too_long = "field limit" in str(error)
        raise UnreadableSheet(
            _too_long(number) if is_too_long else _misquoted(number), row=number
        ) from error


def _too_long(row: int) -> Message:
    """Past what the reader takes at all; and a quote that is never closed may be why."""
    return Message(
        "Række %(row)s har en celle, der er for lang: højst %(longest)s tegn. Måske mangler et"
        ' anførselstegn (").',
        row=row,
        longest=LONGEST_CELL,
    )


def _misquoted(row: int) -> Message:
    return Message(
        'Række %(row)s kan ikke læses: et anførselstegn (") mangler eller er for meget.', row=row
    )


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            # A file that says it is UTF-8 and is not, is broken, not Windows-1252.
            if data.startswith(b"\xef\xbb\xbf"):
                break
    raise UnreadableSheet(_NOT_A_SHEET)


def _delimiter(text: str) -> str:
    """The one that the first row has most of, outside quotes."""
    unquoted = re.sub(r'"[^"]*"', "", text[:65_536])
    heading = re.split(r"[\r\n]", unquoted, maxsplit=1)[0]
    return max(";,\t", key=heading.count)


def _xlsx_rows(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            # No part can unfold to more than it says here: zipfile stops reading there.
            unfolded = sum(part.file_size for part in parts.infolist())
            held = (
                one.file_size for one in parts.infolist() if not _SHEETS.fullmatch(one.filename)
            )
            largest_held = max(held, default=0)
        if unfolded > _LARGEST_UNFOLDED or largest_held > _LARGEST_HELD:
            raise UnreadableSheet(_TOO_LARGE)
        reader = loaded("openpyxl.reader.excel:ExcelReader")(
            io.BytesIO(data), read_only=True, data_only=True
        )
        _must_be_named_truly(reader)
        reader.read()
        sheet = reader.wb.worksheets[0]
        # What the file says of its own size is often wrong and sometimes a trap.
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(values_only=True):
            yield _trimmed([_text(value) for value in cells])
    except UnreadableSheet:
        raise
    except Exception as error:  # A broken file makes openpyxl fail in any way there is.
        raise UnreadableSheet(_NOT_A_SHEET) from error


def _must_be_named_truly(reader: "ExcelReader") -> None:
    """What is called a sheet and is something else would be read as a whole, however large."""
    a_sheet = loaded("openpyxl.xml.constants:WORKSHEET_TYPE")
    reader.read_manifest()
    for part in reader.package.Override:
        if part.ContentType != a_sheet and _SHEETS.fullmatch(part.PartName.lstrip("/")):
            raise UnreadableSheet(_NOT_A_SHEET)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "SAND" if value else "FALSK"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


_TOO_LARGE = Message("Filen er for stor. Del den i flere.")
_NOT_A_SHEET = Message(
    "Filen er ikke en CSV- eller XLSX-fil, eller også er den i stykker. "
    "Åbn den i Excel, og gem den igen."
)
