"""Units are registered, renamed, moved, merged and closed, and their posts filled and ended."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.clock import local_day
from app.handovers.lifecycle import State
from app.people.signed_in import Role
from app.units.models import Post, Unit
from tests.conftest import NOON
from tests.pages.desk import form_in

UNITS, NEW = "/administration/units", "/administration/units/new"
TODAY = local_day(NOON)


@pytest.fixture
def desk(desk_of, secretary):
    return desk_of(secretary)


def page_of(unit):
    return f"{UNITS}/{unit.id}"


def test_those_that_nobody_leads_come_first(make, desk):
    make.unit(name="A ledet", leader=make.person(name="Lea Leder"))
    make.unit(name="B ledig")
    make.unit(name="C lukket", closed_on=TODAY)

    page = desk.get(UNITS).text

    assert page.index("B ledig") < page.index("A ledet")
    assert "Lea Leder" in page
    assert "C lukket" not in page
    vacant = desk.get(f"{UNITS}?which=vacant").text
    assert ("B ledig" in vacant, "A ledet" in vacant) == (True, False)
    assert "C lukket" in desk.get(f"{UNITS}?which=closed").text
    assert "A ledet" in desk.get(f"{UNITS}?q=LEDET").text


def test_a_unit_is_registered_under_another_by_name(make, desk, session):
    above = make.unit(name="Børn og Unge")

    told = desk.done(NEW, NEW, name="PPR", parent_id="børn og unge")

    unit = session.exec(select(Unit).where(Unit.name == "PPR")).one()
    assert (unit.parent_id, unit.external_id) == (above.key, None)
    assert "PPR er oprettet" in told


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"name": " "}, "Skriv enhedens navn."),
        ({"name": "PPR", "parent_id": "x" * 4000}, "findes ikke. Vælg den på listen."),
        ({"name": "PPR", "external_id": "taken"}, "En anden enhed har det id."),
        ({"name": "PPR", "short_name": "a\nb"}, "Skriv det på én linje."),
    ],
)
def test_what_is_wrong_with_a_unit_is_said(make, desk, filled, said):
    make.unit(external_id="taken")
    hostile = "<script>alert(1)</script>"

    refused = desk.press(NEW, NEW, **{"short_name": hostile, **filled})

    assert refused.status_code == 422
    assert refused.text.count(said) == 2
    assert hostile not in refused.text


def test_two_units_of_one_name_are_told_apart(make, desk, session):
    north, south = make.unit(name="Nord"), make.unit(name="Syd")
    make.unit(name="Team", parent_id=north.key)
    wanted = make.unit(name="Team", parent_id=south.key)

    refused = desk.press(NEW, NEW, name="Ny", parent_id="Team")
    assert refused.status_code == 422
    desk.done(NEW, NEW, name="Ny", parent_id="Team (Syd)")

    assert session.exec(select(Unit).where(Unit.name == "Ny")).one().parent_id == wanted.key


def test_a_unit_is_renamed_and_moved_and_never_under_itself(make, desk, session):
    above, unit = make.unit(name="Øverst"), make.unit(name="Gammel", external_id="7")
    below = make.unit(name="Nederst", parent_id=unit.key)
    page = page_of(unit)

    desk.done(page, page, name="Ny", external_id="")
    told = desk.done(page, f"{page}/place", parent_id="Øverst")
    session.refresh(unit)
    assert (unit.name, unit.external_id, unit.parent_id) == ("Ny", None, above.key)
    assert "Sara Sekretær flyttede enheden til Øverst." in told

    refused = desk.press(page, f"{page}/place", parent_id=below.name)
    assert refused.status_code == 422
    assert "En enhed kan ikke ligge under sig selv" in refused.text
    assert dict(form_in(refused.text, f"{page}/place").fields)["parent_id"] == "Nederst"
    desk.done(page, f"{page}/place", parent_id="")
    session.refresh(unit)
    assert unit.parent_id is None


def test_who_renames_what_another_has_renamed_is_told_so(make, desk, session):
    unit = make.unit(name="Gammel")
    late = desk.form(page_of(unit), page_of(unit)).with_(name="For sent")
    desk.done(page_of(unit), page_of(unit), name="Først")

    refused = desk.send(page_of(unit), late)

    assert refused.status_code == 412
    assert "Sara Sekretær rettede enheden: navn." in refused.text
    assert dict(form_in(refused.text, page_of(unit)).fields)["name"] == "For sent"


def test_a_post_is_filled_by_name_or_mail_once_and_ended(make, desk, session):
    unit, person = make.unit(), make.person(name="Lea Leder", mail="lea@lindborg.example")
    page, fill = page_of(unit), f"{page_of(unit)}/posts"
    fields = desk.form(page, fill).with_(person_id="LEA leder", kind="leader")

    assert [desk.send(fill, fields).status_code for _ in range(2)] == [303, 303]
    desk.done(page, fill, person_id="lea@lindborg.example", kind="substitute")
    leader, substitute = session.exec(select(Post).order_by(Post.id)).all()
    assert (leader.person_id, substitute.person_id) == (person.key, person.key)
    again = desk.press(page, fill, person_id="Lea Leder", kind="leader")
    assert again.status_code == 409
    assert "Lea Leder har allerede den post." in again.text

    end = f"{fill}/{leader.id}/ending"
    desk.done(page, end, to_on=(TODAY + timedelta(days=9)).isoformat())
    early = desk.press(page, end, to_on="2025-01-01")
    assert early.status_code == 422
    assert "Posten kan ikke slutte, før den begynder." in early.text
    session.refresh(leader)
    assert leader.to_on == TODAY + timedelta(days=9)
    assert desk.send(f"{fill}/9999/ending", [("to_on", "")]).status_code == 404


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("", "Skriv, hvem der skal have posten."),
        ("Ukendt", "Ingen her hedder »Ukendt«."),
        ("Anders And", "Der er flere, der hedder »Anders And«."),
        ("Gået Gerda", "Ingen her hedder »Gået Gerda«."),
        ("\x00", "Ingen her hedder"),
    ],
)
def test_who_is_not_one_person_gets_no_post(make, desk, session, who, said):
    make.person(name="Anders And")
    make.person(name="Anders And")
    make.person(name="Gået Gerda", left_at=NOON)
    unit = make.unit()

    refused = desk.press(page_of(unit), f"{page_of(unit)}/posts", person_id=who, kind="leader")

    assert refused.status_code == 422
    assert refused.text.count(said) == 2
    assert session.exec(select(Post)).all() == []


def test_closing_says_first_what_moves_where(make, desk, session):
    leader = make.person(name="Lea Leder")
    unit, successor = make.unit(name="Gammel", leader=leader), make.unit(name="Ny enhed")
    make.unit(name="Under", parent_id=unit.key)
    make.person(unit_id=unit.key)
    shared = make.gift()
    moving = make.handover(unit=unit)
    here = make.handover(unit=unit, gift=shared)
    make.handover(unit=successor, gift=shared)
    make.handover(unit=unit, state=State.DECLINED)
    page = f"{page_of(unit)}/closing"

    assert "Der er åbne enheder under den" in desk.get(page).text
    told = desk.get(f"{page}?successor_id=ny+enhed").text
    assert "Én åben overrækkelse flytter til Ny enhed." in told
    assert "Én møder en af samme gave i Ny enhed." in told
    assert "Én person flytter med." in told
    assert "Lea Leder er ikke længere på posten." in told
    session.refresh(unit)
    assert unit.closed_on is None

    assert dict(_posted(told, page))["successor_id"] == str(successor.id)
    answers = [desk.send(page, _posted(told, page)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    for row in (unit, moving, here):
        session.refresh(row)
    assert (unit.successor_id, moving.unit_id) == (successor.key, successor.key)
    assert here.state is State.PASSED_ON
    assert "Enheden er allerede lukket." in desk.get(page).text


def test_without_a_successor_the_handovers_go_to_the_secretariat(make, desk, session):
    unit = make.unit(name="Gammel")
    handovers = [make.handover(unit=unit), make.handover(unit=unit, state=State.TRIAL)]
    page = f"{page_of(unit)}/closing"

    told = desk.get(page).text
    assert "2 åbne overrækkelser kommer på sekretariatets liste" in told
    unknown = desk.get(f"{page}?successor_id=findes+ikke", 422).text
    assert unknown.count("Enheden »findes ikke« findes ikke.") == 2
    assert "Luk uden efterfølger" not in unknown
    assert desk.send(page, _posted(told, page)).status_code == 303

    for handover in handovers:
        session.refresh(handover)
        assert handover.needs_unit


def test_of_two_units_with_one_name_none_is_guessed(make, desk):
    unit, north, south = make.unit(name="Gammel"), make.unit(name="Nord"), make.unit(name="Syd")
    make.unit(name="Klub", parent=north)
    make.unit(name="Klub", parent=south)

    unknown = desk.get(f"{page_of(unit)}/closing?successor_id=Klub", 422).text

    assert "Flere enheder hedder »Klub«. Vælg den på listen." in unknown


def test_a_unit_that_changed_in_between_is_not_closed_unseen(make, desk, session):
    unit = make.unit(name="Gammel")
    page = f"{page_of(unit)}/closing"
    late = _posted(desk.get(page).text, page)
    desk.done(page_of(unit), page_of(unit), name="Omdøbt")

    refused = desk.send(page, late)

    assert refused.status_code == 412
    assert "Sara Sekretær rettede enheden: navn." in refused.text
    session.refresh(unit)
    assert unit.closed_on is None


def test_several_units_are_merged_into_one(make, desk, session):
    into = make.unit(name="Samlet")
    units = [make.unit(name="Nord"), make.unit(name="Syd")]
    handover = make.handover(unit=units[0])
    page = f"{page_of(into)}/merger"

    assert "Det sker, hvis" not in desk.get(page).text
    unknown = desk.get(f"{page}?unit_ids=Nord&unit_ids=Vest", 422).text
    assert "Enheden »Vest« findes ikke." in unknown
    told = desk.get(f"{page}?unit_ids=Nord&unit_ids=Syd&unit_ids=").text
    assert "Én åben overrækkelse flytter til Samlet." in told
    assert desk.send(page, _posted(told, page)).status_code == 303

    for row in (*units, handover):
        session.refresh(row)
    assert [unit.successor_id for unit in units] == [into.key, into.key]
    assert handover.unit_id == into.key
    nothing = desk.send(page, [("version", str(into.version))])
    assert nothing.status_code == 422
    assert "Skriv, hvilke enheder der skal lægges ind." in nothing.text


def test_strangers_and_auditors_do_nothing_to_units(make, desk_of, session):
    unit, other = make.unit(), make.unit()
    for looker in (make.person(), make.person(role=Role.AUDITOR)):
        desk = desk_of(looker)
        for path in (page_of(unit), f"{page_of(unit)}/closing", f"{page_of(unit)}/merger"):
            desk.get(path, 403)
        fields = [("version", "1"), ("name", "Overtaget"), ("unit_ids", str(other.id))]
        fields += [("person_id", looker.name), ("kind", "leader")]
        for noun in ("", "/place", "/posts", "/closing", "/merger"):
            assert desk.send(f"{page_of(unit)}{noun}", fields).status_code == 403
    session.refresh(unit)
    assert (unit.version, unit.closed_on) == (1, None)


def _posted(html, action):
    """The fields of the form that changes something: the other one only asks."""
    start = f'<form method="post" action="{action}"'
    return form_in(start + html.split(start)[1], action).fields
