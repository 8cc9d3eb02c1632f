"""People from a file."""

from datetime import date

import pytest

from app.importing.columns import Kind
from app.people import queries
from tests.conftest import NOON
from tests.importing.files import counts, danish_csv, told, utf8_csv, xlsx

HEADINGS = ["Mail", "Navn", "Telefon", "Titel", "Enhed"]
SIGNE = ["signe@lindborg.example", "Signe Aaskov", "72304117", "Enhedsleder", "1210"]


@pytest.mark.parametrize("write", [danish_csv, utf8_csv, xlsx])
def test_people_are_registered_in_their_units(bring, make, session, write, happened):
    unit = make.unit(external_id="1210")
    assert counts(bring(Kind.PEOPLE, HEADINGS, SIGNE, write=write)) == (1, 0, 0)
    signe = queries.by_mail(session, "signe@lindborg.example")
    assert (signe.name, signe.phone, signe.title) == ("Signe Aaskov", "72304117", "Enhedsleder")
    assert signe.unit_id == unit.key
    assert happened() == ["person.registered"]


def test_a_second_time_nothing_happens(bring, make, happened):
    make.unit(external_id="1210")
    bring(Kind.PEOPLE, HEADINGS, SIGNE)
    assert counts(bring(Kind.PEOPLE, HEADINGS, SIGNE)) == (0, 0, 1)
    assert happened() == ["person.registered"]


def test_people_are_known_by_their_mail_and_empty_cells_say_nothing(bring, make, session):
    unit = make.unit(name="Ungeenheden")
    signe = make.person(mail="signe@lindborg.example", name="Signe", phone="72 30 41 17")
    outcome = bring(Kind.PEOPLE, HEADINGS, ["Signe@Lindborg.example", "", "", "", "ungeenheden"])
    assert [(step.name, step.changed) for step in outcome.changed] == [("Signe", ["Enhed"])]
    session.refresh(signe)
    assert (signe.name, signe.phone, signe.unit_id) == ("Signe", "72 30 41 17", unit.key)


def test_english_headings_in_any_case_are_told_back_in_english(bring):
    outcome = bring(Kind.PEOPLE, ["NAME", "mail", "Phone"], ["Bo", "bo@lindborg.example", "ring!"])
    assert told(outcome) == [(2, "Phone", "Det er ikke et telefonnummer: brug cifre og mellemrum.")]


def test_every_problem_is_told_with_row_and_column(bring, make, session):
    make.unit(name="Lukket", external_id="9", closed_on=date(2026, 1, 1))
    make.unit(name="Ens")
    make.unit(name="ens")
    make.person(mail="gone@lindborg.example", name="Gerda", left_at=NOON)
    outcome = bring(
        Kind.PEOPLE,
        HEADINGS,
        ["a@lindborg.example", "A", "", "", "9"],
        ["b@lindborg.example", "B", "", "", "Lukket"],
        ["c@lindborg.example", "C", "", "", "Ens"],
        ["d@lindborg.example", "D", "", "", "Findes ikke"],
        ["god@lindborg.example", "God", "", "", ""],
        ["GOD@lindborg.example", "Igen", "", "", ""],
        ["gone@lindborg.example", "Ny", "", "", ""],
        ["e@lindborg.example", "", "", "vendt \u061c om", ""],
        ["", "Uden mail", "123", "010190-1234", ""],
        write=utf8_csv,
    )
    assert told(outcome) == [
        (2, "Enhed", "Enheden Lukket er lukket."),
        (3, "Enhed", "Enheden Lukket er lukket."),
        (4, "Enhed", "Flere enheder hedder Ens. Skriv enhedens id."),
        (5, "Enhed", "Der er ingen enhed med det id eller navn: Findes ikke."),
        (7, "Mail", "Det samme står allerede i række 6."),
        (8, "Mail", "Gerda er her ikke mere. Noter først, at personen er tilbage."),
        (9, "Navn", "Feltet mangler."),
        (9, "Titel", "Tegn nr. 7 kan ikke læses eller vender skriften. Fjern det."),
        (10, "Mail", "Feltet mangler."),
        (10, "Telefon", "Det er ikke et telefonnummer: brug cifre og mellemrum."),
        (
            10,
            "Titel",
            "Ved tegn nr. 1 står noget, der ligner et CPR-nummer. "
            "Gavebordet gemmer ikke oplysninger om borgere. Skriv det uden nummeret.",
        ),
    ]
    assert queries.by_mail(session, "god@lindborg.example") is None


def test_who_has_left_may_stand_in_the_file_as_they_were(bring, make):
    make.person(mail="gone@lindborg.example", name="Gerda", left_at=NOON)
    rows = [["Mail", "Navn"], ["gone@lindborg.example", "Gerda"]]
    assert counts(bring(Kind.PEOPLE, *rows)) == (0, 0, 1)


def test_a_unit_of_the_same_name_that_is_closed_does_not_confuse(bring, make, session):
    make.unit(name="Unge", closed_on=date(2026, 1, 1))
    still_open = make.unit(name="Unge")
    rows = [["Mail", "Navn", "Enhed"], ["bo@lindborg.example", "Bo", "Unge"]]
    assert counts(bring(Kind.PEOPLE, *rows)) == (1, 0, 0)
    assert queries.by_mail(session, "bo@lindborg.example").unit_id == still_open.key
