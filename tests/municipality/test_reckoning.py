"""The due days follow the patience, and only where no date is agreed."""

from datetime import date, timedelta

import pytest

from app.clock import local_day
from app.handovers import life
from app.handovers.lifecycle import State
from app.handovers.rules import rules_of
from app.handovers.service import reckoning
from app.municipality import service
from tests.conftest import NOON

TODAY = local_day(NOON)
PATIENT = tuple(life.Rules().patience)


@pytest.fixture
def change(session, make):
    administrator = make.signed_in(make.administrator())

    def said(**values):
        service.change(session, administrator, values, version=None, now=NOON)
        session.expire_all()

    return said


@pytest.mark.parametrize("state", PATIENT)
def test_another_patience_moves_the_due_day_of_its_state_and_of_no_other(change, make, state):
    five_days_ago = TODAY - timedelta(days=5)
    ended = {"trial_from_on": five_days_ago - timedelta(days=9), "trial_to_on": five_days_ago}
    over = {State.TRIAL: ended}
    rows = {of: make.handover(state=of, days_ago=5, **over.get(of, {})) for of in PATIENT}
    before = {of: row.life_due_on for of, row in rows.items()}
    versions = {of: row.version for of, row in rows.items()}

    change(**{f"patience_{state}": 7})

    moved = {of for of, row in rows.items() if row.life_due_on != before[of]}
    assert moved == {state}
    expected = date(2026, 3, 6)  # Seven days after Wednesday the 25th, or seven working days.
    is_workdays = life.Rules().patience[state].is_workdays
    assert rows[state].life_due_on == (expected if is_workdays else TODAY + timedelta(days=2))
    assert {of: row.version for of, row in rows.items()} == versions


def test_an_agreed_date_a_pause_and_the_end_of_a_trial_stand(change, make):
    ahead, behind = TODAY + timedelta(days=9), TODAY - timedelta(days=40)
    kept = [
        make.handover(state=State.ACCEPTED, next_on=ahead),
        make.handover(state=State.ACCEPTED, paused_until=ahead),
        make.handover(state=State.TRIAL, trial_to_on=ahead, life_due_on=ahead),
    ]
    passed = [
        make.handover(state=State.ACCEPTED, next_on=behind, days_ago=3),
        make.handover(state=State.ACCEPTED, paused_until=behind, days_ago=3),
        make.handover(
            state=State.TRIAL,
            trial_from_on=behind - timedelta(days=9),
            trial_to_on=behind,
            days_ago=3,
        ),
    ]
    change(patience_accepted=1, patience_trial=1)

    assert [row.life_due_on for row in kept] == [ahead] * 3
    monday, two_days_ago = TODAY, TODAY - timedelta(days=2)
    assert [row.life_due_on for row in passed] == [monday, monday, two_days_ago]


def test_quiet_weeks_move_what_is_counted_in_working_days(change, make):
    working = make.handover(state=State.DELIVERED)
    plain = make.handover(state=State.IN_USE)
    before = working.life_due_on, plain.life_due_on
    change(quiet_weeks="11,28,29,30")

    assert (working.life_due_on, plain.life_due_on) == (before[0] + timedelta(days=7), before[1])


def test_what_has_ended_or_is_not_delivered_yet_is_due_on_no_day(change, make):
    rows = [make.handover(state=state) for state in State if state not in PATIENT]
    change(**{f"patience_{state}": 3 for state in PATIENT})
    assert [row.life_due_on for row in rows] == [None] * len(rows)


def test_back_to_the_default_is_back_to_the_day(change, make):
    handover = make.handover(state=State.DELIVERED)
    before = handover.life_due_on
    change(patience_delivered=2)
    assert handover.life_due_on < before
    change(patience_delivered=None)
    assert handover.life_due_on == before


def test_numbers_that_no_due_day_comes_from_move_none(change, make, monkeypatch):
    handover = make.handover(state=State.DELIVERED, life_due_on=TODAY)  # Not by the rule.
    change(forgotten_days=30, anchor_days=30, pause_days=30, early_days=3, welcome="Hej")
    assert handover.life_due_on == TODAY


def test_many_are_reckoned_some_at_a_time_and_each_by_the_rule(change, session, make, monkeypatch):
    monkeypatch.setattr(reckoning, "AT_A_TIME", 3)
    monkeypatch.setattr(reckoning, "_TOGETHER", 2)
    gift = make.gift()
    rows = [
        make.handover(
            gift=gift,
            state=State.ACKNOWLEDGED,
            days_ago=number // 4,
            next_on=TODAY + timedelta(days=number - 10) if number % 3 == 0 else None,
        )
        for number in range(20)
    ]
    change(patience_acknowledged=4)

    rules = rules_of(session)
    for row in rows:
        assert row.life_due_on == life.due_on(
            row.state,
            last_life_on=local_day(row.last_life_at),
            next_on=row.next_on,
            paused_until=None,
            rules=rules,
        )


def test_the_shelf_is_right_at_once(change, make, signed_in):
    secretary = make.secretary()
    handover = make.handover(state=State.ACKNOWLEDGED, days_ago=14)
    assert signed_in(secretary).get("/api/v1/shelf").json()["items"] == []
    change(patience_acknowledged=5)
    (row,) = signed_in(secretary).get("/api/v1/shelf").json()["items"]
    assert (row["id"], row["dust_days"]) == (handover.key, 7)


def test_a_trial_that_is_done_once_more_is_due_by_its_last_day():
    """The rule itself, which deeds and reckoning share."""
    day = timedelta(days=1)
    for next_on, trial_to_on, due in (
        (TODAY + day, TODAY + 2 * day, TODAY + day),
        (TODAY, TODAY + 2 * day, TODAY + 2 * day),
        (None, TODAY, TODAY + 90 * day),
    ):
        found = life.due_on(
            State.TRIAL,
            last_life_on=TODAY,
            next_on=next_on,
            paused_until=None,
            trial_to_on=trial_to_on,
            rules=life.Rules(),
        )
        assert found == due
