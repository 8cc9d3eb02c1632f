"""Gifts from a file."""

import pytest
from sqlmodel import select

from app.errors import NotAllowed
from app.eventlog.models import Event
from app.gifts import queries
from app.gifts.models import Edition, Gift
from app.importing.columns import SheetKind
from app.people.signed_in import Role
from tests.conftest import NOON
from tests.importing.files import counts, danish_csv, told, utf8_csv, xlsx
from tests.make import FILLED

HEADINGS = ["Netværk", "Titel", "Resumé", "Værdi for borgeren", "Kontakt"]
MEETING = [
    "Fra ung til voksen",
    "Overgangsmødet ved 17½",
    "Ét fast møde.",
    "Den unge kender sin plan.",
    "jonas@lindborg.example; Signe@Lindborg.example, jonas@lindborg.example",
]


@pytest.fixture
def secretary(make):
    make.network(name="Fra ung til voksen")
    make.person(mail="jonas@lindborg.example", name="Jonas")
    make.person(mail="signe@lindborg.example", name="Signe")
    return make.person(mail="mette@lindborg.example", role=Role.SECRETARIAT)


@pytest.mark.parametrize("write", [danish_csv, utf8_csv, xlsx])
def test_gifts_are_registered_by_the_secretary_with_their_contacts(
    bring, secretary, session, write
):
    outcome = bring(SheetKind.GIFTS, HEADINGS, MEETING, write=write, by="Mette@lindborg.example")
    assert counts(outcome) == (1, 0, 0)
    gift = session.exec(select(Gift)).one()
    assert (gift.title, gift.citizen_value) == (MEETING[1], MEETING[3])
    assert gift.given_at is None
    assert [person.name for person in queries.contacts(session, gift.key)] == ["Jonas", "Signe"]
    events = session.exec(select(Event)).all()
    assert {event.actor_id for event in events} == {secretary.key}
    assert [event.type for event in events] == [
        "gift.registered",
        "gift.contact_added",
        "gift.contact_added",
    ]


def test_a_second_time_nothing_happens(bring, secretary, happened):
    bring(SheetKind.GIFTS, HEADINGS, MEETING, by=secretary.mail)
    before = happened()
    assert counts(bring(SheetKind.GIFTS, HEADINGS, MEETING, by=secretary.mail)) == (0, 0, 1)
    assert happened() == before


def test_a_draft_is_corrected_where_the_file_says_something_else(bring, secretary, session):
    bring(SheetKind.GIFTS, HEADINGS, MEETING, by=secretary.mail)
    rows = [
        ["Network", "Title", "Baseline", "Summary"],
        ["FRA UNG TIL VOKSEN", MEETING[1], "2 af 10", ""],
    ]
    outcome = bring(SheetKind.GIFTS, *rows, by=secretary.mail)
    assert [step.changed for step in outcome.changed] == [["Baseline"]]
    gift = session.exec(select(Gift)).one()
    assert (gift.baseline, gift.summary, gift.edition) == ("2 af 10", "Ét fast møde.", 1)
    assert session.exec(select(Edition)).one().baseline == "2 af 10"


def test_a_gift_that_is_given_is_not_changed_by_a_file(bring, make, secretary, session):
    gift = make.gift(network=make.network(name="Givet"))
    row = ["Givet", gift.title, gift.summary, "Noget andet.", "jonas@lindborg.example"]
    outcome = bring(SheetKind.GIFTS, HEADINGS, row, by=secretary.mail)
    assert told(outcome) == [
        (
            2,
            "Værdi for borgeren",
            "Gaven er givet. Ret den i gavebordet, og sig, om det er en ny udgave til modtagerne.",
        )
    ]
    session.refresh(gift)
    assert gift.citizen_value == FILLED["citizen_value"]


def test_a_gift_that_is_given_may_stand_in_the_file_as_it_is(bring, make, secretary, session):
    gift = make.gift(network=make.network(name="Givet"))
    row = ["Givet", gift.title, gift.summary, gift.citizen_value, ""]
    assert counts(bring(SheetKind.GIFTS, HEADINGS, row, by=secretary.mail)) == (0, 0, 1)
    row[-1] = "jonas@lindborg.example"
    assert counts(bring(SheetKind.GIFTS, HEADINGS, row, by=secretary.mail)) == (0, 1, 0)
    assert "Jonas" in [person.name for person in queries.contacts(session, gift.key)]


def test_every_problem_is_told_with_row_and_column(bring, make, secretary, session):
    make.network(name="Ens")
    make.network(name="Ens")
    make.person(mail="gone@lindborg.example", name="Gerda", left_at=NOON)
    twice = make.network(name="To gange")
    make.gift(network=twice, title="Samme")
    make.gift(network=twice, title="Samme")
    network = "Fra ung til voksen"
    outcome = bring(
        SheetKind.GIFTS,
        HEADINGS,
        ["Ens", "A", "", "", ""],
        ["Findes ikke", "B", "", "", "nobody@lindborg.example"],
        [network, "God", "", "", ""],
        [network, "god", "", "", ""],
        [network, "", "", "", ""],
        ["", "Uden netværk", "Ring 010190-1234", "", ""],
        [network, "C", "", "x" * 4001, "jonas@lindborg.example, jonas"],
        [network, "D", "", "", "nobody@lindborg.example gone@lindborg.example"],
        ["To gange", "Samme", "", "", ""],
        by=secretary.mail,
    )
    assert told(outcome) == [
        (2, "Netværk", "Flere netværk hedder Ens."),
        (3, "Netværk", "Der er ikke noget netværk, der hedder Findes ikke."),
        (3, "Kontakt", "Ingen har mailadressen nobody@lindborg.example."),
        (5, "Titel", "Det samme står allerede i række 4."),
        (6, "Titel", "Feltet mangler."),
        (7, "Netværk", "Feltet mangler."),
        (
            7,
            "Resumé",
            "Ved tegn nr. 6 står noget, der ligner et CPR-nummer. "
            "Gavebordet gemmer ikke oplysninger om borgere. Skriv det uden nummeret.",
        ),
        (8, "Værdi for borgeren", "Teksten er for lang: højst 4000 tegn."),
        (8, "Kontakt", "Nr. 2: Det er ikke en mailadresse."),
        (9, "Kontakt", "Ingen har mailadressen nobody@lindborg.example."),
        (9, "Kontakt", "Gerda er her ikke mere."),
        (10, "Titel", "Flere gaver i netværket hedder Samme."),
    ]
    assert not session.exec(select(Gift).where(Gift.title == "God")).all()


@pytest.mark.parametrize("mail", ["nobody@lindborg.example", "jonas@lindborg.example", None])
def test_only_somebody_in_the_secretariat_answers_for_gifts(bring, secretary, mail):
    with pytest.raises(NotAllowed, match="på vegne af én i sekretariatet"):
        bring(SheetKind.GIFTS, HEADINGS, MEETING, by=mail)


def test_a_secretary_who_has_left_does_not_answer_for_gifts(bring, secretary):
    secretary.left_at, secretary.roles = NOON, ""
    with pytest.raises(NotAllowed):
        bring(SheetKind.GIFTS, HEADINGS, MEETING, by=secretary.mail)
