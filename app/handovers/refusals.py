"""What the database refuses to keep of a handover, whoever writes it. Pure: no database."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import CheckConstraint

from app.constraints import among, versions_rise
from app.handovers.lifecycle import (
    ENDED,
    FROM_TRIAL_ON,
    IN_USE,
    NOT_RECEIVED,
    OPEN_TO_RECEIVER,
    RECEIVED,
    TAKEN,
    State,
)

_UNSENT = (State.DRAFT, State.ANNOUNCED)
_UNSHOWN = (State.DRAFT, State.WITHDRAWN, State.PASSED_ON)

IS_OPEN = f"NOT ({among('state', ENDED)})"


def refusals(kinds: type[StrEnum], ripples: type[StrEnum]) -> list[CheckConstraint]:
    """Constraints for the table of handovers, by what goes with which state."""
    rules = {
        "state_is_known": among("state", State),
        "kind_is_known": among("kind", kinds),
        "ripple_is_known": among("ripple", ripples),
        "not_its_own_origin": "origin_id <> id",
        **_requests(),
        **_dates(),
        **_answers(),
        **_use(),
        **_life(),
    }
    return [versions_rise(), *(CheckConstraint(rule, name) for name, rule in rules.items())]


def _requests() -> dict[str, str]:
    return {
        "requested_by_somebody": "(requested_at IS NULL) = (requested_by_id IS NULL)",
        "request_is_written": "(requested_at IS NULL) = (request = '')",
    }


def _dates() -> dict[str, str]:
    return {
        "announced_has_a_date": _but_where(_UNSHOWN, "announced_at IS NOT NULL"),
        "delivered_has_a_date": _but_where(NOT_RECEIVED, "delivered_at IS NOT NULL"),
        "unsent_has_no_receipt": _where(
            _UNSENT, "delivered_at IS NULL AND acknowledged_at IS NULL AND accepted_at IS NULL"
        ),
        "delivery_voids_the_receipt": _where(
            (State.DELIVERED,), "acknowledged_at IS NULL AND accepted_at IS NULL"
        ),
        "receipt_has_a_date": _where((State.ACKNOWLEDGED, *TAKEN), "acknowledged_at IS NOT NULL"),
        "receipt_has_a_name": "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)",
        "accepted_has_date_and_owner": _where(
            TAKEN, "accepted_at IS NOT NULL AND owner_id IS NOT NULL"
        ),
        "ended_has_a_date": _only_where(ENDED, "ended_at"),
    }


def _answers() -> dict[str, str]:
    return {
        "ended_has_a_reason": _where(ENDED, "reason <> ''"),
        "declined_has_a_reason_kind": _only_where((State.DECLINED,), "reason_kind"),
        "passed_on_has_a_unit": _only_where((State.PASSED_ON,), "passed_to_unit_id"),
        "passed_on_elsewhere": "passed_to_unit_id <> unit_id",
        "returned_has_a_question": _where((State.RETURNED,), "question <> ''"),
    }


def _use() -> dict[str, str]:
    return {
        "read_back_before_use": _where(FROM_TRIAL_ON, "read_back <> '' AND first_step <> ''"),
        "trial_has_days": _where(
            (State.TRIAL,), "trial_from_on IS NOT NULL AND trial_to_on IS NOT NULL"
        ),
        "trial_ends_after_it_begins": "trial_to_on > trial_from_on",
        "in_use_has_a_day": _where(IN_USE, "in_use_since_on IS NOT NULL"),
        "anchored_was_proposed": _where((State.ANCHORED,), "anchoring_proposed_at IS NOT NULL"),
        "proposal_has_names": "(anchoring_proposed_at IS NULL) = (anchoring_proposed_by_id IS NULL)"
        " AND (anchoring_proposed_at IS NULL) = (anchoring_entered_by_id IS NULL)",
    }


def _life() -> dict[str, str]:
    return {
        "pauses_are_counted": "pause_count >= 0",
        "pause_has_a_reason": "paused_until IS NULL OR (pause_reason <> '' AND pause_count >= 1)",
        "pause_only_while_open": f"paused_until IS NULL OR {among('state', OPEN_TO_RECEIVER)}",
        "life_is_due_while_received": _only_where(RECEIVED, "life_due_on"),
    }


def _where(states: Collection[State], rule: str) -> str:
    return f"NOT ({among('state', states)}) OR ({rule})"


def _but_where(states: Collection[State], rule: str) -> str:
    return f"{among('state', states)} OR ({rule})"


def _only_where(states: Collection[State], column: str) -> str:
    """That the column is filled in those states, and in no other."""
    return f"({among('state', states)}) = ({column} IS NOT NULL)"
