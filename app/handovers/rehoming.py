"""What becomes of open handovers when their unit closes, said before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.handovers.events import HandoverLostUnit, HandoverMoved, HandoverPassedOn
from app.handovers.lifecycle import ENDED
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
    """What each open handover of the unit meets, by its id and the type of the event."""
    is_open = col(Handover.state).not_in(ENDED)
    here = select(Handover.id).where(Handover.unit_id == unit_id, is_open)
    found = session.exec(here.order_by(col(Handover.id)).limit(MOST)).all()
    if successor_id is None:
        return {one: HandoverLostUnit.type for one in found if one is not None}
    both = set(session.exec(here.where(_is_there(successor_id))).all())
    return {
        one: HandoverPassedOn.type if one in both else HandoverMoved.type
        for one in found
        if one is not None
    }


def foreseen(session: Session, unit_id: int, successor_id: int | None) -> Rehoming:
    is_open = col(Handover.state).not_in(ENDED)
    here = select(func.count()).select_from(Handover).where(Handover.unit_id == unit_id, is_open)
    every = session.exec(here).one()
    if successor_id is None:
        return Rehoming(every)
    both = session.exec(here.where(_is_there(successor_id))).one()
    return Rehoming(every - both, both)


def _is_there(successor_id: int) -> ColumnElement[bool]:
    """Whether the successor has the same gift already."""
    there = aliased(Handover)
    same = select(there.id).where(
        there.unit_id == successor_id,
        there.gift_id == Handover.gift_id,
        col(there.state).not_in(ENDED),
    )
    return same.exists()
