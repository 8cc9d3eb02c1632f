"""`gavebord import`, in this process, on a SQLite file of its own."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from app.db import Database
from app.errors import NotAllowed
from app.importing.columns import COLUMNS, SheetKind
from app.importing.command import SHOWN, imports
from app.migrating import migrate
from app.settings import Settings
from app.spreadsheet import UnreadableSheet
from app.units.models import Unit
from tests.importing.files import danish_csv


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GAVEBORD_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LANG", "da_DK.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    settings = Settings()
    database = Database(settings)
    migrate(database)
    database.close()
    return settings


def imported(*words: str | Path) -> Result:
    return CliRunner().invoke(imports, [str(word) for word in words])


def units(settings: Settings) -> list[str]:
    database = Database(settings)
    with database.reading() as session:
        names = list(session.exec(select(Unit.name)))
    database.close()
    return names


def test_nothing_is_done_until_it_is_asked_for(tmp_path, settings):
    path = danish_csv(tmp_path, ["Id", "Navn"], ["1", "Børn & Unge"])

    tried = imported("units", path)
    assert (tried.exit_code, tried.stderr) == (0, "")
    assert tried.stdout.splitlines() == [
        "Nye: 1",
        "  række 2: Børn & Unge",
        "Ændrede: 0",
        "Uændrede: 0",
        "Intet er gjort endnu. Gør det med --apply.",
    ]
    assert units(settings) == []

    done = imported("units", path, "--apply")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Det er gjort."
    assert units(settings) == ["Børn & Unge"]

    again = imported("units", path, "--apply")
    assert again.stdout.splitlines() == [
        "Nye: 0",
        "Ændrede: 0",
        "Uændrede: 1",
        "Der er intet at gøre.",
    ]


def test_what_changes_is_told_with_its_columns(tmp_path):
    imported("units", danish_csv(tmp_path, ["Id", "Navn"], ["1", "Unge"], ["2", "Top"]), "--apply")
    rows = [["Id", "Kort navn", "Overenhed"], ["1", "U", "2"]]
    assert (
        "  række 2: Unge (Kort navn, Overenhed)\n"
        in imported("units", danish_csv(tmp_path, *rows)).stdout
    )


def test_a_long_list_of_new_rows_is_cut(tmp_path):
    rows = [[f"p{n}@lindborg.example", f"Person {n}"] for n in range(SHOWN + 3)]
    said = imported("people", danish_csv(tmp_path, ["Mail", "Navn"], *rows)).stdout
    assert said.count("  række ") == SHOWN
    assert "  … og 3 til\n" in said


@pytest.mark.parametrize("how", [[], ["--apply"]])
def test_every_problem_is_listed_and_the_exit_code_says_so(tmp_path, settings, how):
    rows = [["Id", "Navn", "Mangler"], ["1", "En", ""], ["2", "", ""], ["3", "Sag 010190-1234", ""]]
    refused = imported("units", danish_csv(tmp_path, *rows), *how)
    assert refused.exit_code == 1
    first, second, third, last = refused.stdout.splitlines()
    assert first.startswith("Række 1, kolonne mangler: Kolonnen kendes ikke. Der kan være: Id,")
    assert second == "Række 3, kolonne Navn: Feltet mangler."
    assert third.startswith("Række 4, kolonne Navn: Ved tegn nr. 5 står noget, der ligner et CPR")
    assert last == "Problemer: 3. Intet er ændret."
    assert units(settings) == []


def test_a_file_that_cannot_be_read_is_refused_as_a_whole(tmp_path):
    assert isinstance(imported("units", tmp_path / "væk.csv").exception, UnreadableSheet)


def test_gifts_ask_for_the_secretary_who_answers_for_them(tmp_path):
    path = danish_csv(tmp_path, ["Netværk", "Titel"], ["N", "G"])
    assert imported("gifts", path).exit_code == 2
    assert isinstance(imported("gifts", path, "--by", "x@y.example").exception, NotAllowed)


@pytest.mark.parametrize("kind", SheetKind)
def test_the_help_lists_the_columns(kind):
    said = " ".join(imported(kind, "--help").stdout.split())
    for column in COLUMNS[kind]:
        assert column.danish in said


def test_a_quick_import_shows_no_bar_even_on_a_terminal(tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    said = imported("units", danish_csv(tmp_path, ["Id", "Navn"], ["1", "Unge"]), "--apply")
    assert said.stdout.endswith("Det er gjort.\n")
    assert "%" not in said.stderr
    assert "ark.csv" not in said.stderr


def test_an_english_terminal_is_answered_in_english(tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    refused = imported("units", danish_csv(tmp_path, ["Id", "Name"], ["1", ""], ["2", ""]))
    assert refused.exit_code == 1
    assert refused.stdout.splitlines() == [
        "Row 2, column Name: The field is missing.",
        "Row 3, column Name: The field is missing.",
        "Problems: 2. Nothing has been changed.",
    ]
