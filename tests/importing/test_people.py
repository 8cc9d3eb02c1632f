"""People from a file."""

from datetime import date

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.importing.columns import SheetKind
from app.importing.outcome import Change
from app.people import queries
from app.people.signed_in import Role
from tests.conftest import NOON
from tests.importing.files import counts, danish_csv, told, utf8_csv, xlsx

HEADINGS = ["Mail", "Navn", "Telefon", "Titel", "Enhed"]
SIGNE = ["signe@lindborg.example", "Signe Aaskov", "72304117", "Enhedsleder", "1210"]


@pytest.mark.parametrize("write", [danish_csv, utf8_csv, xlsx])
def test_people_are_registered_in_their_units(bring, make, session, write, happened):
    unit = make.unit(external_id="1210")
    assert counts(bring(SheetKind.PEOPLE, HEADINGS, SIGNE, write=write)) == (1, 0, 0)
    signe = queries.by_mail(session, "signe@lindborg.example")
    assert (signe.name, signe.phone, signe.title) == ("Signe Aaskov", "72304117", "Enhedsleder")
    assert signe.unit_id == unit.key
    assert happened() == ["person.registered"]


def test_a_second_time_nothing_happens(bring, make, happened):
    make.unit(external_id="1210")
    bring(SheetKind.PEOPLE, HEADINGS, SIGNE)
    assert counts(bring(SheetKind.PEOPLE, HEADINGS, SIGNE)) == (0, 0, 1)
    assert happened() == ["person.registered"]


def test_people_are_known_by_their_mail_and_empty_cells_say_nothing(bring, make, session):
    unit = make.unit(name="Ungeenheden")
    signe = make.person(mail="signe@lindborg.example", name="Signe", phone="72 30 41 17")
    outcome = bring(
        SheetKind.PEOPLE, HEADINGS, ["Signe@Lindborg.example", "", "", "", "ungeenheden"]
    )
    assert [(step.name, step.changed) for step in outcome.changed] == [("Signe", ["Enhed"])]
    session.refresh(signe)
    assert (signe.name, signe.phone, signe.unit_id) == ("Signe", "72 30 41 17", unit.key)


def test_english_headings_in_any_case_are_told_back_in_english(bring):
    outcome = bring(
        SheetKind.PEOPLE, ["NAME", "mail", "Phone"], ["Bo", "bo@lindborg.example", "ring!"]
    )
    assert told(outcome) == [(2, "Phone", "Det er ikke et telefonnummer: brug cifre og mellemrum.")]


def test_every_problem_is_told_with_row_and_column(bring, make, session):
    make.unit(name="Lukket", external_id="9", closed_on=date(2026, 1, 1))
    make.unit(name="Ens")
    make.unit(name="ens")
    make.person(mail="gone@lindborg.example", name="Gerda", left_at=NOON)
    outcome = bring(
        SheetKind.PEOPLE,
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
    assert counts(bring(SheetKind.PEOPLE, *rows)) == (0, 0, 1)


def test_a_unit_of_the_same_name_that_is_closed_does_not_confuse(bring, make, session):
    make.unit(name="Unge", closed_on=date(2026, 1, 1))
    still_open = make.unit(name="Unge")
    rows = [["Mail", "Navn", "Enhed"], ["bo@lindborg.example", "Bo", "Unge"]]
    assert counts(bring(SheetKind.PEOPLE, *rows)) == (1, 0, 0)
    assert queries.by_mail(session, "bo@lindborg.example").unit_id == still_open.key


def test_what_is_changed_is_told_as_it_was_and_as_it_will_be(bring, make):
    old, new = make.unit(name="Børn", external_id="1"), make.unit(name="Unge", external_id="2")
    make.person(mail="signe@lindborg.example", name="Signe", title="", unit_id=old.key)
    row = ["signe@lindborg.example", "Signe Aaskov", "", "Leder", new.external_id]
    outcome = bring(SheetKind.PEOPLE, HEADINGS, row, apply=False)
    (step,) = outcome.changed
    assert step.changes == [
        Change("Navn", "Signe", "Signe Aaskov"),
        Change("Titel", "", "Leder"),
        Change("Enhed", "Børn", "Unge"),
    ]


def test_an_administrator_is_changed_by_administrators_only(bring, make, session):
    administrator = make.person(role=Role.ADMINISTRATOR, mail="ada@lindborg.example", name="Ada")
    row = ["ada@lindborg.example", "En anden"]
    secretary = make.signed_in(make.secretary())
    assert told(bring(SheetKind.PEOPLE, HEADINGS[:2], row, by=secretary)) == [
        (2, "Mail", "Ada er administrator og rettes af en administrator.")
    ]
    same = ["ada@lindborg.example", "Ada"]
    assert counts(bring(SheetKind.PEOPLE, HEADINGS[:2], same, by=secretary)) == (0, 0, 1)
    another = make.signed_in(make.administrator())
    assert counts(bring(SheetKind.PEOPLE, HEADINGS[:2], row, by=another)) == (0, 1, 0)
    session.refresh(administrator)
    assert administrator.name == "En anden"


def test_it_is_told_who_brought_them_in(bring, make, session):
    secretary = make.secretary()
    bring(SheetKind.PEOPLE, HEADINGS[:2], SIGNE[:2], by=make.signed_in(secretary))
    (actor_id,) = session.exec(select(Event.actor_id))
    assert actor_id == secretary.key
