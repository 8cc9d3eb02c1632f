"""The columns that are shown of a handover, and where they come from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, String, cast, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.gifts.models import Edition, Gift
from app.handovers.models import AffectedUnit, Handover
from app.networks.models import Network
from app.people.models import Person
from app.units.models import Unit

Owner = aliased(Person)
Column = SQLColumnExpression[Any]

SUMMARY: tuple[Column, ...] = (
    col(Handover.id),
    col(Handover.version),
    col(Handover.gift_id),
    col(Gift.title).label("gift_title"),
    col(Handover.network_id),
    col(Network.name).label("network_name"),
    col(Handover.unit_id),
    col(Unit.name).label("unit_name"),
    col(Handover.kind),
    col(Handover.state),
    col(Handover.edition),
    col(Handover.is_new_edition),
    col(Handover.owner_id),
    Owner.name.label("owner_name"),  # type: ignore[attr-defined]
    col(Handover.next_on),
    col(Handover.paused_until),
    col(Handover.ripple),
    col(Handover.delivered_at),
    col(Handover.last_life_at),
    col(Handover.life_due_on),
)
"""What a list shows of a handover."""

_affected = (
    select(func.aggregate_strings(cast(col(AffectedUnit.unit_id), String), ","))
    .where(col(AffectedUnit.handover_id) == Handover.id)
    .scalar_subquery()
)
DETAIL: tuple[Column, ...] = (
    col(Handover.created_at),
    col(Handover.origin_id),
    col(Handover.needs_unit),
    col(Handover.requested_at),
    col(Handover.requested_by_id),
    col(Handover.request),
    col(Handover.announced_at),
    col(Handover.acknowledged_at),
    col(Handover.acknowledged_by_id),
    col(Handover.accepted_at),
    col(Handover.ended_at),
    col(Handover.read_back),
    col(Handover.first_step),
    col(Handover.support_until_on),
    col(Handover.exit_criteria),
    col(Handover.trial_question),
    col(Handover.trial_from_on),
    col(Handover.trial_to_on),
    col(Handover.trial_result),
    col(Handover.in_use_since_on),
    col(Handover.practice),
    col(Handover.anchoring_proposed_by_id),
    col(Handover.anchoring_proposed_at),
    col(Handover.success),
    col(Handover.citizen_value_now),
    col(Handover.question),
    col(Handover.reason_kind),
    col(Handover.reason),
    col(Handover.counter_proposal),
    col(Handover.learned),
    col(Handover.passed_to_unit_id),
    col(Handover.pause_reason),
    col(Handover.pause_count),
    _affected.label("affected_unit_ids"),
    func.coalesce(Edition.summary, Gift.summary).label("summary"),
    func.coalesce(Edition.citizen_value, Gift.citizen_value).label("citizen_value"),
    func.coalesce(Edition.ask, Gift.ask).label("ask"),
    col(Gift.edition).label("newest_edition"),
)


def joined(columns: Sequence[Column]) -> Select[Any]:
    """The columns, from a handover with its gift, network, unit and owner."""
    return (
        select(*columns)
        .select_from(Handover)
        .join(Gift, col(Gift.id) == Handover.gift_id)
        .join(Network, col(Network.id) == Handover.network_id)
        .join(Unit, col(Unit.id) == Handover.unit_id)
        .outerjoin(Owner, col(Owner.id) == Handover.owner_id)
    )
