"""One gift to several units in one go: chosen, looked through, and all of them or none."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.handovers.models import Handover, Kind, Ripple
from app.units.models import PostKind
from tests.conftest import NOON
from tests.house.test_lists import questions
from tests.pages.desk import form_in


@pytest.fixture
def giver(scene, desk_of):
    return desk_of(scene.giver)


@pytest.fixture
def gift(scene, make):
    return make.gift(network=scene.network, contact=scene.giver, is_given=False)


@pytest.fixture
def at(gift):
    return f"/gifts/{gift.key}/deliver"


@pytest.fixture
def three(scene, make):
    names = ("Skolen", "Jobcentret")
    others = [make.unit(name=name, leader=make.person(name=f"Leder af {name}")) for name in names]
    return [scene.unit, *others]


@pytest.fixture
def empty(make):
    return make.unit(name="Den tomme")


def chosen(at, units):
    return f"{at}?step=check&" + "&".join(f"unit_ids={unit.key}" for unit in units)


def handovers(session):
    session.expire_all()
    return session.exec(select(Handover).order_by(Handover.id)).all()


def test_three_units_get_it_by_one_button_and_there_is_a_receipt(giver, at, three, session):
    page = giver.get(chosen(at, three)).text
    assert all(name in page for name in ("Lea Leder", "Stig Stedfortræder", "Leder af Skolen"))
    assert handovers(session) == []

    receipt = giver.done(chosen(at, three), at, step="deliver", lead_unit_id=three[1].key)

    found = handovers(session)
    assert [one.state for one in found] == [State.DELIVERED] * 3
    assert {one.unit_id: one.kind for one in found} == {
        three[0].key: Kind.CO,
        three[1].key: Kind.LEAD,
        three[2].key: Kind.CO,
    }
    assert {one.ripple for one in found} == {Ripple.UNKNOWN}
    assert "Gaven er overrakt" in receipt
    for one in found:
        assert f'href="/handovers/{one.key}"' in receipt
    assert receipt.count("Hovedmodtager") == 1


def test_who_else_will_feel_it_is_said_once_for_all_of_them(giver, at, three, make, session):
    other = make.unit(name="Den berørte")
    filled = {"step": "deliver", "ripple__answer": "units", "ripple__unit_names": "den BERØRTE"}

    giver.done(chosen(at, three), at, **filled)

    assert {one.ripple for one in handovers(session)} == {Ripple.UNITS}
    told = session.exec(select(Event).where(Event.type == "handover.ripple_answered")).all()
    assert [event.data["unit_ids"] for event in told] == [[other.key]] * 3


def test_units_said_to_feel_it_are_named(giver, at, three):
    refused = giver.press(chosen(at, three), at, step="deliver", ripple__answer="units")

    assert refused.status_code == 422
    assert "Sæt kryds ved enhederne, hvis det berører nogen, og kun da." in refused.text


def test_pressed_twice_is_pressed_once(giver, at, three, session):
    fields = giver.form(chosen(at, three), at).with_(step="deliver")

    answers = [giver.send(at, fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(handovers(session)) == 3


def test_one_unit_that_cannot_have_it_and_none_get_it(giver, at, three, empty, session):
    page = giver.get(chosen(at, [*three, empty])).text
    assert "Ingen kan nås for enheden, heller ikke over den." in page
    fields = form_in(page, at).fields
    assert ("unit_ids", str(empty.key)) not in fields
    assert ("unit_ids", str(three[0].key)) in fields

    all_four = [unit.key for unit in (*three, empty)]
    refused = giver.press(chosen(at, [*three, empty]), at, step="deliver", unit_ids=all_four)

    assert refused.status_code == 422
    assert "Den tomme har ingen leder, der kan nås" in refused.text
    assert handovers(session) == []


def test_it_can_wait_as_a_draft_for_a_leader(giver, at, empty, session):
    receipt = giver.done(chosen(at, [empty]), at, step="draft", unit_ids=[empty.key])

    assert "Ingen har fået besked." in receipt
    assert [one.state for one in handovers(session)] == [State.DRAFT]


def test_a_vacant_post_says_who_answers_instead(giver, at, scene, make):
    vacant = make.unit(name="Den ledige", parent_id=scene.area.key)

    page = giver.get(chosen(at, [vacant])).text

    assert "så Børn og Unge svarer i stedet" in page
    assert "Ove Oven" in page


def test_drafts_are_taken_further_and_who_has_it_is_left_out(
    giver, at, scene, gift, three, session
):
    draft = scene.handover(State.DRAFT, gift=gift, unit=three[0], kind=Kind.LEAD)
    announced = scene.handover(State.ANNOUNCED, gift=gift, unit=three[1], kind=Kind.CO)
    had = scene.handover(State.IN_USE, gift=gift, unit=three[2], kind=Kind.CO)

    page = giver.get(chosen(at, three)).text
    assert "Har gaven allerede og får ikke besked igen" in page
    both = [unit.key for unit in three]
    receipt = giver.done(chosen(at, three), at, step="deliver", unit_ids=both)

    states = {one.key: one.state for one in handovers(session)}
    assert states == {
        draft.key: State.DELIVERED,
        announced.key: State.DELIVERED,
        had.key: State.IN_USE,
    }
    assert "Havde den allerede" in receipt


def test_where_all_have_it_there_is_nothing_to_press(giver, at, scene, gift, session):
    scene.handover(State.ACCEPTED, gift=gift)

    page = giver.get(chosen(at, [scene.unit])).text
    assert "De har alle gaven allerede" in page
    assert 'method="post" action="/gifts' not in page
    refused = giver.send(
        at,
        [("version", str(gift.version)), ("step", "deliver"), ("unit_ids", str(scene.unit.key))],
    )
    assert refused.status_code == 409
    assert "Alle de enheder har gaven allerede." in refused.text


def test_they_are_announced_together(giver, at, three, session):
    giver.done(chosen(at, three), at, step="draft")
    assert {one.state for one in handovers(session)} == {State.DRAFT}

    receipt = giver.done(chosen(at, three), at, step="announce")

    assert {one.state for one in handovers(session)} == {State.ANNOUNCED}
    assert "Gaven er varslet" in receipt


def test_the_lead_receiver_stays_or_is_another(giver, at, scene, gift, three, make, session):
    first = scene.handover(State.DELIVERED, gift=gift, unit=three[0], kind=Kind.LEAD)

    giver.done(chosen(at, three[1:2]), at, step="deliver")
    assert [one.kind for one in handovers(session)] == [Kind.LEAD, Kind.CO]
    giver.done(chosen(at, three[2:]), at, step="deliver", lead_unit_id=three[2].key)
    assert [one.kind for one in handovers(session)] == [Kind.CO, Kind.CO, Kind.LEAD]

    unit = make.unit(leader=make.person())
    refused = giver.press(chosen(at, [unit]), at, step="deliver", lead_unit_id=first.unit_id)
    assert refused.status_code == 422
    assert "Vælg hovedmodtageren blandt dem, der skal have gaven." in refused.text
    assert len(handovers(session)) == 3


def test_a_gift_that_lacks_something_is_only_prepared(giver, scene, make, three, session):
    gift = make.gift(network=scene.network, contact=scene.giver, is_given=False, ask="")
    at = f"/gifts/{gift.key}/deliver"

    for page in (giver.get(at).text, giver.get(chosen(at, three)).text):
        assert "Der mangler:" in page
        assert f"/gifts/{gift.key}/edit#f-gifts-{gift.key}-edit-ask" in page
        assert 'value="deliver"' not in page
    refused = giver.press(chosen(at, three), at, step="deliver")
    assert refused.status_code == 409
    assert "Der mangler: hvad vi beder modtageren om." in refused.text
    assert handovers(session) == []
    giver.done(chosen(at, three), at, step="draft")
    assert len(handovers(session)) == 3


def test_units_are_found_and_those_chosen_are_kept_without_scripts(giver, at, three):
    page = giver.get(f"{at}?q=SKOL&unit_ids={three[2].key}").text

    assert "Skolen" in page
    assert "Jobcentret" in page
    assert "Ungeenheden" not in page
    assert form_in(page, at).fields[-1] == ("unit_ids", str(three[2].key))
    for nothing in ("%00", "x" * 300, "ingen-sådan"):
        assert "Ingen enheder passer på det." in giver.get(f"{at}?q={nothing}").text


def test_a_unit_that_has_it_is_no_choice(giver, at, scene, gift):
    handover = scene.handover(State.RETURNED, gift=gift)

    page = giver.get(at).text

    assert f'href="/handovers/{handover.key}"' in page
    assert f'value="{scene.unit.key}"' not in page


@pytest.mark.parametrize("ids", ["", "&unit_ids=x", "&unit_ids=987654", f"&unit_ids={'9' * 40}"])
def test_who_chose_nobody_is_asked_to(giver, at, ids):
    page = giver.get(f"{at}?step=check{ids}", status=422).text

    assert "Sæt kryds ved mindst én enhed." in page


def test_too_many_at_once_are_refused(giver, at, make, session):
    units = [make.unit() for _ in range(101)]

    page = giver.get(chosen(at, units), status=422).text
    assert "Vælg højst 100 enheder ad gangen." in page
    fields = [("version", "1"), ("step", "draft"), *(("unit_ids", str(u.key)) for u in units)]
    assert giver.send(at, fields).status_code == 422
    assert handovers(session) == []


@pytest.mark.parametrize(
    "hostile",
    [
        {"step": "no-such"},
        {"step": "deliver", "unit_ids": ["<script>"]},
        {"step": "deliver", "unit_ids": ["9" * 30]},
        {"step": "deliver", "unit_ids": ["987654"]},
        {"step": "deliver", "unit_ids": []},
        {"step": "deliver", "lead_unit_id": "x\x00"},
        {"step": "deliver", "ripple__answer": "no-such"},
        {"step": "deliver", "ripple__answer": "units", "ripple__unit_ids": ["987654"]},
    ],
)
def test_what_no_form_of_ours_sends_changes_nothing(giver, at, three, session, hostile):
    refused = giver.press(chosen(at, three), at, **hostile)

    assert refused.status_code == 422
    assert "<script>alert" not in refused.text
    assert handovers(session) == []


def test_a_unit_that_closed_meanwhile_is_told_of(giver, at, three, session, scene):
    fields = giver.form(chosen(at, three), at).with_(step="deliver")
    three[2].closed_on = NOON.date()
    session.flush()

    refused = giver.send(at, fields)

    assert refused.status_code == 422
    assert "Enheden Jobcentret er lukket." in refused.text
    assert handovers(session) == []


def test_a_gift_that_was_changed_meanwhile_is_looked_at_again(
    giver, desk_of, scene, at, three, gift
):
    fields = giver.form(chosen(at, three), at).with_(step="deliver")
    edit = f"/gifts/{gift.key}/edit"
    desk_of(scene.secretary).done(edit, edit, ask="Alt jeres tid")

    refused = giver.send(at, fields)

    assert refused.status_code == 412
    assert "Sara Sekretær rettede gaven: hvad vi beder modtageren om." in refused.text
    again = form_in(refused.text, at).with_(step="deliver")
    assert giver.send(at, again).status_code == 303


def test_what_was_chosen_is_kept_while_one_signs_in_again(giver, desk_of, scene, at, three, app):
    fields = giver.form(chosen(at, three), at).with_(step="deliver")
    app.state.now = NOON + timedelta(hours=13)
    refused = giver.send(at, fields)
    assert refused.status_code == 401

    app.state.now = NOON
    page = desk_of(scene.giver).get(f"{at}?kept=1").text
    sent = form_in(page, at).fields
    assert [value for name, value in sent if name == "unit_ids"] == [str(u.key) for u in three]


def test_only_those_who_give_it_hand_it_over(scene, desk_of, at, gift, make, three, session):
    paths = (at, f"{at}/receipt")
    for person in (scene.participant, make.person(role="auditor"), make.administrator()):
        desk = desk_of(person)
        for path in paths:
            desk.get(path, status=403)
        fields = [("version", "1"), ("step", "draft"), ("unit_ids", str(three[0].key))]
        assert desk.send(at, fields).status_code == 403
    for path in paths:
        desk_of(scene.stranger).get(path, status=404)
    assert desk_of(scene.stranger).send(at, [("version", "1")]).status_code == 404
    for person in (scene.co_driver, scene.consultant, scene.secretary):
        desk_of(person).get(at)
    assert handovers(session) == []


def test_the_receipt_shows_only_what_is_of_this_gift(giver, at, scene):
    other = scene.handover(State.DELIVERED)

    page = giver.get(f"{at}/receipt?step=deliver&given={other.key}+x+{'9' * 40}&had=1").text

    assert f"/handovers/{other.key}" not in page


def test_many_units_cost_no_more_questions_than_few(giver, at, make, database):
    def asked(count):
        units = [make.unit(parent_id=make.unit(leader=make.person()).key) for _ in range(count)]
        with questions(database) as sent:
            giver.get(chosen(at, units))
        return len(sent)

    assert asked(3) == asked(40)


def test_a_substitute_who_cannot_be_reached_is_told_apart(giver, at, scene, make):
    make.post(scene.unit, make.person(name="Ulla Uden", mail=None), kind=PostKind.SUBSTITUTE)

    page = giver.get(chosen(at, [scene.unit])).text

    assert "Ulla Uden" in page
    assert "kan ikke nås" in page
