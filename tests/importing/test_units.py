"""Units from a file."""

from datetime import date

import pytest
from sqlmodel import col, select

from app.eventlog.models import Event
from app.importing.columns import SheetKind
from app.importing.outcome import Change
from app.units import queries
from app.units.models import Post, PostKind, Unit
from tests.conftest import NOON
from tests.importing.files import counts, danish_csv, told, utf8_csv, xlsx

HEADINGS = ["Id", "Navn", "Kort navn", "Overenhed", "Leder"]
TREE = [
    ["Id", "Navn", "Kort navn", "Overenhed"],
    ["30", "Ungehøjskolen på Ærø", "Unge", "20"],
    ["20", "Børn & Unge; øst", "", "10"],
    ["10", "Ådalen Kommune", "", ""],
]


def unit(session, external_id):
    return queries.by_external_id(session, external_id)


def line(session, external_id):
    """The names from the unit to the top, as they are stored."""
    session.expire_all()
    place, names = unit(session, external_id), []
    while place is not None:
        names.append(place.name)
        place = place.parent_id and session.get(Unit, place.parent_id)
    return names


@pytest.mark.parametrize("write", [danish_csv, utf8_csv, xlsx])
def test_a_parent_may_stand_further_down_in_every_kind_of_file(bring, session, write):
    assert counts(bring(SheetKind.UNITS, *TREE, write=write)) == (3, 0, 0)
    assert line(session, "30") == ["Ungehøjskolen på Ærø", "Børn & Unge; øst", "Ådalen Kommune"]
    assert unit(session, "30").short_name == "Unge"


def test_the_product_itself_registered_them_and_the_log_says_so(bring, session):
    bring(SheetKind.UNITS, *TREE)
    events = session.exec(select(Event).order_by(col(Event.id))).all()
    assert [(event.type, event.data["name"], event.actor_id) for event in events] == [
        ("unit.registered", "Ådalen Kommune", None),
        ("unit.registered", "Børn & Unge; øst", None),
        ("unit.registered", "Ungehøjskolen på Ærø", None),
    ]


def test_a_second_time_nothing_happens(bring, happened):
    bring(SheetKind.UNITS, *TREE)
    before = happened()
    assert counts(bring(SheetKind.UNITS, *TREE)) == (0, 0, 3)
    assert happened() == before


def test_a_dry_run_tells_what_would_be_done_and_does_not_do_it(bring, make, session, happened):
    make.unit(name="Ådalen", external_id="10")
    outcome = bring(SheetKind.UNITS, *TREE, apply=False)
    assert [(step.row, step.name) for step in outcome.created] == [
        (2, "Ungehøjskolen på Ærø"),
        (3, "Børn & Unge; øst"),
    ]
    assert [(step.row, step.name, step.changed) for step in outcome.changed] == [
        (4, "Ådalen", ["Navn"])
    ]
    assert unit(session, "30") is None
    assert unit(session, "10").name == "Ådalen"
    assert happened() == []


def test_units_are_renamed_and_moved(bring, session, happened):
    bring(SheetKind.UNITS, *TREE)
    before = len(happened())
    outcome = bring(SheetKind.UNITS, ["PARENT", "name", " ID"], ["10", "Ungehøjskolen", "30"])
    assert [(step.row, step.changed) for step in outcome.changed] == [(2, ["Name", "Parent"])]
    assert line(session, "30") == ["Ungehøjskolen", "Ådalen Kommune"]
    assert happened()[before:] == ["unit.moved", "unit.changed"]


def test_parent_and_child_change_places(bring, session):
    bring(SheetKind.UNITS, *TREE)
    swapped = [["Id", "Overenhed"], ["20", "30"], ["30", "10"]]
    assert counts(bring(SheetKind.UNITS, *swapped)) == (0, 2, 0)
    assert line(session, "20")[:2] == ["Børn & Unge; øst", "Ungehøjskolen på Ærø"]


