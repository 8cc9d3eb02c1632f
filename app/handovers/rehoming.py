"""What becomes of open handovers when their unit closes, said before it is done."""

from dataclasses import dataclass

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.handovers.lifecycle import ENDED
from app.handovers.models import Handover


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
