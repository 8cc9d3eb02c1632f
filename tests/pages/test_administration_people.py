"""People are registered, changed, given roles, seen off and forgotten, without scripts."""

import re

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.people.models import Person, WebSession
from app.people.signed_in import Role
from tests.conftest import NOON
from tests.pages.desk import form_in

PEOPLE, NEW = "/administration/people", "/administration/people/new"
HOSTILE = "<script>alert(1)</script> & \"'"


def page_of(person):
    return f"{PEOPLE}/{person.id}"


def happened(session, person):
    statement = select(Event.type).where(Event.subject_id == person.id)
    return [one for one in session.exec(statement).all() if one.startswith("person.")]


def test_the_overview_counts_what_there_is_to_do(make, administrator, desk_of):
    make.unit(leader=make.person())
    make.unit()
    make.handover(needs_unit=True)

    page = desk_of(administrator).get("/administration").text

    assert "Ledige poster" in page
    assert page.count("tile-late") == 2


def test_those_who_keep_no_register_are_refused(make, secretary, desk_of):
    somebody, auditor = make.person(), make.person(role=Role.AUDITOR)
    paths = ("/administration", PEOPLE, NEW, page_of(somebody), "/administration/units")
    for looker in (somebody, auditor):
        for path in paths:
            desk_of(looker).get(path, 403)
        for path in (NEW, page_of(somebody), f"{page_of(somebody)}/departure"):
            fields = [("name", "Ny"), ("version", "1")]
            assert desk_of(looker).send(path, fields).status_code == 403
    for path in (f"{PEOPLE}/0", f"{PEOPLE}/x", f"{PEOPLE}/999999"):
        desk_of(secretary).get(path, 404)


def test_a_person_is_registered_with_the_unit_by_name(make, secretary, desk_of, session):
    unit = make.unit(name="Ungeenheden")

    told = desk_of(secretary).done(
        NEW, NEW, name="Ny Næstved", mail="NY@lindborg.example", unit_id="ungeenheden"
    )

    person = session.exec(select(Person).where(Person.name == "Ny Næstved")).one()
    assert (person.mail, person.unit_id, person.locale) == ("ny@lindborg.example", unit.key, "da")
    assert "Ny Næstved er oprettet" in told


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"name": ""}, "Skriv personens navn."),
        ({"name": "a" * 4000}, "højst 200 tegn"),
        ({"name": "Nul\x00"}, "kan ikke læses"),
        ({"name": "Bo 010203-1234"}, "ligner et CPR-nummer"),
        ({"name": "Bo", "mail": "bo"}, "Det er ikke en mailadresse."),
        ({"name": "Bo", "mail": "taget@lindborg.example"}, "Mailadressen bruges af en anden."),
        ({"name": "Bo", "phone": "ring"}, "Det er ikke et telefonnummer"),
        ({"name": "Bo", "unit_id": "Findes ikke"}, "Enheden »Findes ikke« findes ikke."),
        ({"name": "Bo", "unit_id": "\x00"}, "findes ikke. Vælg den på listen."),
        ({"name": "Bo", "locale": "de"}, "Vælg en af"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    make, secretary, desk_of, session, filled, said
):
    make.person(mail="taget@lindborg.example")
    before = len(session.exec(select(Person)).all())

    refused = desk_of(secretary).press(NEW, NEW, title=HOSTILE, **filled)

    assert refused.status_code == 422
    assert refused.text.count(said) == 2
    assert "<script>alert" not in refused.text
    assert dict(form_in(refused.text, NEW).fields)["title"] == HOSTILE
    assert len(session.exec(select(Person)).all()) == before


def test_what_is_known_is_changed_and_emptied(make, secretary, desk_of, session):
    unit = make.unit(name="Lukket", closed_on=NOON.date())
    person = make.person(name="Gammelt Navn", phone="12345678", unit_id=unit.key, locale="en")

    told = desk_of(secretary).done(page_of(person), page_of(person), name="Nyt Navn", phone="")

    session.refresh(person)
    assert (person.name, person.phone, person.unit_id) == ("Nyt Navn", None, unit.key)
    assert person.locale == "en"
    assert "Sara Sekretær rettede oplysninger om en person: navn, telefon." in told


