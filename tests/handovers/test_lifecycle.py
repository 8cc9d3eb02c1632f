"""Every state with every step, against the table of the domain, written out here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.handovers.lifecycle import IllegalStep, State, Step, after, open_steps

TAKEN_STEPS = {"discontinue", "pause", "resume", "name_owner", "plan", "follow_up"}
STAYING = {
    "propose_anchoring",
    "pause",
    "resume",
    "name_owner",
    "plan",
    "follow_up",
    "take_edition",
}
BECOMES = {
    "announce": "announced",
    "deliver": "delivered",
    "withdraw": "withdrawn",
    "reopen": "delivered",
    "acknowledge": "acknowledged",
    "accept": "accepted",
    "return_for_clarification": "returned",
    "decline": "declined",
    "pass_on": "passed_on",
    "reconsider": "acknowledged",
    "start_trial": "trial",
    "put_in_use": "in_use",
    "anchor": "anchored",
    "discontinue": "discontinued",
}
ALLOWED = {
    "draft": {"announce", "deliver", "withdraw"},
    "announced": {"deliver", "withdraw", "pause", "resume"},
    "delivered": {
        "withdraw",
        "acknowledge",
        "accept",
        "return_for_clarification",
        "decline",
        "pass_on",
        "pause",
        "resume",
    },
    "acknowledged": {
        "withdraw",
        "accept",
        "return_for_clarification",
        "decline",
        "pass_on",
        "pause",
        "resume",
    },
    "returned": {"deliver", "withdraw", "reconsider", "pause", "resume"},
    "accepted": {"decline", "reconsider", "start_trial", "put_in_use", *TAKEN_STEPS},
    "trial": {"put_in_use", "take_edition", *TAKEN_STEPS},
    "in_use": {"propose_anchoring", "anchor", "take_edition", *TAKEN_STEPS},
    "anchored": {"take_edition", *TAKEN_STEPS},
    "declined": {"reopen", "reconsider"},
    "passed_on": {"reopen", "reconsider"},
    "withdrawn": {"reopen"},
    "discontinued": {"reopen"},
}


def test_the_table_speaks_of_every_state_and_every_step():
    assert set(ALLOWED) == set(State)
    assert {*BECOMES, *STAYING} == set(Step)
    assert set().union(*ALLOWED.values()) == set(Step)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_open_in_exactly_the_states_of_the_domain(state: State, step: Step):
    if step in ALLOWED[state]:
        assert after(state, step) == BECOMES.get(step, state)
    else:
        with pytest.raises(IllegalStep) as refused:
            after(state, step)
        assert refused.value.code == "illegal_step"
        assert (refused.value.state, refused.value.step) == (state, step)


@pytest.mark.parametrize("state", State)
def test_a_refusal_tells_what_can_be_done_instead(state: State):
    assert set(open_steps(state)) == ALLOWED[state]


def test_a_refusal_is_said_in_words():
    with pytest.raises(IllegalStep) as refused:
        after(State.DECLINED, Step.ACCEPT)
    assert str(refused.value) == "Overrækkelsen er »Nej tak«. Derfra kan man ikke tage imod."
    assert refused.value.members == {
        "state": "declined",
        "open_steps": ["reopen", "reconsider"],
    }


@given(st.lists(st.sampled_from(Step), max_size=40))
def test_whatever_people_try_an_ended_handover_only_begins_anew(steps: list[Step]):
    state = State.DRAFT
    for step in steps:
        if step not in ALLOWED[state]:
            continue
        was_ended = state in {"declined", "passed_on", "withdrawn", "discontinued"}
        state = after(state, step)
        begun = State.ACKNOWLEDGED if step is Step.RECONSIDER else State.DELIVERED
        assert not was_ended or state is begun


@given(st.lists(st.sampled_from(Step), max_size=40))
def test_nothing_is_in_use_that_was_never_accepted(steps: list[Step]):
    state, passed = State.DRAFT, set()
    for step in steps:
        if step in ALLOWED[state]:
            state = after(state, step)
            begins_anew = step in {Step.REOPEN, Step.RECONSIDER}
            passed = {state} if begins_anew else {*passed, state}
    if state in {State.TRIAL, State.IN_USE, State.ANCHORED}:
        assert State.ACCEPTED in passed
