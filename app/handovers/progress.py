"""How far gifts have come: in use in so many of the units that have received them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import func
from sqlmodel import col, select

from app.handovers.lifecycle import IN_USE, NOT_RECEIVED, State
from app.handovers.models import Handover
from app.handovers.queries import is_visible, seeing
from app.people.signed_in import SignedIn
from app.rows import Prepared, Rows, among, listed


@dataclass(frozen=True)
class Progress:
    in_use: int = 0
    units: int = 0

    @classmethod
    def of(cls, states: Mapping[State, int]) -> "Progress":
        """By how many handovers there are in each state."""
        return cls(
            sum(count for state, count in states.items() if state in IN_USE),
            sum(count for state, count in states.items() if state not in NOT_RECEIVED),
        )


def progress_of(
    rows: Rows, person: SignedIn, gift_ids: Collection[int], *, today: date
) -> Mapping[int, Progress]:
    """Of every one of the gifts, as far as the person sees it."""
    found = {gift_id: Progress() for gift_id in gift_ids}
    if not found:
        return found
    parameters = listed(gift_ids)
    counted = rows.all(
        _counted(person.roles, len(parameters)), {**parameters, **seeing(person, today)}
    )
    for row in counted:
        there, more = found[row["gift_id"]], row["handovers"]
        in_use = there.in_use + (more if row["state"] in IN_USE else 0)
        found[row["gift_id"]] = Progress(in_use, there.units + more)
    return found


@lru_cache(maxsize=64)
def _counted(roles: frozenset[str], places: int) -> Prepared:
    by_state = (col(Handover.gift_id), col(Handover.state))
    statement = select(*by_state, func.count().label("handovers")).where(
        among(col(Handover.gift_id), places),
        col(Handover.state).not_in(NOT_RECEIVED),
        is_visible(roles),
    )
    return Prepared(statement.group_by(*by_state))