def test_two_presses_are_one_change_and_who_was_slower_is_told(make, secretary, desk_of, session):
    person = make.person(name="Bo")
    desk, slow = desk_of(secretary), desk_of(secretary)
    form = desk.form(page_of(person), page_of(person))
    late = slow.form(page_of(person), page_of(person)).with_(title="Typed too late")

    answers = [desk.send(page_of(person), form.with_(title="Leder")) for _ in range(2)]
    refused = slow.send(page_of(person), late)

    assert [answer.status_code for answer in answers] == [303, 303]
    assert happened(session, person) == ["person.changed"]
    assert refused.status_code == 412
    assert "Sara Sekretær rettede oplysninger om en person: stilling." in refused.text
    assert "Typed too late" in refused.text


def test_what_was_typed_after_the_session_had_ended_is_kept(make, secretary, desk_of, session):
    person = make.person(name="Bo")
    desk = desk_of(secretary)
    fields = desk.form(page_of(person), page_of(person)).with_(title="Skrevet før")
    for row in session.exec(select(WebSession)):
        row.ended_at, row.ended_by = NOON, "signed_out"
    session.flush()

    assert desk.send(page_of(person), fields).status_code == 401
    again = desk_of(secretary)
    kept = form_in(again.get(f"{page_of(person)}?kept=1").text, page_of(person))

    assert dict(kept.fields)["title"] == "Skrevet før"
    assert again.send(page_of(person), kept.fields).status_code == 303


def test_roles_are_given_by_administrators_and_the_last_of_them_stays(
    make, administrator, secretary, desk_of, session
):
    person, desk = make.person(), desk_of(administrator)
    action = f"{page_of(person)}/roles"

    desk.done(page_of(person), action, roles=["secretariat", "administrator"])
    session.refresh(person)
    assert person.roles == "administrator secretariat"
    desk.done(page_of(person), action, roles=[])
    session.refresh(person)
    assert person.roles == ""

    alone = desk.press(page_of(person), action, roles=["auditor", "secretariat"])
    assert "En revisor ændrer ikke noget" in alone.text
    assert alone.status_code == 422
    mine = page_of(administrator)
    last = desk.press(mine, f"{mine}/roles", roles=["secretariat"])
    assert last.status_code == 409
    assert "Der skal være mindst én administrator." in last.text
    assert desk.press(page_of(person), action, roles=["king"]).status_code == 422
    fields = [("version", str(person.version)), ("roles", "administrator")]
    assert desk_of(secretary).send(action, fields).status_code == 403


def test_an_administrator_is_changed_by_administrators_only(administrator, secretary, desk_of):
    page = desk_of(secretary).get(page_of(administrator)).text

    assert "En administrator ændres kun af en administrator." in page
    fields = [("version", "1"), ("name", "Overtaget")]
    for action in (page_of(administrator), f"{page_of(administrator)}/departure"):
        assert desk_of(secretary).send(action, fields).status_code == 403


