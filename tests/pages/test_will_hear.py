"""Disse får besked: what the page says before is what happens afterwards."""

import re

import pytest
from sqlmodel import delete, select

from app.chores import FAN_OUT
from app.eventlog.models import Event
from app.handovers.lifecycle import BEFORE_TRIAL, ENDED, FROM_TRIAL_ON, State
from app.handovers.models import AffectedUnit, Ownership, Ripple
from app.networks.models import NetworkRole
from app.notifications.models import Notification
from app.people.models import Person
from app.units.models import PostKind
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.handovers.verbs import VERBS

pytestmark = ON_ONE

SHOWN = [verb for verb in VERBS if verb.event != "handover.planned"]
"""Nobody hears of a plan."""
ONLY_SAID_WHEN_CHOSEN = {"handover.accepted", "handover.owner_named"}
CASES = [(verb, who) for verb in SHOWN for who in sorted(verb.may - {"secretary"})]


def block(page, event_type):
    """What stands there, in words."""
    found = re.findall(
        rf'<div class="will-hear" id="hears-{event_type.replace(".", "-")}">(.*?)</div>', page, re.S
    )
    assert len(found) == 1, (event_type, len(found))
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def pass_on(session):
    while not FAN_OUT.pass_on(session, now=NOON):
        continue


def told_of(session, event_type):
    """Name and reason of everybody who has been told of the newest such event."""
    event = session.exec(select(Event).where(Event.type == event_type).order_by(Event.id)).all()[-1]
    rows = session.exec(select(Notification).where(Notification.event_id == event.id)).all()
    return {session.get(Person, row.person_id).name: row.reason for row in rows}


@pytest.mark.parametrize(("verb", "who"), CASES, ids=lambda one: str(one))
def test_the_page_names_exactly_those_who_are_told(desk_of, scene, session, verb, who):
    handover, person = verb.ready(scene), getattr(scene, who)
    if verb.before in ENDED:
        session.execute(delete(Ownership))  # Nobody owns what has ended.
    said = block(desk_of(person).page(f"/handovers/{handover.key}"), verb.event)
    assert verb.done_by(scene, person, handover).status_code < 300
    pass_on(session)
    told = told_of(session, verb.event)
    if verb.event in ONLY_SAID_WHEN_CHOSEN:
        assert "den, der bliver tovholder" in said
        told = {name: why for name, why in told.items() if why != "owner"}
    everybody = [person.name for person in session.exec(select(Person)).all()]
    named = {name for name in everybody if re.search(rf"(?<!for ){re.escape(name)} \(", said)}
    assert named == told.keys()


def test_an_owner_who_is_let_go_by_a_new_answer_hears_of_it(desk_of, scene, session):
    handover = scene.handover(State.ACCEPTED)
    page = desk_of(scene.leader).page(f"/handovers/{handover.key}")
    assert "Tove Tovholder (tovholder indtil nu)" in block(page, "handover.reconsidered")
    assert scene.does(scene.leader, "reconsideration", handover).status_code == 200
    pass_on(session)
    assert told_of(session, "handover.reconsidered")["Tove Tovholder"] == "former_owner"


def test_it_says_why_and_for_whom_a_substitute_stands(desk_of, scene):
    handover = scene.handover(State.DRAFT)
    said = block(desk_of(scene.giver).page(f"/handovers/{handover.key}"), "handover.delivered")
    assert said == (
        "Disse får besked: Lea Leder (svarer for enheden) , "
        "Stig Stedfortræder (stedfortræder for Lea Leder) , lederne af de enheder, du vælger."
    )


def test_the_leaders_of_affected_units_stand_there_by_name(desk_of, scene, make):
    felt = make.unit(leader=make.person(name="Asta Andersen"))
    handover = scene.handover(State.TRIAL)
    ripple = {"answer": "units", "unit_ids": [felt.key]}
    scene.does(scene.owner, "ripple", handover, method="PUT", **ripple)
    said = block(desk_of(scene.leader).page(f"/handovers/{handover.key}"), "handover.put_in_use")
    assert "Asta Andersen (svarer for en berørt enhed)" in said


