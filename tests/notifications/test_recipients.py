"""Each rule, on facts in which everybody has a part."""

from dataclasses import replace

import pytest

from app.notifications.recipients import (
    RULES,
    Facts,
    Reason,
    Seat,
    Told,
    Who,
    looks_at_units,
    recipients,
)

OWNER, FORMER, NEW = Who(1, "Tove"), Who(2, "Frida"), Who(3, "Niels")
LEADER, SUBSTITUTE = Who(4, "Lea"), Who(5, "Stig")
ABOVE, ABOVE_TOO = Who(6, "Ove"), Who(7, "Siri")
GIVER, CO_DRIVER, PARTICIPANT = Who(8, "Gry"), Who(9, "Carl"), Who(10, "Pia")
AFFECTED, AFFECTED_TOO = Who(11, "Asta"), Who(12, "Alma")
SECRETARY = Who(13, "Sara")
EVERYBODY = Facts(
    owner=OWNER,
    answering=[Seat(LEADER), Seat(SUBSTITUTE, is_substitute=True, stands_in_for=LEADER)],
    next_up=[Seat(ABOVE), Seat(ABOVE_TOO, is_substitute=True, stands_in_for=ABOVE)],
    givers=[GIVER, CO_DRIVER],
    others=[PARTICIPANT],
    affected=[Seat(AFFECTED), Seat(AFFECTED_TOO, is_substitute=True, stands_in_for=AFFECTED)],
    secretariat=[SECRETARY],
    named=NEW,
    former=FORMER,
)
OWN = {OWNER: Reason.OWNER}
N = {NEW: Reason.OWNER}
F = {FORMER: Reason.FORMER_OWNER}
U = {LEADER: Reason.LEADER, SUBSTITUTE: Reason.SUBSTITUTE}
G = {GIVER: Reason.GIVER, CO_DRIVER: Reason.GIVER}
P = {PARTICIPANT: Reason.PARTICIPANT}
A = {AFFECTED: Reason.AFFECTED, AFFECTED_TOO: Reason.AFFECTED}
UP = {ABOVE: Reason.NEXT_LEADER}
S = {SECRETARY: Reason.SECRETARIAT}
M = {NEW: Reason.NAMED}
TOLD = {
    "handover.requested": G,
    "handover.request_taken_back": G,
    "handover.announced": U,
    "handover.delivered": OWN | U | A,
    "handover.reopened": U | A,
    "handover.acknowledged": G,
    "handover.accepted": N | G | U | P,
    "handover.returned": G,
    "handover.declined": OWN | G | P,
    "handover.passed_on": G,
    "handover.reconsidered": F | G,
    "handover.withdrawn": OWN | U,
    "handover.trial_started": OWN | G | U,
    "handover.put_in_use": OWN | G | U | P | A,
    "handover.anchoring_proposed": OWN | G | UP,
    "handover.anchored": OWN | U | G | P,
    "handover.discontinued": OWN | G | P | A,
    "handover.paused": OWN | G,
    "handover.resumed": OWN | G,
    "handover.owner_named": N | F | U,
    "handover.ripple_answered": A,
    "handover.edition_offered": OWN | U,
    "handover.receipt_voided": OWN | U,
    "handover.edition_taken": G,
    "handover.moved": OWN | U | G,
    "handover.lost_its_unit": G | S,
    "handover.note_written": OWN | U | G,
    "follow_up.recorded": OWN | G,
    "gift.contact_added": M,
    "gift.contact_removed": M,
    "network.member_joined": M,
    "webhook.switched_off": M,
}


def told(event_type, facts=EVERYBODY, *, by=None, for_=None):
    found = recipients(event_type, facts, actor_id=by, on_behalf_of_id=for_)
    assert len({one.who.id for one in found}) == len(found)
    return {one.who: one.reason for one in found}


@pytest.mark.parametrize("event_type", RULES)
def test_each_event_is_told_to_those_it_concerns_and_to_nobody_else(event_type):
    assert told(event_type) == TOLD.get(event_type, {})


@pytest.mark.parametrize("event_type", RULES)
def test_nobody_is_told_of_what_they_did_or_had_done(event_type):
    everybody = told(event_type)
    for one in everybody:
        for other in everybody:
            rest = told(event_type, by=one.id, for_=other.id)
            assert rest.keys() == everybody.keys() - {one, other}


