"""What one handover asks of its leader, its owner, its giver and the next leader up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.handovers.lifecycle import State
from app.insight.tasks import Facts, Verb, for_confirmer, for_giver, for_leader, for_owner

TODAY = date(2026, 3, 2)
LIVED_ON = TODAY - timedelta(days=5)
SOON, LATER = TODAY + timedelta(days=7), TODAY + timedelta(days=8)
TAKEN = (State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED)
DONE = Facts(
    state=State.IN_USE,
    last_life_on=LIVED_ON,
    life_due_on=LATER,
    is_paused=False,
    has_owner=True,
    has_read_back=True,
    knows_ripple=True,
    is_new_edition=False,
    is_requested=False,
    is_passed_on_to=False,
    awaits_confirmation=False,
)
"""Nothing is missing, and nothing is due within the week."""


@pytest.mark.parametrize("state", State)
def test_where_nothing_is_missing_only_the_unanswered_ask_something(state: State):
    facts = replace(DONE, state=state)
    asked = {"delivered": (Verb.ACKNOWLEDGE, LATER), "acknowledged": (Verb.ACCEPT, LATER)}
    assert for_leader(facts) == asked.get(state)
    assert for_owner(facts, TODAY) is None
    assert for_giver(facts) == (
        (Verb.ANSWER_QUESTION, LIVED_ON) if state is State.RETURNED else None
    )
    assert for_confirmer(facts) is None


@pytest.mark.parametrize("state", [State.DELIVERED, State.ACKNOWLEDGED, *TAKEN])
def test_a_paused_handover_asks_nothing_of_those_who_hold_it(state: State):
    facts = replace(DONE, state=state, is_paused=True, life_due_on=TODAY, has_read_back=False)
    assert for_leader(facts) is None
    assert for_owner(facts, TODAY) is None


@pytest.mark.parametrize("state", State)
def test_the_leader_names_an_owner_where_the_gift_was_taken_in(state: State):
    facts = replace(DONE, state=state, has_owner=False, is_paused=True)
    assert for_leader(facts) == ((Verb.NAME_OWNER, LIVED_ON) if state in TAKEN else None)


@pytest.mark.parametrize("state", State)
def test_the_owner_follows_up_what_is_due_within_the_week(state: State):
    facts = replace(DONE, state=state, life_due_on=SOON, has_read_back=False)
    asked = for_owner(facts, TODAY)
    assert asked == ((Verb.FOLLOW_UP, SOON) if state in TAKEN else None)


@pytest.mark.parametrize(
    ("facts", "verb"),
    [
        (replace(DONE, has_read_back=False, is_new_edition=True), Verb.WRITE_READ_BACK),
        (replace(DONE, is_new_edition=True, knows_ripple=False), Verb.TAKE_EDITION),
        (replace(DONE, knows_ripple=False), Verb.ANSWER_RIPPLE),
        (
            replace(DONE, state=State.ACCEPTED, is_new_edition=True, knows_ripple=False),
            Verb.ANSWER_RIPPLE,
        ),
    ],
    ids=["read-back first", "then the edition", "then the others", "no edition before a trial"],
)
def test_what_is_missing_is_asked_of_the_owner_one_thing_at_a_time(facts: Facts, verb: Verb):
    assert for_owner(facts, TODAY) == (verb, LATER)


@pytest.mark.parametrize("state", State)
def test_the_giver_confirms_only_a_draft_that_was_passed_on(state: State):
    facts = replace(DONE, state=state, is_passed_on_to=True)
    if state is State.DRAFT:
        assert for_giver(facts) == (Verb.CONFIRM_PASSING_ON, LIVED_ON)
    else:
        assert for_giver(facts) == for_giver(replace(facts, is_passed_on_to=False))


@pytest.mark.parametrize("state", State)
def test_the_giver_answers_a_unit_that_asks_before_anything_else(state: State):
    facts = replace(DONE, state=state, is_requested=True, is_passed_on_to=True)
    if state is State.DRAFT:
        assert for_giver(facts) == (Verb.ANSWER_REQUEST, LIVED_ON)
    else:
        assert for_giver(facts) == for_giver(replace(facts, is_requested=False))


@pytest.mark.parametrize("state", State)
def test_giver_and_next_leader_confirm_what_is_called_part_of_the_day(state: State):
    facts = replace(DONE, state=state, awaits_confirmation=True)
    confirm = (Verb.CONFIRM_ANCHORING, LIVED_ON) if state is State.IN_USE else None
    assert for_confirmer(facts) == confirm
    if state is not State.RETURNED:
        assert for_giver(facts) == confirm


def test_a_leader_is_asked_even_where_no_day_is_set():
    facts = replace(DONE, state=State.DELIVERED, life_due_on=None)
    assert for_leader(facts) == (Verb.ACKNOWLEDGE, LIVED_ON)
