"""The steps of a silence, on which days they come, and whom they tell."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.handovers.life import Rules
from app.handovers.lifecycle import TAKEN, UNANSWERED, State
from app.notifications.ladder import (
    Around,
    Due,
    ReminderKind,
    Silence,
    Taken,
    call_for,
    concerns,
    step_on,
    too_lately,
    track_of,
)

RULES = Rules()
WORKDAYS = RULES.workdays
MONDAY = date(2026, 3, 2)
LEADER, ABOVE, TOP, OWNER, SECRETARY = 1, 2, 3, 4, 5
K = ReminderKind


def silence(state: State = State.DELIVERED, due_on: date = MONDAY, **over) -> Silence:
    return Silence(state, due_on - timedelta(days=14), due_on, **over)


def steps(of: Silence, until: date, rules: Rules = RULES) -> list[tuple[K, date]]:
    """Each step that is taken when somebody looks every day, and the day."""
    taken: list[Taken] = []
    day = of.last_life_on
    while day <= until:
        now = Silence(
            of.state, of.last_life_on, of.life_due_on, of.is_agreed, of.paused_until, taken
        )
        if step := step_on(now, day, rules):
            taken.append(Taken(step.kind, step.due_on, day))
        day += timedelta(days=1)
    return [(step.kind, step.made_on) for step in taken]


def around(*line: list[int], **over) -> Around:
    line = line or ([LEADER], [ABOVE], [TOP])
    return Around(line, **{"owner_id": OWNER, "secretariat": [SECRETARY], **over})


def test_what_is_not_answered_is_reminded_twice_and_then_lifted_every_five_working_days():
    assert steps(silence(), date(2026, 4, 1)) == [
        (K.UNANSWERED, date(2026, 3, 2)),
        (K.UNANSWERED_AGAIN, date(2026, 3, 9)),
        (K.LIFT, date(2026, 3, 16)),
        (K.LIFT, date(2026, 3, 23)),
        (K.LIFT, date(2026, 3, 30)),
    ]


def test_a_municipality_chooses_how_many_working_days_there_are_between_two_steps():
    assert steps(silence(), date(2026, 3, 18), Rules(reminder_workdays=3)) == [
        (K.UNANSWERED, date(2026, 3, 2)),
        (K.UNANSWERED_AGAIN, date(2026, 3, 5)),
        (K.LIFT, date(2026, 3, 10)),
        (K.LIFT, date(2026, 3, 13)),
        (K.LIFT, date(2026, 3, 18)),
    ]


def test_easter_is_not_counted():
    assert steps(silence(due_on=date(2026, 3, 30)), date(2026, 4, 20)) == [
        (K.UNANSWERED, date(2026, 3, 30)),
        (K.UNANSWERED_AGAIN, date(2026, 4, 9)),
        (K.LIFT, date(2026, 4, 16)),
    ]


def test_what_is_answered_and_quiet_goes_to_the_owner_then_the_leader_then_the_secretariat():
    agreed = silence(State.ACCEPTED, date(2026, 3, 4), is_agreed=True)
    assert steps(agreed, date(2026, 6, 1)) == [
        (K.QUIET_OWNER, date(2026, 3, 4)),
        (K.QUIET_LEADER, date(2026, 3, 11)),
        (K.QUIET_SECRETARIAT, date(2026, 3, 18)),
    ]


def test_without_an_agreed_date_what_is_quiet_is_told_of_on_mondays_only():
    by_patience = silence(State.IN_USE, date(2026, 3, 18))
    assert steps(by_patience, date(2026, 6, 1)) == [
        (K.QUIET_OWNER, date(2026, 3, 23)),
        (K.QUIET_LEADER, date(2026, 3, 30)),
        # 6 April is Easter Monday, and on the 13th it is not yet five working days.
        (K.QUIET_SECRETARIAT, date(2026, 4, 13)),
    ]


def test_a_day_off_waits_for_the_first_working_day():
    assert steps(silence(due_on=date(2026, 7, 8)), date(2026, 8, 9)) == [
        (K.UNANSWERED, date(2026, 7, 27)),
        (K.UNANSWERED_AGAIN, date(2026, 8, 3)),
    ]


@pytest.mark.parametrize("state", sorted(set(State) - {*UNANSWERED, *TAKEN}))
def test_nothing_follows_from_a_state_in_which_nobody_is_waited_for(state: State):
    assert steps(silence(state), date(2026, 6, 1)) == []


def test_nothing_happens_during_a_pause_and_the_day_it_ends_is_the_due_day():
    until = date(2026, 5, 4)
    paused = silence(due_on=until, paused_until=until)
    assert steps(paused, until - timedelta(days=1)) == []
    assert steps(paused, until) == [(K.UNANSWERED, until)]
    late = silence(due_on=MONDAY, paused_until=until)
    assert steps(late, until - timedelta(days=1)) == []


def test_after_a_time_in_which_nobody_looked_the_steps_go_on_where_they_were():
    first = Taken(K.UNANSWERED, MONDAY, MONDAY)
    much_later = date(2026, 5, 4)
    waited = silence(taken=[first])
    step = step_on(waited, much_later, RULES)
    assert step == Due(K.UNANSWERED_AGAIN, date(2026, 3, 9))
    caught_up = silence(taken=[first, Taken(step.kind, step.due_on, much_later)])
    assert step_on(caught_up, much_later + timedelta(days=1), RULES) is None
    assert step_on(caught_up, date(2026, 5, 11), RULES) == Due(K.LIFT, date(2026, 5, 11))


def test_a_sign_of_life_begins_again_and_what_was_due_before_is_nobodys_to_carry():
    before = [
        Taken(kind, MONDAY + timedelta(weeks=week), MONDAY + timedelta(weeks=week))
        for week, kind in enumerate([K.QUIET_OWNER, K.QUIET_LEADER, K.QUIET_SECRETARIAT])
    ]
    due_on = date(2026, 6, 1)
    again = Silence(State.ACCEPTED, date(2026, 3, 17), due_on, is_agreed=True, taken=before)
    assert again.last is None
    assert step_on(again, date(2026, 5, 29), RULES) is None
    assert step_on(again, due_on, RULES) == Due(K.QUIET_OWNER, due_on)


@given(
    st.sampled_from([*UNANSWERED, *TAKEN]),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.booleans(),
    st.sets(st.integers(0, 120)),
    st.integers(1, 30),
)
def test_whoever_looks_when_each_step_comes_once_at_most_and_never_close_upon_another(
    state, due_on, is_agreed, days_off, between
):
    rules = Rules(reminder_workdays=between)
    taken: list[Taken] = []
    for number in range(120):
        today = due_on + timedelta(days=number)
        now = silence(state, due_on, is_agreed=is_agreed, taken=list(taken))
        if number in days_off or (step := step_on(now, today, rules)) is None:
            continue
        assert WORKDAYS.is_workday(today)
        assert step.due_on <= today
        if taken:
            assert WORKDAYS.after(taken[-1].made_on, between) <= today
        if state in TAKEN and not is_agreed:
            assert today.weekday() == 0
        taken.append(Taken(step.kind, step.due_on, today))
    assert len({(step.kind, step.due_on) for step in taken}) == len(taken)
    track = track_of(state)
    kinds = [step.kind for step in taken]
    assert kinds[:2] == list(track[:2])[: len(kinds)]
    assert set(kinds[2:]) <= {track[2]}


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 30))
def test_a_step_is_too_late_for_another_until_so_many_working_days_have_gone(today, between):
    first = too_lately(today, Rules(reminder_workdays=between))
    before = first - timedelta(days=1)
    assert WORKDAYS.after(first, between) > today >= WORKDAYS.after(before, between)


def test_a_reminder_goes_to_whoever_answers_and_a_vacant_post_falls_to_the_nearest_above():
    assert call_for(K.UNANSWERED, around(), None).person_ids == [LEADER]
    assert call_for(K.UNANSWERED, around([], [ABOVE], [TOP]), None).person_ids == [ABOVE]
    assert call_for(K.UNANSWERED, around([], [], []), None).person_ids == [SECRETARY]
    assert call_for(K.UNANSWERED, around([], secretariat=[]), None) is None


def test_a_lift_goes_one_level_up_each_time_and_vacant_posts_are_skipped():
    line = around([LEADER], [], [ABOVE], [], [TOP], told={LEADER: 2})
    first = call_for(K.LIFT, line, Taken(K.UNANSWERED_AGAIN, MONDAY, MONDAY))
    assert (first.person_ids, first.level) == ([ABOVE], 2)
    line.told[ABOVE] = 1
    second = call_for(K.LIFT, line, Taken(K.LIFT, MONDAY, MONDAY, level=2))
    assert (second.person_ids, second.level) == ([TOP], 4)
    line.told[TOP] = 1
    assert call_for(K.LIFT, line, Taken(K.LIFT, MONDAY, MONDAY, level=4)) is None


def test_a_lift_passes_by_whoever_has_been_told_already():
    both = around([LEADER], [LEADER], [TOP], told={LEADER: 2})
    assert call_for(K.LIFT, both, None).person_ids == [TOP]


def test_who_holds_two_posts_in_one_unit_is_told_once():
    both = around([LEADER], [ABOVE, ABOVE], told={LEADER: 2})
    assert call_for(K.LIFT, both, None).person_ids == [ABOVE]


def test_who_left_on_the_way_up_does_not_hold_the_next_lift_back():
    line = around([], [], [TOP], told={LEADER: 2, ABOVE: 1})
    assert call_for(K.LIFT, line, Taken(K.LIFT, MONDAY, MONDAY, level=1)) is None
    higher = around([], [ABOVE], [TOP], told={LEADER: 2, ABOVE: 1})
    assert call_for(K.LIFT, higher, Taken(K.LIFT, MONDAY, MONDAY, level=1)).person_ids == [TOP]


def test_what_is_quiet_goes_to_the_leader_where_nobody_owns_it():
    assert call_for(K.QUIET_OWNER, around(), None).person_ids == [OWNER]
    assert call_for(K.QUIET_OWNER, around(owner_id=None), None).person_ids == [LEADER]
    assert call_for(K.QUIET_LEADER, around(), None).person_ids == [OWNER, LEADER]
    assert call_for(K.QUIET_LEADER, around(owner_id=LEADER), None).person_ids == [LEADER]
    assert call_for(K.QUIET_SECRETARIAT, around(), None).person_ids == [SECRETARY]


def test_nobody_is_told_more_than_twice_of_one_silence():
    told = {LEADER: 2, OWNER: 1}
    assert call_for(K.QUIET_LEADER, around(told=told), None).person_ids == [OWNER]
    is_secretary_too = around(owner_id=SECRETARY, told={SECRETARY: 2})
    assert call_for(K.QUIET_SECRETARIAT, is_secretary_too, None) is None


def test_whoever_has_left_the_post_meanwhile_is_no_more_concerned():
    assert concerns(K.UNANSWERED, LEADER, around())
    assert not concerns(K.UNANSWERED, LEADER, around([6], [ABOVE]))
    assert concerns(K.LIFT, ABOVE, around())
    assert not concerns(K.LIFT, ABOVE, around([LEADER], [TOP]))
    assert not concerns(K.QUIET_OWNER, OWNER, around(owner_id=6))