def test_a_known_unit_moves_under_a_new_one(bring, make, session):
    make.unit(name="Unge", external_id="30")
    outcome = bring(SheetKind.UNITS, HEADINGS, ["30", "", "", "40", ""], ["40", "Ny", "", "", ""])
    assert counts(outcome) == (1, 1, 0)
    assert line(session, "30") == ["Unge", "Ny"]


def chain(length, first=1, parent=""):
    """Rows of units, each under the one before."""
    rows = [
        [str(number), f"Enhed {number}", "", str(number - 1), ""]
        for number in range(first, first + length)
    ]
    rows[0][3] = parent
    return rows


TOO_DEEP = "Enhederne kan højst ligge i 64 niveauer under hinanden."


def test_units_lie_as_deep_as_any_may_and_no_deeper(bring, session):
    outcome = bring(SheetKind.UNITS, HEADINGS, *chain(66))
    assert told(outcome) == [(66, "Overenhed", TOO_DEEP)]
    assert unit(session, "1") is None
    assert counts(bring(SheetKind.UNITS, HEADINGS, *chain(64))) == (64, 0, 0)


def test_a_known_unit_is_not_moved_so_deep_that_what_is_under_it_is_too_deep(bring, session):
    bring(SheetKind.UNITS, HEADINGS, *chain(40), *chain(30, first=101))
    moved = ["101", "", "", "35", ""]
    assert told(bring(SheetKind.UNITS, HEADINGS, moved)) == [(2, "Overenhed", TOO_DEEP)]
    assert line(session, "101") == ["Enhed 101"]
    assert counts(bring(SheetKind.UNITS, HEADINGS, [*moved[:3], "34", ""])) == (0, 1, 0)


def test_an_empty_cell_leaves_what_is_there(bring, session):
    bring(SheetKind.UNITS, *TREE)
    assert counts(bring(SheetKind.UNITS, HEADINGS, ["30", "", "", "", ""])) == (0, 0, 1)
    assert unit(session, "30").short_name == "Unge"
    assert len(line(session, "30")) == 3


def test_a_leader_has_the_post_from_today_and_only_once(bring, make, session, happened):
    signe = make.person(mail="signe@lindborg.example")
    rows = [HEADINGS, ["30", "Unge", "", "", "SIGNE@lindborg.example"], ["40", "Ny", "", "", ""]]
    bring(SheetKind.UNITS, *rows)
    post = session.exec(select(Post)).one()
    assert (post.unit_id, post.person_id) == (unit(session, "30").key, signe.key)
    assert (post.kind, post.from_on, post.to_on) == (PostKind.LEADER, date(2026, 3, 2), None)
    assert happened().count("unit.post_filled") == 1

    assert counts(bring(SheetKind.UNITS, *rows)) == (0, 0, 2)
    assert len(session.exec(select(Post)).all()) == 1


def test_a_new_leader_does_not_end_the_post_of_another(bring, make, session):
    known = make.unit(external_id="30", leader=make.person(name="Anna"))
    make.person(name="Bo", mail="bo@lindborg.example")
    outcome = bring(SheetKind.UNITS, ["Id", "Leder"], ["30", "bo@lindborg.example"])
    assert [step.changed for step in outcome.changed] == [["Leder"]]
    posts = session.exec(select(Post).where(Post.unit_id == known.key)).all()
    assert [post.to_on for post in posts] == [None, None]


def test_a_leader_whose_post_has_ended_gets_it_again(bring, make, session):
    bo = make.person(mail="bo@lindborg.example")
    known = make.unit(external_id="30")
    make.post(known, bo, to_on=date(2026, 3, 1))
    assert counts(bring(SheetKind.UNITS, ["Id", "Leder"], ["30", bo.mail])) == (0, 1, 0)


