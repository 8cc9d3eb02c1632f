"""The log in plain words, and who came in and who did not."""

from datetime import timedelta

import pytest

from app.eventlog import log
from app.eventlog.log import CATALOG, By, PersonId
from app.gifts.models import Gift
from app.handovers.events import HandoverAcknowledged
from app.pages.log_words import GROUPS, thing_of
from app.people.events import PersonChanged, RolesChanged, SessionBegun, SessionEnded
from app.people.signed_in import Role
from app.signing_in.events import SignInRefused
from app.units.events import PostFilled
from tests.conftest import NOON

LOG, SIGN_INS = "/administration/log", "/administration/sign-ins"


@pytest.fixture
def happens(session):
    def recorded(event, *, by=None, days_ago=0):
        log.record(session, event, By(by and by.key), at=NOON - timedelta(days=days_ago))

    return recorded


def test_every_kind_of_event_is_in_one_group():
    times = {
        one: sum(thing_of(one) in group.things for group in GROUPS.values()) for one in CATALOG
    }
    assert set(times.values()) == {1}, times


def test_it_is_told_in_plain_words_with_a_way_to_what_it_is_about(
    make, desk, happens, administrator
):
    person, unit = make.person(name="Bo <b>Berg</b>"), make.unit(name="PPR")
    happens(RolesChanged(subject_id=person.key, roles=["auditor"]), by=administrator)
    happens(
        PostFilled(
            subject_id=unit.key,
            person_id=PersonId(person.key),
            kind="substitute",
            from_on=NOON.date(),
            to_on=None,
        )
    )
    happens(SignInRefused(subject_id=0, reason="person_unknown"))

    page = desk.get(LOG).text

    assert "Aksel Administrator ændrede en persons roller til: Revisor." in page
    assert f'<a href="/administration/people/{person.id}" lang="da">Bo &lt;b&gt;Berg' in page
    assert "på posten (Stedfortræder) fra 2. marts 2026." in page
    assert f'<a href="/administration/units/{unit.id}" lang="da">PPR</a>' in page
    assert "Et login blev afvist: personen er ikke oprettet." in page
    assert page.index("Et login") < page.index("Stedfortræder") < page.index("Revisor.")


def test_it_is_narrowed_to_a_person_a_kind_and_a_day(make, desk, happens, administrator):
    bo, ida = make.person(name="Bo Berg"), make.person(name="Ida Ilk", left_at=NOON)
    happens(PersonChanged(subject_id=bo.key, fields=["phone"]), by=administrator, days_ago=90)
    happens(PersonChanged(subject_id=ida.key, fields=["title"]), by=bo, days_ago=1)
    happens(PersonChanged(subject_id=ida.key, fields=["name"]), by=administrator)
    session_id = make.web_session(bo).id
    event = SessionEnded(subject_id=session_id, person_id=PersonId(bo.key), ending="administrator")
    happens(event, by=administrator)

    of_bo = desk.get(f"{LOG}?person=bo+berg").text
    assert "person: telefon." in of_bo
    assert "person: stilling." in of_bo
    assert "afsluttede et login for Bo Berg." in of_bo
    assert "person: navn." not in of_bo
    assert "person: navn." in desk.get(f"{LOG}?person=Ida+Ilk").text
    lately = desk.get(f"{LOG}?from_on=2026-03-01").text
    assert ("person: stilling." in lately, "person: telefon." in lately) == (True, False)
    of_bo = desk.get(f"{LOG}?person_id={bo.id}&kind=sign-ins").text
    assert "afsluttede et login" in of_bo
    assert "person: telefon." not in of_bo
    assert "Der er ikke sket noget" in desk.get(f"{LOG}?kind=gifts").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("kind=everything", 404),
        ("person_id=x", 404),
        ("person_id=999999", 404),
        ("before=-1", 404),
        ("from_on=i+g%C3%A5r", 422),
        ("from_on=1999-01-01", 422),
        ("person=%00", 422),
        ("person=" + "a" * 4000, 422),
        ("person=Ingen", 422),
        ("from_on=2100-12-31&before=1", 200),
    ],
)
def test_what_cannot_be_asked_for_is_said(desk, query, status):
    for path in (LOG, SIGN_INS):
        page = desk.get(f"{path}?{query}", 200 if path == SIGN_INS and "kind" in query else status)
        assert ("form-error" in page.text) == (page.status_code == 422)


def test_pages_follow_one_another_and_miss_nothing(make, desk, happens):
    people = [make.person(name=f"Person nr. {number:03}") for number in range(120)]
    for person in people:
        happens(PersonChanged(subject_id=person.key, fields=["name"]))

    seen, path = [], f"{LOG}?kind=people"
    while path:
        page = desk.get(path).text
        seen += [name.split("<")[0] for name in page.split('lang="da">Person nr. ')[1:]]
        before, more, _ = page.partition(">Vis flere<")
        path = before.rpartition('href="')[2].split('"')[0].replace("&amp;", "&") if more else ""

    assert seen == [f"{number:03}" for number in reversed(range(120))]


def test_the_auditor_reads_it_too_and_nobody_else(make, desk_of, happens):
    person = make.person(name="Bo Berg")
    happens(PersonChanged(subject_id=person.key, fields=["name"]))
    auditor = desk_of(make.person(role=Role.AUDITOR))

    page = auditor.get(LOG).text
    assert f'<a href="/people/{person.id}" lang="da">Bo Berg</a>' in page
    assert f'href="{LOG}" aria-current="page"' in page
    auditor.get("/administration", 403)
    auditor.get(SIGN_INS, 403)
    desk_of(make.secretary()).get(LOG)
    desk_of(make.secretary()).get(SIGN_INS, 403)
    desk_of(person).get(LOG, 403)


def test_sign_ins_say_how_where_and_how_it_ended(make, desk, happens, administrator):
    bo, ida = make.person(name="Bo Berg"), make.person(name="Ida Ilk")
    row = make.web_session(bo, agent="Firefox, Mac")
    of_bo = {"subject_id": row.id, "person_id": PersonId(bo.key)}
    happens(SessionBegun(**of_bo, way="link"), by=bo, days_ago=2)
    happens(SessionEnded(**of_bo, ending="administrator"), by=administrator)
    happens(SignInRefused(subject_id=ida.key, reason="person_left"))

    page = desk.get(SIGN_INS).text
    assert "Loggede ind med link i en mail" in page
    assert page.count("Firefox, Mac") == 2
    assert "Afsluttet af en administrator" in page
    assert "Et login blev afvist: personen er stoppet." in page
    of_bo_only = desk.get(f"{SIGN_INS}?person=Bo+Berg").text
    assert "Afsluttet af en administrator" in of_bo_only
    assert "Et login blev afvist" not in of_bo_only
    assert "Et login blev afvist" in desk.get(f"{SIGN_INS}?person_id={ida.id}").text
    since = desk.get(f"{SIGN_INS}?from_on=2026-03-02&person_id={bo.id}").text
    assert "Loggede ind med" not in since


def test_a_handover_is_called_by_its_gift_and_its_unit(make, desk, happens):
    handover = make.handover(unit=make.unit(name="PPR"))
    title = make.session.get_one(Gift, handover.gift_id).title
    happens(HandoverAcknowledged(subject_id=handover.key))
    link = f'<a href="/handovers/{handover.key}" lang="da">{title}, PPR</a>'
    assert link in desk.get(LOG).text
