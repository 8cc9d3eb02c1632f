"""From a deed to the rows of those who are told of it, and until they are read."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.eventlog.log import By
from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.networks.models import NetworkRole
from app.notifications.models import Notification, Reminder, ReminderKind
from app.people import service as people
from app.units import service as units
from app.units.models import PostKind
from tests.conftest import NOON


def done(response):
    assert response.status_code < 300, response.text
    return response


def accept(scene, handover, by, **over):
    body = {"owner_id": scene.owner.key, "next_on": "2026-04-01", **over}
    return done(scene.does(by, "acceptance", handover, **body))


def remind(session, handover, person, kind=ReminderKind.UNANSWERED):
    reminder = Reminder(
        handover_id=handover.key,
        kind=kind,
        level=int(kind is ReminderKind.LIFT),
        due_on=NOON.date(),
        made_at=NOON,
    )
    session.add(reminder)
    session.flush()
    session.add(
        Notification(
            person_id=person.key,
            reason=kind,
            handover_id=handover.key,
            reminder_id=reminder.id,
            made_at=NOON,
        )
    )
    session.flush()


def test_who_gave_the_unit_an_answer_is_not_told_and_the_giver_is(scene, pass_on, told):
    done(scene.does(scene.leader, "receipt", scene.handover()))
    pass_on()
    assert told() == dict.fromkeys(
        [scene.giver.key, scene.co_driver.key, scene.consultant.key], "giver"
    )


def test_a_delivery_is_told_to_the_leader_and_the_substitute_with_the_trace(
    scene, session, pass_on, told
):
    done(
        scene.does(scene.giver, "delivery", scene.handover(State.DRAFT), ripple={"answer": "none"})
    )
    pass_on()
    assert told() == {scene.leader.key: "leader", scene.substitute.key: "substitute"}
    rows = session.exec(select(Notification)).all()
    traces = {row.person_id: row.stands_in_for_id for row in rows}
    assert traces == {scene.leader.key: None, scene.substitute.key: scene.leader.key}


def test_where_the_post_is_vacant_the_leader_above_is_told(scene, pass_on, told):
    handover = scene.handover(State.DRAFT)
    scene.leaves_vacant()
    done(scene.does(scene.giver, "delivery", handover, ripple={"answer": "none"}))
    pass_on()
    assert told() == {scene.above.key: "leader"}


def test_what_a_substitute_does_for_the_leader_is_told_to_neither(scene, pass_on, told):
    accept(scene, scene.handover(), scene.substitute)
    pass_on()
    assert scene.substitute.key not in told()
    assert scene.leader.key not in told()


def test_an_acceptance_reaches_owner_givers_and_the_others_in_the_network(scene, pass_on, told):
    accept(scene, scene.handover(), scene.leader)
    pass_on()
    assert told() == {
        scene.owner.key: "owner",
        scene.giver.key: "giver",
        scene.co_driver.key: "giver",
        scene.consultant.key: "giver",
        scene.substitute.key: "substitute",
        scene.participant.key: "participant",
        scene.reference_leader.key: "participant",
    }


def test_who_has_left_is_told_nothing(scene, session, pass_on, told):
    handover = scene.handover(State.IN_USE)
    for person in (scene.owner, scene.co_driver, scene.leader, scene.participant):
        person.left_at = NOON
    session.flush()
    done(scene.does(scene.substitute, "pause", handover, until="2026-04-01", reason="Ferie."))
    pass_on()
    assert told() == {scene.giver.key: "giver", scene.consultant.key: "giver"}


def test_where_a_networks_givers_have_gone_the_secretariat_is_told(scene, session, pass_on, told):
    handover = scene.handover()
    for person in (scene.giver, scene.co_driver, scene.consultant):
        person.left_at = NOON
    session.flush()
    done(scene.does(scene.leader, "receipt", handover))
    pass_on()
    assert told() == {scene.secretary.key: "secretariat"}


def test_affected_units_are_told_once_of_a_delivery(scene, make, session, pass_on, told):
    asta, alma = make.person(name="Asta"), make.person(name="Alma")
    felt = make.unit(leader=asta)
    make.post(felt, alma, kind=PostKind.SUBSTITUTE)
    ripple = {"answer": "units", "unit_ids": [felt.key]}
    done(scene.does(scene.giver, "delivery", scene.handover(State.DRAFT), ripple=ripple))
    pass_on()
    assert (told()[asta.key], told()[alma.key]) == ("affected", "affected")
    rows = session.exec(select(Notification).where(Notification.reason == "affected")).all()
    assert [row.stands_in_for_id for row in rows] == [None, asta.key]


def test_units_that_are_found_to_be_affected_later_are_told_then(scene, make, pass_on, told):
    asta = make.person(name="Asta")
    felt = make.unit(leader=asta)
    ripple = {"answer": "units", "unit_ids": [felt.key]}
    handover = scene.handover(State.ACCEPTED)
    done(scene.does(scene.owner, "ripple", handover, method="PUT", **ripple))
    pass_on()
    assert told() == {asta.key: "affected"}


def test_a_draft_is_nobodys_news(scene, pass_on, told):
    gift = scene.make.gift(network=scene.network, contact=scene.giver)
    body = {"gift_id": gift.key, "unit_id": scene.unit.key}
    done(scene.client(scene.giver).post("/api/v1/handovers", json=body))
    pass_on()
    assert told() == {}


def test_a_new_owner_and_the_former_one_are_told(scene, pass_on, told):
    handover = scene.handover(State.ACCEPTED)
    done(scene.does(scene.leader, "owner", handover, owner_id=scene.colleague.key))
    pass_on()
    assert told() == {
        scene.colleague.key: "owner",
        scene.owner.key: "former_owner",
        scene.substitute.key: "substitute",
    }


def test_the_next_leader_hears_that_there_is_something_to_confirm(scene, pass_on, told):
    handover = scene.handover(State.IN_USE, in_use_since_on=NOON.date() - timedelta(days=200))
    done(
        scene.does(scene.leader, "anchoring", handover, success="Ja.", citizen_value="De møder op.")
    )
    pass_on()
    assert told()[scene.above.key] == "next_leader"


def test_a_new_leader_is_told_where_something_waits(scene, session, make, pass_on, told):
    scene.handover()
    administrator = make.administrator()
    client = scene.client(administrator)
    quiet = make.unit()
    for unit in (scene.unit, quiet):
        body = {"person_id": scene.colleague.key, "kind": "substitute", "from_on": "2026-03-02"}
        done(client.post(f"/api/v1/units/{unit.key}/posts", json=body))
    pass_on()
    assert told() == {scene.colleague.key: "named"}
    (row,) = session.exec(select(Notification)).all()
    assert session.get(Event, row.event_id).subject_id == scene.unit.key


def test_a_new_leader_above_is_told_where_something_waits_in_a_vacant_unit_below(
    scene, make, pass_on, told
):
    administrator, new = make.administrator(), make.person(name="Ny Chef")
    client = scene.client(administrator)
    top = make.unit()
    between = make.unit(parent_id=top.key)
    scene.handover(unit=make.unit(parent_id=between.key))
    scene.handover(unit=make.unit(parent_id=top.key, leader=make.person()))
    body = {"person_id": new.key, "kind": "leader", "from_on": "2026-03-02"}
    done(client.post(f"/api/v1/units/{top.key}/posts", json=body))
    pass_on()
    assert told() == {new.key: "named"}


def test_a_new_leader_above_units_that_are_led_is_told_nothing(scene, make, pass_on, told):
    top = make.unit()
    scene.handover(unit=make.unit(parent_id=top.key, leader=make.person()))
    body = {"person_id": scene.colleague.key, "kind": "leader", "from_on": "2026-03-02"}
    client = scene.client(make.administrator())
    done(client.post(f"/api/v1/units/{top.key}/posts", json=body))
    pass_on()
    assert told() == {}


def ends(scene, make, post, to_on):
    """An administrator gives the post its last day."""
    ending = f"/api/v1/units/{post.unit_id}/posts/{post.id}/ending"
    done(scene.client(make.administrator()).post(ending, json={"to_on": to_on}))


@pytest.mark.parametrize("to_on", ["2026-03-01", "2026-03-02", "2026-03-31"])
def test_when_a_post_falls_vacant_whoever_answers_then_is_told(scene, make, pass_on, told, to_on):
    substitute = make.person(name="Ulla")
    make.post(scene.area, substitute, kind=PostKind.SUBSTITUTE)
    unit = make.unit(parent_id=scene.area.key)
    scene.handover(unit=unit)
    ends(scene, make, make.post(unit, make.person()), to_on)
    pass_on()
    assert told() == dict.fromkeys([scene.above.key, substitute.key], "vacant")


def test_a_post_that_falls_vacant_leaves_the_vacant_units_below_to_the_next_leader_too(
    scene, make, pass_on, told
):
    unit = make.unit(parent_id=scene.area.key)
    scene.handover(unit=make.unit(parent_id=unit.key))
    ends(scene, make, make.post(unit, make.person()), "2026-03-01")
    pass_on()
    assert told() == {scene.above.key: "vacant"}


def test_who_leaves_leaves_a_vacant_post_that_is_told_of(scene, session, make, pass_on, told):
    unit, leader = make.unit(parent_id=scene.area.key), make.person()
    make.post(unit, leader)
    scene.handover(unit=unit)
    people.leave(session, leader.key, version=None, by=By(), now=NOON)
    pass_on()
    assert told() == {scene.above.key: "vacant"}


def test_nobody_is_told_where_nothing_waits_or_somebody_else_sits(
    scene, session, make, pass_on, told
):
    empty, shared, closing = (make.unit(parent_id=scene.area.key) for _ in range(3))
    of_empty, of_shared, _ = (make.post(one, make.person()) for one in (empty, shared, closing))
    make.post(shared, make.person(), kind=PostKind.SUBSTITUTE)
    for unit in (shared, closing):
        scene.handover(unit=unit)
    scene.handover(State.DRAFT, unit=empty)
    scene.handover(State.DECLINED, unit=empty)
    for post in (of_empty, of_shared):
        ends(scene, make, post, "2026-03-01")
    pass_on()
    assert told() == {}
    units.close(session, closing.key, successor_id=shared.key, version=None, by=By(), now=NOON)
    pass_on()
    assert "vacant" not in told().values()


def test_who_comes_into_a_network_is_told(scene, pass_on, told):
    body = {"person_id": scene.stranger.key, "role": "participant", "from_on": "2026-03-02"}
    client = scene.client(scene.secretary)
    done(client.post(f"/api/v1/networks/{scene.network.key}/members", json=body))
    pass_on()
    assert told() == {scene.stranger.key: "named"}


def test_passed_on_again_nobody_is_told_twice(scene, session, pass_on):
    done(scene.does(scene.leader, "receipt", scene.handover()))
    pass_on()
    before = session.exec(select(Notification)).all()
    for event in session.exec(select(Event)).all():
        event.fanned_out_at = None
    pass_on()
    assert [row.id for row in session.exec(select(Notification))] == [row.id for row in before]


# Read by acting


def test_whoever_acts_has_read_what_they_were_told_of_it(scene, pass_on, told):
    handover = scene.handover()
    done(scene.does(scene.leader, "receipt", handover))
    pass_on()
    done(scene.does(scene.giver, "notes", handover, seen=None, text="Ring bare."))
    assert scene.giver.key not in told()
    assert scene.co_driver.key in told()


def test_what_one_answers_asks_the_other_no_more(scene, pass_on, told):
    handover = scene.handover(State.DRAFT)
    done(scene.does(scene.giver, "delivery", handover, ripple={"answer": "none"}))
    pass_on()
    scene.make.session.expire_all()
    done(scene.does(scene.leader, "receipt", handover))
    assert told() == {}


def test_a_question_asks_nobody_any_more_once_the_gift_is_delivered_again(scene, pass_on, told):
    handover = scene.handover()
    done(scene.does(scene.leader, "clarification", handover, question="Hvor ofte?"))
    pass_on()
    assert told().keys() == {scene.giver.key, scene.co_driver.key, scene.consultant.key}
    scene.make.session.expire_all()
    done(scene.does(scene.consultant, "delivery", handover, ripple={"answer": "none"}))
    assert told() == {}


def test_what_only_tells_stays_unread_whatever_others_do(scene, pass_on, told):
    handover = scene.handover()
    accept(scene, handover, scene.leader)
    pass_on()
    before = told()
    scene.make.session.expire_all()
    done(scene.does(scene.leader, "pause", handover, until="2026-04-01", reason="Ferie."))
    assert told() == before


@pytest.mark.parametrize(
    "kind", [ReminderKind.UNANSWERED, ReminderKind.UNANSWERED_AGAIN, ReminderKind.LIFT]
)
def test_a_reminder_asks_no_more_once_there_is_an_answer(scene, session, told, kind):
    handover = scene.handover()
    remind(session, handover, scene.above, kind)
    done(scene.does(scene.giver, "notes", handover, seen=None, text="Er I der?"))
    assert told() == {scene.above.key: kind}
    done(scene.does(scene.leader, "receipt", handover))
    assert told() == {}


@pytest.mark.parametrize(
    "kind",
    [ReminderKind.QUIET_OWNER, ReminderKind.QUIET_LEADER, ReminderKind.QUIET_SECRETARIAT],
)
def test_what_was_quiet_asks_no_more_at_the_first_sign_of_life(scene, session, told, kind):
    handover = scene.handover(State.IN_USE)
    remind(session, handover, scene.secretary, kind)
    done(scene.does(scene.giver, "notes", handover, seen=None, text="Hvordan går det?"))
    assert told() == {scene.secretary.key: kind}
    done(scene.does(scene.owner, "notes", handover, seen=None, text="Talt sammen i dag."))
    assert told() == {}


def test_another_handovers_messages_stay_as_they_are(scene, session, told):
    handover, another = scene.handover(), scene.handover()
    remind(session, another, scene.leader)
    done(scene.does(scene.leader, "receipt", handover))
    assert told() == {scene.leader.key: "unanswered"}


def test_told_late_it_is_read_already_by_those_who_have_acted_since(scene, pass_on, told):
    handover = scene.handover()
    done(scene.does(scene.leader, "receipt", handover))
    done(scene.does(scene.giver, "notes", handover, seen=None, text="Dejligt."))
    pass_on()
    assert scene.giver.key in told(unread=False)
    assert scene.giver.key not in told()
    assert scene.co_driver.key in told()


def test_told_late_what_asks_no_more_is_read_by_everybody(scene, pass_on, told):
    handover = scene.handover(State.DRAFT)
    done(scene.does(scene.giver, "delivery", handover, ripple={"answer": "none"}))
    scene.make.session.expire_all()
    done(scene.does(scene.leader, "receipt", handover))
    pass_on()
    assert scene.substitute.key in told(unread=False)
    assert told().keys() == {scene.giver.key, scene.co_driver.key, scene.consultant.key}


def test_a_reading_role_gives_nobody_more_to_hear(scene, make, pass_on, told):
    auditor = make.person(role="auditor")
    make.member(scene.network, auditor, role=NetworkRole.PARTICIPANT)
    done(scene.does(scene.leader, "receipt", scene.handover()))
    pass_on()
    assert auditor.key not in told()
