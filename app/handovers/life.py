"""Signs of life, the door, the shelf and dust. Pure: no database, no web, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from app.handovers.lifecycle import State
from app.workdays import Workdays

LONGEST_AGREED = timedelta(days=366)
"""A year, also one with a leap day: so far ahead a next date, or the end of a trial, may lie. While
one is agreed nobody is reminded, so without an end it would be a pause that is never counted; and
no state is left in peace for longer than its yearly look."""
SHELF_STATES = (State.ACKNOWLEDGED, State.ACCEPTED, State.TRIAL, State.IN_USE)


@dataclass(frozen=True)
class Patience:
    """How long a state may be quiet: working days, or plain days."""

    days: int
    is_workdays: bool = False


@dataclass(frozen=True)
class Rules:
    """The municipality's numbers; the defaults are those of the domain."""

    patience: Mapping[State, Patience] = field(
        default_factory=lambda: MappingProxyType(
            {
                State.DELIVERED: Patience(10, is_workdays=True),
                State.ACKNOWLEDGED: Patience(20, is_workdays=True),
                State.ACCEPTED: Patience(30, is_workdays=True),
                State.TRIAL: Patience(90),
                State.IN_USE: Patience(90),
                State.ANCHORED: Patience(365),
            }
        )
    )
    workdays: Workdays = field(default_factory=Workdays)
    forgotten_days: int = 180
    anchor_days: int = 180
    pause_days: int = 180
    early_days: int = 7
    reminder_workdays: int = 5


def due_on(
    state: State,
    *,
    last_life_on: date,
    next_on: date | None,
    paused_until: date | None,
    trial_to_on: date | None = None,
    rules: Rules,
) -> date | None:
    """The day by which the next sign of life is due; None where none is expected.

    An agreed date counts until there has been a sign of life on or after it: the end of a pause,
    the next date, and in a trial its last day.
    """
    if state not in rules.patience:
        return None
    agreed = agreed_on(
        state,
        last_life_on=last_life_on,
        next_on=next_on,
        paused_until=paused_until,
        trial_to_on=trial_to_on,
    )
    return agreed or by_patience(state, last_life_on, rules=rules)


def agreed_on(
    state: State,
    *,
    last_life_on: date,
    next_on: date | None,
    paused_until: date | None,
    trial_to_on: date | None,
) -> date | None:
    """The agreed date that counts; None where there is none, and patience decides."""
    for agreed in (paused_until, next_on, trial_to_on if state is State.TRIAL else None):
        if agreed is not None and agreed > last_life_on:
            return agreed
    return None


def by_patience(state: State, last_life_on: date, *, rules: Rules) -> date:
    """The day by which a sign of life is due where no date is agreed. The state must have a
    patience."""
    patience = rules.patience[state]
    if patience.is_workdays:
        return rules.workdays.after(last_life_on, patience.days)
    return last_life_on + timedelta(days=patience.days)


def is_at_door(state: State, life_due_on: date | None, today: date) -> bool:
    return state == State.DELIVERED and dust_days(life_due_on, today) > 0


def is_on_shelf(state: State, life_due_on: date | None, today: date) -> bool:
    return state in SHELF_STATES and dust_days(life_due_on, today) > 0


def dust_days(life_due_on: date | None, today: date) -> int:
    """Whole days past the due day; 0 when nothing is due yet."""
    return max(0, (today - life_due_on).days) if life_due_on else 0


def is_forgotten(
    state: State, life_due_on: date | None, last_life_on: date, today: date, *, rules: Rules
) -> bool:
    """At the door or on the shelf, and no life for as long as the rules call forgotten."""
    is_quiet = is_at_door(state, life_due_on, today) or is_on_shelf(state, life_due_on, today)
    return is_quiet and (today - last_life_on).days >= rules.forgotten_days