@pytest.mark.parametrize("event_type", RULES)
def test_where_nobody_is_anything_nobody_is_told(event_type):
    assert told(event_type, Facts()) == {}


def test_a_substitute_is_told_with_the_trace_of_whom_they_stand_in_for():
    found = recipients("handover.announced", EVERYBODY, actor_id=None)
    assert found == [
        Told(LEADER, Reason.LEADER),
        Told(SUBSTITUTE, Reason.SUBSTITUTE, stands_in_for=LEADER),
    ]


def test_the_substitutes_of_affected_units_have_their_trace_too():
    found = recipients("handover.ripple_answered", EVERYBODY, actor_id=None)
    assert found[1] == Told(AFFECTED_TOO, Reason.AFFECTED, stands_in_for=AFFECTED)


def test_who_is_several_things_is_told_once_for_what_counts_most():
    one = replace(EVERYBODY, owner=LEADER, givers=[LEADER, GIVER], others=[LEADER])
    assert told("handover.put_in_use", one)[LEADER] is Reason.OWNER
    assert told("handover.acknowledged", one)[LEADER] is Reason.GIVER
    assert told("handover.announced", one)[LEADER] is Reason.LEADER


def test_where_nobody_gives_any_more_the_secretariat_answers_for_the_network():
    orphaned = replace(EVERYBODY, givers=[])
    assert told("handover.acknowledged", orphaned) == S
    assert told("handover.acknowledged") == G


@pytest.mark.parametrize("event_type", ["handover.withdrawn", "handover.moved"])
def test_the_unit_hears_nothing_of_what_it_does_not_know_of(event_type):
    hidden = replace(EVERYBODY, owner=None, is_announced=False, knows=False)
    assert told(event_type, hidden).keys().isdisjoint(U)


def test_what_the_unit_asked_for_it_hears_of_but_the_affected_do_not_yet():
    asked_for = replace(EVERYBODY, owner=None, is_announced=False, knows=True)
    assert told("handover.withdrawn", asked_for) == U
    assert told("handover.ripple_answered", asked_for) == {}


def test_the_affected_are_not_told_twice_of_one_deed():
    assert told("handover.ripple_answered", replace(EVERYBODY, is_answered_on_the_way=True)) == {}


@pytest.mark.parametrize(
    ("side", "heard_by"), [("receiver", G), ("giver", OWN | U), ("other", OWN | U | G)]
)
def test_a_word_is_heard_by_the_other_side(side, heard_by):
    assert told("handover.note_written", replace(EVERYBODY, side=side)) == heard_by


def test_the_leader_hears_of_a_follow_up_only_where_the_work_is_stuck():
    assert told("follow_up.recorded") == OWN | G
    assert told("follow_up.recorded", replace(EVERYBODY, is_stuck=True)) == OWN | G | U


def test_who_comes_to_lead_a_unit_is_told_where_something_waits_there():
    assert told("unit.post_filled") == {}
    assert told("unit.post_filled", replace(EVERYBODY, has_open=True)) == M


def test_who_answers_while_a_post_is_vacant_is_told_where_something_waits_there():
    vacant = replace(EVERYBODY, filling_in=EVERYBODY.next_up)
    assert told("unit.post_ended", vacant) == {}
    has_open = replace(vacant, has_open=True)
    assert told("unit.post_ended", has_open) == dict.fromkeys([ABOVE, ABOVE_TOO], Reason.VACANT)
    assert told("unit.post_ended", replace(EVERYBODY, has_open=True)) == {}
    (_, substitute) = recipients("unit.post_ended", has_open, actor_id=None)
    assert substitute.stands_in_for == ABOVE


@pytest.mark.parametrize("event_type", RULES)
@pytest.mark.parametrize("side", ["receiver", "giver", "other"])
def test_where_no_unit_is_looked_at_nobody_is_missed(event_type, side):
    whole = replace(EVERYBODY, side=side, is_stuck=True, has_open=True)
    whole = replace(whole, filling_in=EVERYBODY.next_up)
    blind = replace(whole, answering=(), next_up=(), affected=(), filling_in=())
    is_same = recipients(event_type, blind, actor_id=0) == recipients(event_type, whole, actor_id=0)
    assert is_same or looks_at_units(event_type)
