"""What the first row of a file may say, and the documentation that says so."""

import re
from pathlib import Path

import pytest

from app.importing.columns import COLUMNS, SheetKind
from app.people.signed_in import Role
from app.spreadsheet import UnreadableSheet
from tests.importing.files import counts, told

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "importing.md"
KNOWN = "Id, Navn (Name), Kort navn (Short name), Overenhed (Parent), Leder (Leader)"


def test_columns_that_are_not_known_are_problems_that_name_the_known_ones(bring):
    outcome = bring(SheetKind.UNITS, ["Id", "Navn", "Lukket", "Færge"], ["1", "", "ja", ""])
    assert told(outcome) == [
        (1, "lukket", f"Kolonnen kendes ikke. Der kan være: {KNOWN}."),
        (1, "færge", f"Kolonnen kendes ikke. Der kan være: {KNOWN}."),
        (2, "Navn", "Feltet mangler."),
    ]


def test_without_its_key_columns_no_row_of_a_file_is_read(bring):
    outcome = bring(SheetKind.UNITS, ["Navn"], ["010190-1234"])
    assert told(outcome) == [(1, None, f"Kolonnen Id mangler. Der kan være: {KNOWN}.")]


def test_both_key_columns_of_gifts_are_missed(bring, make):
    make.person(mail="mette@lindborg.example", role=Role.SECRETARIAT)
    outcome = bring(SheetKind.GIFTS, ["Resumé"], ["x"], by="mette@lindborg.example")
    missing = [message.split(" mangler.")[0] for _, _, message in told(outcome)]
    assert missing == ["Kolonnen Netværk (Network)", "Kolonnen Titel (Title)"]


def test_a_missing_column_that_new_rows_need_is_told_of_once(bring):
    outcome = bring(SheetKind.PEOPLE, ["Mail"], ["a@lindborg.example"], ["b@lindborg.example"])
    assert [(row, message[:28]) for row, _, message in told(outcome)] == [
        (1, "Kolonnen Navn (Name) mangler")
    ]


def test_the_same_column_in_both_languages_is_a_problem(bring):
    outcome = bring(SheetKind.UNITS, ["Id", "Name", "Navn"], ["1", "En", "One"])
    assert told(outcome) == [(1, "Navn", "Kolonnen Name er den samme.")]


def test_a_file_without_rows_asks_for_nothing(bring):
    assert counts(bring(SheetKind.UNITS, ["Id", "Navn"])) == (0, 0, 0)


def test_a_file_that_is_not_a_sheet_says_so(bring):
    with pytest.raises(UnreadableSheet, match="Filen er tom"):
        bring(SheetKind.UNITS)


@pytest.mark.parametrize("kind", SheetKind)
def test_the_guide_shows_every_column_in_both_languages(kind):
    guide = GUIDE.read_text("utf-8")
    described = re.findall(r"^\| (.+?) \| (.+?) \| .*\|$", guide, re.MULTILINE)
    for column in COLUMNS[kind]:
        assert (column.danish, column.english) in described


def test_the_guides_own_examples_can_be_imported(bring, make):
    make.network(name="Fra ung til voksen")
    make.person(mail="mette@lindborg.example", role=Role.SECRETARIAT)
    done = [
        (kind, counts(bring(kind, *rows, by="mette@lindborg.example")))
        for kind, rows in in_order(examples())
    ]
    assert done == [
        (SheetKind.UNITS, (3, 0, 0)),
        (SheetKind.PEOPLE, (2, 0, 0)),
        (SheetKind.GIFTS, (1, 0, 0)),
        (SheetKind.UNITS, (0, 1, 0)),
    ]


def examples() -> list[tuple[str, list[list[str]]]]:
    """The marked tables of the guide: what is said of each, and its rows."""
    found = []
    for says, after in re.findall(
        r"<!-- example: (.+?) -->\n\n((?:\|.*\|\n)+)", GUIDE.read_text("utf-8")
    ):
        rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in after.splitlines()]
        found.append((says, [rows[0], *rows[2:]]))
    return found


def in_order(tables) -> list[tuple[SheetKind, list[list[str]]]]:
    """Those to be imported afterwards come last."""
    ordered = sorted(tables, key=lambda table: table[0].endswith("afterwards"))
    return [(SheetKind(says.split(",")[0]), rows) for says, rows in ordered]
