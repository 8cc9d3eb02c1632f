"""The hot reads: columns instead of objects, each statement built once, keyset pages."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    bindparam,
    case,
    func,
    or_,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.gifts.models import Edition, Gift
from app.handovers.lifecycle import ENDED
from app.handovers.models import AT_DOOR, ON_SHELF, Handover
from app.handovers.queries import is_visible, seeing
from app.networks.models import Network
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.units import queries as units
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

_DETAIL: tuple[Column, ...] = (
    col(Handover.created_at),
    col(Handover.origin_id),
    col(Handover.needs_unit),
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
    func.coalesce(Edition.summary, Gift.summary).label("summary"),
    func.coalesce(Edition.citizen_value, Gift.citizen_value).label("citizen_value"),
    func.coalesce(Edition.ask, Gift.ask).label("ask"),
    col(Gift.edition).label("newest_edition"),
)

FILTERS: Mapping[str, ColumnElement[bool]] = {
    "unit_id": col(Handover.unit_id).in_(select(units.under(bindparam("unit_id")).c.id)),
    "network_id": col(Handover.network_id) == bindparam("network_id"),
    "gift_id": col(Handover.gift_id) == bindparam("gift_id"),
    "owner_id": col(Handover.owner_id) == bindparam("owner_id"),
    "kind": col(Handover.kind) == bindparam("kind"),
    "state": col(Handover.state).in_(bindparam("state", expanding=True)),
    "delivered_from": col(Handover.delivered_at) >= bindparam("delivered_from"),
    "delivered_before": col(Handover.delivered_at) < bindparam("delivered_before"),
    "due_from": col(Handover.life_due_on) >= bindparam("due_from"),
    "due_before": col(Handover.life_due_on) < bindparam("due_before"),
    "quiet_since": (
        (col(Handover.last_life_at) < bindparam("quiet_since"))
        & col(Handover.life_due_on).is_not(None)
    ),
    "is_paused": case((col(Handover.paused_until) > bindparam("today"), True), else_=False)
    == bindparam("is_paused"),
    "is_open": case((col(Handover.state).in_(ENDED), False), else_=True) == bindparam("is_open"),
    "needs_unit": col(Handover.needs_unit) == bindparam("needs_unit"),
    "at_door": text(AT_DOOR),  # type: ignore[dict-item]
    "on_shelf": text(ON_SHELF),  # type: ignore[dict-item]
}
"""Conditions by name; each has a parameter of the same name, but for the two written out."""


def one(session: Session, person: SignedIn, handover_id: int, *, today: date) -> Row[Any]:
    """Everything about one handover. NotFound where the person may not see it."""
    parameters = {"id": handover_id, **seeing(person, today)}
    row = session.connection().execute(_one(person.roles), parameters).first()
    if row is None:
        raise NotFound
    return row


def newest(
    session: Session,
    person: SignedIn,
    *,
    today: date,
    filters: Mapping[str, object],
    words: Sequence[str] = (),
    before_id: int | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Handovers that pass every filter, newest first. `words` are folded, and each must be in
    the gift's title or summary."""
    parameters: dict[str, object] = {**seeing(person, today), **filters, "limit": limit}
    for place, word in enumerate(words):
        parameters[f"word_{place}"] = contains(word)
    if before_id is not None:
        parameters["before_id"] = before_id
    statement = _newest(person.roles, tuple(sorted(filters)), len(words), before_id is not None)
    return session.connection().execute(statement, parameters).all()


def dustiest(
    session: Session,
    person: SignedIn,
    *,
    today: date,
    filters: Mapping[str, object],
    after: tuple[date, int] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Handovers past their day that pass every filter, the longest overdue first."""
    parameters: dict[str, object] = {**seeing(person, today), **filters, "limit": limit}
    if after is not None:
        parameters |= {"after_due_on": after[0], "after_id": after[1]}
    statement = _dustiest(person.roles, tuple(sorted(filters)), after is not None)
    return session.connection().execute(statement, parameters).all()


def open_at_unit(
    session: Session, person: SignedIn, unit_id: int, *, today: date
) -> Sequence[Row[Any]]:
    """The unit's own handovers that have not ended: at most 200, what is due first at the top."""
    due_on = col(Handover.life_due_on)
    statement = (
        joined(SUMMARY)
        .where(
            col(Handover.unit_id) == unit_id,
            col(Handover.state).not_in(ENDED),
            is_visible(person.roles),
        )
        .order_by(due_on.is_(None), due_on, col(Handover.id))
        .limit(200)
    )
    return session.execute(statement, seeing(person, today)).all()


def contains(word: str) -> str:
    """A LIKE pattern, with `!` before what LIKE would read as a wildcard."""
    escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


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


@lru_cache(maxsize=16)
def _one(roles: frozenset[str]) -> Select[Any]:
    visible = is_visible(roles)
    its_edition = (col(Edition.gift_id) == Handover.gift_id) & (
        col(Edition.number) == Handover.edition
    )
    whole = joined((*SUMMARY, *_DETAIL)).outerjoin(Edition, its_edition)
    return whole.where(col(Handover.id) == bindparam("id"), visible)


@lru_cache(maxsize=512)
def _newest(
    roles: frozenset[str], names: tuple[str, ...], words: int, is_later_page: bool
) -> Select[Any]:
    statement = joined(SUMMARY).where(is_visible(roles))
    statement = statement.where(*(FILTERS[name] for name in names))
    for place in range(words):
        statement = statement.where(
            col(Gift.search_text).like(bindparam(f"word_{place}"), escape="!")
        )
    if is_later_page:
        statement = statement.where(col(Handover.id) < bindparam("before_id"))
    return statement.order_by(col(Handover.id).desc()).limit(bindparam("limit"))


@lru_cache(maxsize=512)
def _dustiest(roles: frozenset[str], names: tuple[str, ...], is_later_page: bool) -> Select[Any]:
    due_on, row_id = col(Handover.life_due_on), col(Handover.id)
    statement = joined(SUMMARY).where(is_visible(roles))
    statement = statement.where(due_on < bindparam("today"), *(FILTERS[name] for name in names))
    if is_later_page:
        after_due_on: ColumnElement[date] = bindparam("after_due_on")
        after_id: ColumnElement[int] = bindparam("after_id")
        statement = statement.where(
            due_on >= after_due_on, or_(due_on > after_due_on, row_id > after_id)
        )
    return statement.order_by(due_on, row_id).limit(bindparam("limit"))
