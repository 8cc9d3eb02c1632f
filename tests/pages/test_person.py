"""En person: how to reach them, what they answer for and own, and that somebody looked is kept."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.handovers.lifecycle import State
from app.networks.models import NetworkRole
from app.pages.person import OPEN
from app.people.models import PersonLook
from app.people.signed_in import Role
from app.units.models import PostKind
from tests.conftest import NOON

TODAY = NOON.date()


@pytest.fixture
def looker(make):
    return make.person(name="Lis Læser")


@pytest.fixture
def desk(looker, desk_of):
    return desk_of(looker)


def test_who_it_is_and_how_to_reach_them(make, desk):
    unit = make.unit(name="PPR")
    person = make.person(
        name="Signe Aaskov", title="Psykolog", phone="72 30 41 17", unit_id=unit.key
    )
    page = desk.page(f"/people/{person.key}")
    for text in ("Signe Aaskov", "Psykolog", 'href="tel:72304117"', f"mailto:{person.mail}"):
        assert text in page
    assert f'href="/units/{unit.key}" lang="da">PPR' in page
    assert page.count('href="/me/sessions"') == 1, "that of the foot"


def test_what_they_answer_for_and_which_networks_they_are_in_today(make, desk):
    person = make.person(role=Role.AUDITOR)
    now, past = make.unit(name="PPR"), make.unit(name="Før i tiden")
    make.post(now, person, kind=PostKind.SUBSTITUTE)
    make.post(past, person, to_on=TODAY - timedelta(days=1))
    network = make.network(name="Det gode ungeliv")
    make.member(network, person, role=NetworkRole.REFERENCE_LEADER)
    left = make.member(make.network(name="Det, der var"), person)
    left.to_on = TODAY - timedelta(days=1)
    page = desk.page(f"/people/{person.key}")
    for text in ("PPR", "Stedfortræder", "Det gode ungeliv", "Referenceleder", "Revisor"):
        assert text in page
    for text in ("Før i tiden", "Det, der var"):
        assert text not in page


def test_what_they_own_is_there_with_what_is_due_first(make, desk):
    person, unit = make.person(), make.unit(leader=make.person())
    for title, days in (("Senere", 20), ("Over tiden", -3)):
        due_on = TODAY + timedelta(days=days)
        gift = make.gift(title=title)
        make.handover(gift=gift, unit=unit, owner=person, state=State.IN_USE, life_due_on=due_on)
    make.handover(gift=make.gift(title="Stoppet"), owner=person, state=State.DISCONTINUED)
    address = f"/people/{person.key}"
    assert re.findall(r'gift-card-title">(.*?)<', desk.page(address)) == ["Over tiden", "Senere"]
    for _ in range(OPEN):
        make.handover(unit=unit, owner=person, state=State.TRIAL)
    assert desk.page(address).count("gift-card-title") == OPEN
    assert desk.page(f"{address}?all=1").count("gift-card-title") == OPEN + 2


def test_somebody_without_any_of_it_is_shown_kindly(make, desk):
    person = make.person(mail=None)
    page = desk.page(f"/people/{person.key}")
    for text in ("Ingen gaver lige nu.", "Ingen enhed lige nu.", "Ingen netværk lige nu."):
        assert text in page


def test_on_my_own_page_is_the_way_to_my_sign_ins(looker, desk):
    assert desk.page(f"/people/{looker.key}").count('href="/me/sessions"') == 2


def test_that_somebody_looked_is_kept_and_not_who(make, session, desk, desk_of):
    person = make.person()
    for one in (desk, desk_of(make.secretary()), desk):
        one.page(f"/people/{person.key}")
    desk_of(person).page(f"/people/{person.key}")
    desk.get("/people/4711", status=404)
    kept = {(look.person_id, look.kind): look.count for look in session.exec(select(PersonLook))}
    assert kept == {(person.key, "employee"): 2, (person.key, "secretariat"): 1}


def test_somebody_who_has_left_is_said_to_have(make, desk):
    person = make.person(left_at=NOON, name="Bo Aagesholm")
    assert "Er her ikke mere" in desk.page(f"/people/{person.key}")


def test_what_they_are_called_is_shown_and_not_run(make, desk):
    person = make.person(name="<script>alert(1)</script>", title="<b>Chef</b>")
    page = desk.page(f"/people/{person.key}")
    assert "<script>alert" not in page
    assert "<b>Chef" not in page


@pytest.mark.parametrize("address", ["/people/4711", "/people/abc", "/people/-1"])
def test_who_is_not_there_is_not_found(desk, address):
    desk.get(address, status=404)
