"""What a unit has asked for. These are few, and have an index of their own."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import col

from app.handovers.columns import SUMMARY, joined
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.handovers.queries import is_visible, seeing
from app.people.signed_in import READ_ALL, SignedIn
from app.rows import Prepared, Rows, Shown, among, listed
from app.units.line import line_in


def requests_by_unit(
    rows: Rows,
    person: SignedIn,
    unit_id: int,
    *,
    today: date,
    before_id: int | None,
    limit: int,
) -> list[Shown]:
    """The unit's requests in every state, newest first: all of them for those who answer for it,
    and for others what they see anyway. NotFound where there is no such unit."""
    answers = line_in(rows, unit_id, today=today).kind_of(person.id) is not None
    roles: frozenset[str] = READ_ALL if answers else person.roles
    parameters = {**seeing(person, today), "unit_id": unit_id, "limit": limit}
    if before_id is not None:
        parameters["before_id"] = before_id
    return rows.all(_requests(roles, is_later_page=before_id is not None), parameters)


def unanswered(rows: Rows, gift_id: int, unit_ids: Collection[int]) -> list[Shown]:
    """What the units have asked for of this gift, and the giver has not answered. Whoever looks
    answers for the units."""
    if not unit_ids:
        return []
    given = listed(unit_ids)
    return rows.all(_unanswered(len(given)), {"gift_id": gift_id, **given})


@lru_cache(maxsize=32)
def _unanswered(places: int) -> Prepared:
    statement = joined(SUMMARY).where(
        among(col(Handover.unit_id), places),
        col(Handover.gift_id) == bindparam("gift_id"),
        col(Handover.requested_at).is_not(None),
        col(Handover.state) == State.DRAFT,
    )
    return Prepared(statement.order_by(col(Handover.id)))


@lru_cache(maxsize=32)
def _requests(roles: frozenset[str], *, is_later_page: bool) -> Prepared:
    said = (Handover.requested_at, Handover.requested_by_id, Handover.request, Handover.reason)
    statement = joined((*SUMMARY, *map(col, said))).where(
        col(Handover.unit_id) == bindparam("unit_id"),
        col(Handover.requested_at).is_not(None),
        is_visible(roles),
    )
    if is_later_page:
        before_id: ColumnElement[int] = bindparam("before_id")
        statement = statement.where(col(Handover.id) < before_id)
    limit: ColumnElement[int] = bindparam("limit")
    return Prepared(statement.order_by(col(Handover.id).desc()).limit(limit))
