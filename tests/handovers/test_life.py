"""Signs of life: when one is due, the door, the shelf, dust, and when a gift is forgotten."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.handovers import life
from app.handovers.life import Patience, Rules
from app.handovers.lifecycle import State

RULES = Rules()
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
STATES = st.sampled_from(State)
WAITED_FOR = {
    State.DELIVERED: date(2026, 3, 16),  # 10 working days
    State.ACKNOWLEDGED: date(2026, 3, 30),  # 20 working days
    State.ACCEPTED: date(2026, 4, 16),  # 30 working days, around Easter
    State.TRIAL: date(2026, 5, 31),
    State.IN_USE: date(2026, 5, 31),
    State.ANCHORED: date(2027, 3, 2),
}


def due_on(
    state: State,
    last_life_on: date = MONDAY,
    *,
    next_on: date | None = None,
    paused_until: date | None = None,
    rules: Rules = RULES,
) -> date | None:
    return life.due_on(
        state, last_life_on=last_life_on, next_on=next_on, paused_until=paused_until, rules=rules
    )


@pytest.mark.parametrize("state", State)
def test_each_state_has_its_patience(state: State):
    assert due_on(state) == WAITED_FOR.get(state)


@pytest.mark.parametrize("state", WAITED_FOR)
def test_an_agreed_day_counts_before_patience(state: State):
    assert due_on(state, next_on=date(2026, 8, 20)) == date(2026, 8, 20)
    assert due_on(state, next_on=MONDAY + DAY) == MONDAY + DAY


@pytest.mark.parametrize("state", WAITED_FOR)
@pytest.mark.parametrize("next_on", [MONDAY, MONDAY - DAY])
def test_an_agreed_day_that_had_its_sign_of_life_counts_no_more(state: State, next_on: date):
    assert due_on(state, next_on=next_on) == WAITED_FOR[state]


@pytest.mark.parametrize("state", WAITED_FOR)
def test_a_pause_counts_before_everything_until_it_ends(state: State):
    until, agreed = date(2026, 6, 1), date(2026, 4, 1)
    assert due_on(state, next_on=agreed, paused_until=until) == until
    assert due_on(state, next_on=agreed, paused_until=MONDAY) == agreed


def test_nothing_is_due_where_nobody_is_waited_for():
    ahead = date(2026, 8, 1)
    for state in set(State) - set(WAITED_FOR):
        assert due_on(state, next_on=ahead, paused_until=ahead) is None


def test_a_municipality_sets_its_own_patience():
    rules = Rules(patience={State.DELIVERED: Patience(3)})
    assert due_on(State.DELIVERED, rules=rules) == date(2026, 3, 5)
    assert due_on(State.TRIAL, rules=rules) is None


@pytest.mark.parametrize(("days", "dust"), [(-1, 0), (0, 0), (1, 1), (40, 40)])
def test_dust_is_whole_days_past_the_due_day(days: int, dust: int):
    assert life.dust_days(MONDAY, MONDAY + timedelta(days=days)) == dust


def test_nothing_gathers_dust_before_anything_is_due():
    assert life.dust_days(None, MONDAY) == 0


@pytest.mark.parametrize("state", State)
def test_only_a_delivered_gift_waits_at_the_door(state: State):
    assert life.is_at_door(state, MONDAY, MONDAY + DAY) is (state is State.DELIVERED)


@pytest.mark.parametrize("state", State)
def test_the_shelf_holds_what_was_received_and_is_not_anchored(state: State):
    on_shelf = state in {"acknowledged", "accepted", "trial", "in_use"}
    assert life.is_on_shelf(state, MONDAY, MONDAY + DAY) is on_shelf


@pytest.mark.parametrize("state", State)
def test_on_the_due_day_itself_it_is_neither_at_the_door_nor_on_the_shelf(state: State):
    assert not life.is_at_door(state, MONDAY, MONDAY)
    assert not life.is_on_shelf(state, MONDAY, MONDAY)


@pytest.mark.parametrize(("days", "is_forgotten"), [(179, False), (180, True), (181, True)])
def test_after_180_days_without_life_a_quiet_gift_is_forgotten(days: int, is_forgotten: bool):
    today = MONDAY + timedelta(days=days)
    for state in (State.DELIVERED, State.ACKNOWLEDGED, State.ACCEPTED, State.TRIAL, State.IN_USE):
        assert life.is_forgotten(state, due_on(state), MONDAY, today, rules=RULES) is is_forgotten


def test_a_gift_that_is_paused_that_long_is_not_forgotten():
    today = MONDAY + timedelta(days=200)
    assert not life.is_forgotten(State.DELIVERED, today, MONDAY, today, rules=RULES)


@given(STATES, DAYS, st.none() | DAYS, st.none() | DAYS)
def test_what_is_due_always_lies_ahead_of_the_last_sign_of_life(
    state: State, lived_on: date, next_on: date | None, paused_until: date | None
):
    due = due_on(state, lived_on, next_on=next_on, paused_until=paused_until)
    assert due is None or due > lived_on


@given(STATES, DAYS, DAYS)
def test_a_gift_is_never_both_at_the_door_and_on_the_shelf(state: State, due: date, today: date):
    at_door = life.is_at_door(state, due, today)
    on_shelf = life.is_on_shelf(state, due, today)
    assert not (at_door and on_shelf)
    assert (life.dust_days(due, today) > 0) or not (at_door or on_shelf)


@given(STATES, DAYS, DAYS)
def test_a_later_sign_of_life_is_never_due_earlier(state: State, one: date, other: date):
    early, late = sorted((one, other))
    if state in WAITED_FOR:
        assert due_on(state, early) <= due_on(state, late)


@given(STATES, DAYS, st.none() | DAYS, DAYS, DAYS)
def test_what_is_forgotten_stays_so_until_there_is_life(
    state: State, lived_on: date, due: date | None, one: date, other: date
):
    early, late = sorted((one, other))
    if life.is_forgotten(state, due, lived_on, early, rules=RULES):
        assert life.is_forgotten(state, due, lived_on, late, rules=RULES)