def test_every_problem_is_told_with_row_and_column(bring, make, session, happened):
    make.unit(external_id="90", name="Lukket", closed_on=date(2026, 1, 1))
    make.person(mail="gone@lindborg.example", name="Gerda", left_at=NOON)
    outcome = bring(
        SheetKind.UNITS,
        HEADINGS,
        ["1", "God", "", "", ""],
        ["2", "Ukendt over", "", "77", "nobody@lindborg.example"],
        ["3", "Lukket over", "", "90", "gone@lindborg.example"],
        ["3", "Igen", "", "", ""],
        ["", "Uden id", "", "79", ""],
        ["4", "", "", "", "ikke en mail"],
        ["5", "Sag 010190-1234", "x" * 201, "78", ""],
        ["90", "Åben igen", "", "", ""],
        ["6", "Under en med fejl", "", "5", ""],
    )
    assert told(outcome) == [
        (3, "Overenhed", "Der er ingen enhed med det id, heller ikke i filen: 77."),
        (3, "Leder", "Ingen har mailadressen nobody@lindborg.example."),
        (4, "Overenhed", "Enheden Lukket er lukket."),
        (4, "Leder", "Gerda er her ikke mere."),
        (5, "Id", "Det samme står allerede i række 4."),
        (6, "Id", "Feltet mangler."),
        (6, "Overenhed", "Der er ingen enhed med det id, heller ikke i filen: 79."),
        (7, "Navn", "Feltet mangler."),
        (7, "Leder", "Det er ikke en mailadresse."),
        (
            8,
            "Navn",
            "Ved tegn nr. 5 står noget, der ligner et CPR-nummer. "
            "Gavebordet gemmer ikke oplysninger om borgere. Skriv det uden nummeret.",
        ),
        (8, "Kort navn", "Teksten er for lang: højst 200 tegn."),
        (8, "Overenhed", "Der er ingen enhed med det id, heller ikke i filen: 78."),
        (9, "Id", "Enheden Lukket er lukket."),
    ]
    assert [step.row for step in outcome.created] == [2, 10]
    assert unit(session, "1") is None
    assert happened() == []


def test_units_that_would_lie_under_themselves_are_each_told_of(bring, make):
    outside = make.unit(name="Ude", external_id="8")
    make.unit(name="Inde", external_id="9", parent_id=outside.key)
    outcome = bring(
        SheetKind.UNITS,
        HEADINGS,
        ["1", "En", "", "2", ""],
        ["2", "To", "", "1", ""],
        ["3", "Selv", "", "3", ""],
        ["4", "Uden for", "", "1", ""],
        ["8", "", "", "9", ""],
    )
    starts = "Enheden kommer til at ligge under sig selv: "
    assert told(outcome) == [
        (2, "Overenhed", starts + "En > To > En."),
        (3, "Overenhed", starts + "En > To > En."),
        (4, "Overenhed", starts + "Selv > Selv."),
        (6, "Overenhed", starts + "Ude > Inde > Ude."),
    ]


def test_a_closed_unit_may_stand_in_the_file_as_it_is(bring, make):
    make.unit(external_id="90", name="Lukket", closed_on=date(2026, 1, 1))
    assert counts(bring(SheetKind.UNITS, ["Id", "Navn"], ["90", "Lukket"])) == (0, 0, 1)


def test_five_thousand_units_are_brought_in_one_go(bring, session):
    rows = [
        [str(n), f"Enhed {n}", str(max(1, n // 8)) if n > 1 else ""] for n in range(5000, 0, -1)
    ]
    outcome = bring(SheetKind.UNITS, ["Id", "Navn", "Overenhed"], *rows, apply=False)
    assert counts(outcome) == (5000, 0, 0)
    assert session.exec(select(Unit)).all() == []


def test_what_is_changed_of_a_unit_is_told_with_the_names_of_those_above_it(bring, make):
    above, signe = make.unit(name="Familie", external_id="1"), make.person(name="Signe")
    make.unit(name="Unge", external_id="2", parent_id=above.key)
    rows = [["Id", "Navn", "Overenhed", "Leder"], ["3", "Børn og Unge", "", ""]]
    outcome = bring(SheetKind.UNITS, *rows, ["2", "Unge+", "3", signe.mail], apply=False)
    (step,) = outcome.changed
    assert step.changes == [
        Change("Navn", "Unge", "Unge+"),
        Change("Overenhed", "Familie", "Børn og Unge"),
        Change("Leder", "", "Signe"),
    ]
