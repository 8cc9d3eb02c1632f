"""What one handover asks of one person, and by when. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.handovers.lifecycle import FROM_TRIAL_ON, TAKEN, State

SOON = timedelta(days=7)
READ_WITHIN = timedelta(days=7)
"""A follow-up that nobody on the giver's side has read waits this long before it is late."""


class Verb(StrEnum):
    """What the button says."""

    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    FOLLOW_UP = "follow_up"
    NAME_OWNER = "name_owner"
    WRITE_READ_BACK = "write_read_back"
    ANSWER_RIPPLE = "answer_ripple"
    TAKE_EDITION = "take_edition"
    ANSWER_QUESTION = "answer_question"
    ANSWER_REQUEST = "answer_request"
    CONFIRM_PASSING_ON = "confirm_passing_on"
    CONFIRM_ANCHORING = "confirm_anchoring"
    MARK_SEEN = "mark_seen"
    FIND_UNIT = "find_unit"


@dataclass(frozen=True)
class Facts:
    """What the queue knows of a handover. `last_life_on` and `life_due_on` are days in Denmark;
    `has_owner` is false also when the owner has left."""

    state: State
    last_life_on: date
    life_due_on: date | None
    is_paused: bool
    has_owner: bool
    has_read_back: bool
    knows_ripple: bool
    is_new_edition: bool
    is_requested: bool
    is_passed_on_to: bool
    awaits_confirmation: bool


def for_leader(facts: Facts) -> tuple[Verb, date] | None:
    """What the receiving unit's leader should do next, and the day it is due."""
    due_on = facts.life_due_on or facts.last_life_on
    match facts.state:
        case State.DELIVERED if not facts.is_paused:
            return Verb.ACKNOWLEDGE, due_on
        case State.ACKNOWLEDGED if not facts.is_paused:
            return Verb.ACCEPT, due_on
    if facts.state in TAKEN and not facts.has_owner:
        return Verb.NAME_OWNER, facts.last_life_on
    return None


def for_owner(facts: Facts, today: date) -> tuple[Verb, date] | None:
    """What the owner should do next: what is due soon, before what is only missing."""
    if facts.state not in TAKEN or facts.is_paused or facts.life_due_on is None:
        return None
    if facts.life_due_on <= today + SOON:
        return Verb.FOLLOW_UP, facts.life_due_on
    if not facts.has_read_back:
        return Verb.WRITE_READ_BACK, facts.life_due_on
    if facts.state in FROM_TRIAL_ON and facts.is_new_edition:
        return Verb.TAKE_EDITION, facts.life_due_on
    if not facts.knows_ripple:
        return Verb.ANSWER_RIPPLE, facts.life_due_on
    return None


def for_giver(facts: Facts) -> tuple[Verb, date] | None:
    """What the giver's side should do next."""
    if facts.state is State.RETURNED:
        return Verb.ANSWER_QUESTION, facts.last_life_on
    if facts.state is State.DRAFT and facts.is_requested:
        return Verb.ANSWER_REQUEST, facts.last_life_on
    if facts.state is State.DRAFT and facts.is_passed_on_to:
        return Verb.CONFIRM_PASSING_ON, facts.last_life_on
    return for_confirmer(facts)


def for_confirmer(facts: Facts) -> tuple[Verb, date] | None:
    """What the next leader up should do next."""
    if facts.state is State.IN_USE and facts.awaits_confirmation:
        return Verb.CONFIRM_ANCHORING, facts.last_life_on
    return None
