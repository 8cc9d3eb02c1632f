"""What becomes of open handovers when their unit closes, said before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.handovers.events import (
    HandoverLostUnit,
    HandoverMoved,
    HandoverPassedOn,
    HandoverWithdrawn,
)
from app.handovers.lifecycle import ENDED, State, is_further
from app.handovers.models import Handover

MOST = 1000


@dataclass(frozen=True)
class Rehoming:
    """`moving` to the successor, or to the secretariat's list where there is none; `meeting` one
    that the successor already has of the same gift, and then one of the two goes on."""

    moving: int
    meeting: int = 0


def homeless(session: Session) -> int:
    """Handovers whose unit has closed without a successor."""
    statement = select(func.count()).select_from(Handover).where(col(Handover.needs_unit))
    return session.exec(statement).one()


def happens(session: Session, unit_id: int, successor_id: int | None) -> Mapping[int, str]:
    """What each open handover of the unit meets, and each of the successor's that gives way to one:
    by its id, the type of the event."""
    is_open = col(Handover.state).not_in(ENDED)
    here = select(Handover).where(Handover.unit_id == unit_id, is_open)
    found = session.exec(here.order_by(col(Handover.id)).limit(MOST)).all()
    if successor_id is None:
        return {one.key: HandoverLostUnit.type for one in found}
    gifts = col(Handover.gift_id).in_([one.gift_id for one in found])
    same = select(Handover).where(Handover.unit_id == successor_id, is_open, gifts)
    there = {one.gift_id: one for one in session.exec(same).all()}
    meets: dict[int, str] = {}
    for one in found:
        other = there.get(one.gift_id)
        if other is not None and not goes_on(one, other):
            meets[one.key] = HandoverPassedOn.type
            continue
        meets[one.key] = HandoverMoved.type
        if other is not None:
            meets[other.key] = HandoverWithdrawn.type
    return meets


def goes_on(handover: Handover, there: Handover) -> bool:
    """Whether it has come further than what the successor has of the same gift. Of two drafts, the
    one that a unit has asked for is known to somebody."""
    if handover.state is there.state is State.DRAFT:
        return handover.requested_at is not None and there.requested_at is None
    return is_further(handover.state, there.state)


def foreseen(session: Session, unit_id: int, successor_id: int | None) -> Rehoming:
    is_open = col(Handover.state).not_in(ENDED)
    here = select(func.count()).select_from(Handover).where(Handover.unit_id == unit_id, is_open)
    every = session.exec(here).one()
    if successor_id is None:
        return Rehoming(every)
    there = aliased(Handover)
    is_there = select(there.id).where(
        there.unit_id == successor_id,
        there.gift_id == Handover.gift_id,
        col(there.state).not_in(ENDED),
    )
    both = session.exec(here.where(is_there.exists())).one()
    return Rehoming(every - both, both)