ASK_OF_OTHERS = [
    ("giver", State.DRAFT, "handover.delivered", "ripple"),
    ("leader", State.DELIVERED, "handover.accepted", "accept.ripple"),
    ("owner", State.ACCEPTED, "handover.ripple_answered", "ripple"),
    ("owner", State.TRIAL, "handover.put_in_use", "ripple"),
    ("leader", State.IN_USE, "handover.discontinued", "ripple"),
]


@pytest.mark.parametrize(("who", "state", "event_type", "part"), ASK_OF_OTHERS)
def test_where_the_units_are_chosen_in_the_form_their_leaders_are_named_as_they_are(
    desk_of, scene, make, session, who, state, event_type, part
):
    known = make.unit(name="Kendt", leader=make.person(name="Kaj Kendt"))
    ticked = make.unit(name="Valgt", leader=make.person(name="Vera Valgt"))
    make.unit(name="Den Skrevne", leader=make.person(name="Sofus Skrevet"))
    handover, desk = scene.handover(state, ripple=Ripple.UNITS), desk_of(getattr(scene, who))
    session.add(AffectedUnit(handover_id=handover.key, unit_id=known.key))
    session.flush()

    def said(**asked):
        more = {f"{part}.{name}": value for name, value in asked.items()}
        page = desk.get(f"/handovers/{handover.key}", params=more).text
        return block(page, event_type)

    its_leaders = "lederne af de enheder, du vælger"
    assert its_leaders in said()
    assert ("Kaj Kendt" in said()) == (event_type != "handover.accepted")

    chosen = said(answer="units", unit_ids=ticked.key, unit_names=["den skrevne", ""])
    for leader in ("Vera Valgt", "Sofus Skrevet"):
        assert f"{leader} (svarer for en berørt enhed)" in chosen
    assert "Kaj Kendt" not in chosen
    assert its_leaders not in chosen

    nobody = said(answer="none")
    assert "berørt enhed" not in nobody
    assert its_leaders not in nobody

    assert its_leaders in said(answer="units", unit_names="Ingensteds")
    assert its_leaders in said(answer="units", unit_ids="9" * 30)
    assert its_leaders in said(answer="units")


def test_those_named_as_the_units_are_chosen_are_told_at_once(desk_of, scene, make, session):
    felt = make.unit(name="Åparken", leader=make.person(name="Asta Andersen"))
    handover = scene.handover(State.IN_USE)
    page, desk = f"/handovers/{handover.key}", desk_of(scene.owner)
    panel = desk.page(page).partition('id="ripple"')[2].partition("</form>")[0]
    assert "Deres ledere får besked med det samme." in panel
    asked = {"ripple.answer": "units", "ripple.unit_names": felt.name}
    named = block(desk.get(page, params=asked).text, "handover.ripple_answered")
    assert named == "Disse får besked: Asta Andersen (svarer for en berørt enhed) ."
    desk.done(page, f"{page}/ripple", ripple__answer="units", ripple__unit_names=felt.name)
    pass_on(session)
    assert told_of(session, "handover.ripple_answered") == {"Asta Andersen": "affected"}


def test_who_is_affected_hears_of_what_is_prepared_once_it_is_handed_over(desk_of, scene):
    handover = scene.handover(State.DRAFT)
    page = desk_of(scene.giver).page(f"/handovers/{handover.key}")
    assert "Deres ledere får besked, når gaven er overrakt." in page
    assert "Deres ledere får besked med det samme." not in page


def test_where_nobody_else_is_there_it_says_so(desk_of, scene, session):
    handover, scene.secretary.roles = scene.handover(State.DELIVERED), ""
    for person in (scene.giver, scene.co_driver, scene.consultant):
        person.left_at = NOON
    session.flush()
    said = block(desk_of(scene.leader).page(f"/handovers/{handover.key}"), "handover.acknowledged")
    assert said == "Ingen andre får besked."