def test_a_person_leaves_comes_back_and_is_forgotten_only_by_name(
    make, administrator, desk_of, session
):
    person = make.person(name="Frida Forladt", title="Leder")
    make.unit(leader=person, name="Ungeenheden")
    page, desk = page_of(person), desk_of(administrator)
    forget = f"{page}/pseudonymisation"

    assert "Personen er her endnu." in desk.get(forget).text
    desk.done(page, f"{page}/departure")
    assert "Velkommen tilbage" in desk.done(page, f"{page}/return")
    desk.done(page, f"{page}/departure")
    refused = desk.press(forget, forget, name="Frida")
    assert refused.status_code == 422
    assert "Skriv navnet, præcis som det står: Frida Forladt." in refused.text
    fields = desk.form(forget, forget).with_(name=" frida  forladt ")
    answers = [desk.send(forget, fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    session.refresh(person)
    assert (person.name, person.mail, person.title) == ("Tidligere leder af Ungeenheden", None, "")
    told = desk.get(page).text
    assert "det kan ikke gøres om" in told
    assert "Frida" not in told


def test_the_secretariat_does_not_take_names_away(make, secretary, desk_of):
    person = make.person(left_at=NOON)
    action = f"{page_of(person)}/pseudonymisation"

    desk_of(secretary).get(action, 403)
    fields = [("version", "1"), ("name", person.name)]
    assert desk_of(secretary).send(action, fields).status_code == 403


def test_where_somebody_is_signed_in_is_seen_and_ended(make, administrator, desk_of, session):
    person = make.person()
    first, second = make.web_session(person, agent="Firefox, Mac"), make.web_session(person)
    make.web_session(person, ended_at=NOON, ended_by="mail", agent="Safari, iPhone")
    page, desk = page_of(person), desk_of(administrator)
    action = f"{page}/sessions/ending"

    told = desk.get(page).text
    assert "Firefox, Mac" in told
    assert "Afsluttet, da mailadressen blev ændret" in told
    assert desk.send(action, [("session_id", str(first.id))]).status_code == 303
    assert desk.send(action, [("session_id", "all")]).status_code == 303
    assert desk.send(action, [("session_id", "x")]).status_code == 404
    assert desk.send(action, [("session_id", "99999")]).status_code == 404

    for row in (first, second):
        session.refresh(row)
        assert row.ended_by == "administrator"


def test_old_sign_ins_are_on_pages_of_their_own(make, administrator, desk_of):
    person = make.person()
    for number in range(12):
        make.web_session(person, agent=f"Browser nr. {number}.")
    page = desk_of(administrator).get(page_of(person)).text

    assert "Browser nr. 11." in page
    assert "Browser nr. 1." not in page
    older = page.split("sign_ins_before=")[1].split("#")[0]
    assert "Browser nr. 1." in (
        desk_of(administrator).get(f"{page_of(person)}?sign_ins_before={older}").text
    )


def test_people_are_searched_for_and_come_in_pages(make, secretary, desk_of):
    for number in range(55):
        make.person(name=f"Ane nr. {number:02}", mail=f"ane{number}@lindborg.example")
    make.person(name="Gået Gerda", left_at=NOON)
    desk = desk_of(secretary)

    first = desk.get(f"{PEOPLE}?q=ane").text
    rest = desk.get(next_of(first))
    assert "Ane nr. 00" in first
    assert "Ane nr. 54" not in first
    assert "Ane nr. 54" in rest.text
    assert "Gået Gerda" not in desk.get(f"{PEOPLE}?q=gerda").text
    assert "Gået Gerda" in desk.get(f"{PEOPLE}?q=gerda&has_left=1").text
    assert "Ingen passer på det." in desk.get(f"{PEOPLE}?q=%25").text


def test_people_stand_as_in_a_danish_phone_book(make, secretary, desk_of, monkeypatch):
    monkeypatch.setattr("app.pages.administration.people.SHOWN", 4)
    for name in ("Åse", "Ørsted", "Aage", "Zacho", "Ænder", "Bo"):
        make.person(name=f"{name} Prøve")
    desk = desk_of(secretary)

    first = desk.get(f"{PEOPLE}?q=prøve").text
    rest = desk.get(next_of(first)).text

    in_order = [re.findall(r"(\w+) Prøve", page) for page in (first, rest)]
    assert in_order == [["Bo", "Zacho", "Ænder", "Ørsted"], ["Aage", "Åse"]]


def next_of(html):
    """The address that »Vis flere« leads to."""
    return html.split(">Vis flere<")[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("q", ["%00", "010203-1234", "a" * 101, "%ff"])
def test_what_cannot_be_searched_for_is_said_at_the_field(secretary, desk_of, q):
    response = desk_of(secretary).client.get(f"{PEOPLE}?q={q}", headers={"Accept": "text/html"})
    assert response.status_code in (200, 422)
    assert ("form-error" in response.text) == (response.status_code == 422)
    desk_of(secretary).get(f"{PEOPLE}?after=x", 404)


def test_that_somebody_looked_at_a_person_is_kept(make, secretary, desk_of, signed_in):
    person = make.person()

    desk_of(secretary).get(page_of(person))

    looks = signed_in(person).get(f"/api/v1/people/{person.id}/looks").json()["items"]
    assert looks == [{"seen_on": "2026-03-02", "lookers": {"secretariat": 1}}]
