"""Yes, but not now: a pause until a day, counted, and never longer than the rules allow."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.errors import Conflict, Invalid, Message
from app.handovers import lifecycle
from app.handovers.events import HandoverPaused, HandoverResumed
from app.handovers.lifecycle import Step
from app.handovers.models import Handover
from app.handovers.service.deed import Asked, Deed, begin


@dataclass(frozen=True)
class Pause:
    until: date
    reason: str


def pause(
    session: Session, asked: Asked, handover_id: int, wanted: Pause, *, now: datetime
) -> Handover:
    deed = begin(session, asked, handover_id, Step.PAUSE, now=now)
    pause_for(deed, wanted)
    return deed.handover


def resume(session: Session, asked: Asked, handover_id: int, *, now: datetime) -> Handover:
    """Ends the pause before its day."""
    deed = begin(session, asked, handover_id, Step.RESUME, now=now)
    handover = deed.handover
    lifecycle.after(handover.state, Step.RESUME)
    if handover.paused_until is None or handover.paused_until <= deed.today:
        raise Conflict(Message("Overrækkelsen er ikke på pause."))
    deed.unpause()
    deed.lives()
    deed.record(HandoverResumed(subject_id=handover_id))
    return handover


def pause_for(deed: Deed, wanted: Pause, *, pointer: str = "/until") -> None:
    handover, longest = deed.handover, deed.rules.pause_days
    lifecycle.after(handover.state, Step.PAUSE)
    if not deed.today < wanted.until <= deed.today + timedelta(days=longest):
        raise Invalid.at(
            pointer,
            Message("Vælg en dag efter i dag og højst %(days)s dage frem.", days=longest),
            code="pause_out_of_range",
        )
    handover.paused_until, handover.pause_reason = wanted.until, wanted.reason
    handover.pause_count += 1
    deed.lives()
    deed.record(HandoverPaused(subject_id=handover.key, until=wanted.until, reason=wanted.reason))