def test_many_are_counted_and_each_is_named(desk_of, scene, make):
    for number in range(7):
        make.member(scene.network, make.person(name=f"Kim {number}"), role=NetworkRole.CO_DRIVER)
    handover = scene.handover()
    said = block(desk_of(scene.leader).page(f"/handovers/{handover.key}"), "handover.acknowledged")
    assert said.startswith("Disse får besked: 10 personer")
    assert all(f"Kim {number} (giver gaven)" in said for number in range(7))


def test_a_word_from_the_unit_is_told_to_the_givers_and_from_them_to_the_unit(desk_of, scene):
    handover = scene.handover(State.ACCEPTED)
    at = f"/handovers/{handover.key}"
    by_owner = block(desk_of(scene.owner).page(at), "handover.note_written")
    assert "Gry Giver" in by_owner
    assert "Lea Leder" not in by_owner
    by_giver = block(desk_of(scene.giver).page(at), "handover.note_written")
    assert "Lea Leder" in by_giver
    assert "Gry Giver" not in by_giver
    by_stranger = block(desk_of(scene.stranger).page(at), "handover.note_written")
    assert "Lea Leder" in by_stranger
    assert "Gry Giver" in by_stranger


def test_the_secretariat_is_reminded_that_whom_it_answers_for_is_not_told(desk_of, scene):
    handover = scene.handover()
    page = desk_of(scene.secretary).page(f"/handovers/{handover.key}")
    assert "får ikke besked om sit eget svar" in block(page, "handover.accepted")
    page = desk_of(scene.leader).page(f"/handovers/{handover.key}")
    assert "får ikke besked om sit eget svar" not in block(page, "handover.accepted")


def test_hostile_names_are_text(desk_of, scene, make):
    make.post(scene.unit, make.person(name="<b>Bo</b> & %s"), kind=PostKind.SUBSTITUTE)
    handover = scene.handover(State.DRAFT)
    page = desk_of(scene.giver).page(f"/handovers/{handover.key}")
    assert "&lt;b&gt;Bo&lt;/b&gt; &amp; %s" in page
    assert "<b>Bo" not in page


def test_before_a_gift_goes_to_several_units_those_who_are_told_stand_at_each(desk_of, scene, make):
    gift = make.gift(network=scene.network, contact=scene.giver)
    other = make.unit(leader=make.person(name="Pia Park"), name="Parken")
    own = make.unit(leader=scene.giver, name="Min egen")
    ids = "&".join(f"unit_ids={unit.key}" for unit in (scene.unit, other, own))
    page = desk_of(scene.giver).page(f"/gifts/{gift.key}/deliver?step=check&{ids}")
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Lea Leder (svarer for enheden)" in words
    assert "Stig Stedfortræder (stedfortræder for Lea Leder)" in words
    assert "Pia Park (svarer for enheden)" in words
    assert "Ingen andre: det er dig, der svarer for enheden." in words


def test_before_a_new_edition_those_stand_there_who_are_told_of_it(desk_of, scene, make, session):
    gift = make.gift(network=scene.network, contact=scene.giver)
    for number, state in enumerate((*BEFORE_TRIAL, *FROM_TRIAL_ON)):
        leader, owner = make.person(name=f"Leder {number}"), make.person(name=f"Tovholder {number}")
        scene.handover(state, gift=gift, unit=make.unit(leader=leader), owner=owner)
    for state in (State.DRAFT, State.DECLINED):
        quiet = make.unit(leader=make.person(name="Rolf Rolig"))
        scene.handover(state, gift=gift, unit=quiet, owner=None)
    desk, at = desk_of(scene.giver), f"/gifts/{gift.key}/edit"
    said = block(desk.page(at), "gift.edition_made")
    assert "Ved en rettelse får ingen besked." in said
    desk.done(at, at, change="material", changes="Nu med dagsorden.", summary="Et andet møde.")
    pass_on(session)
    told = {session.get(Person, row.person_id).name for row in session.exec(select(Notification))}
    everybody = [person.name for person in session.exec(select(Person)).all()]
    assert {name for name in everybody if f"{name} (" in said} == told
    assert {"Leder 0", "Leder 5", "Tovholder 5"} <= told
    assert "Rolf Rolig" not in told
