"""Part of the day: said by the leader, confirmed by somebody else."""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.errors import Conflict, Message, NotAllowed
from app.eventlog.log import PersonId
from app.handovers import lifecycle
from app.handovers.events import (
    AnchoringProposed,
    HandoverAnchored,
)
from app.handovers.lifecycle import Step
from app.handovers.models import Handover
from app.handovers.service.deed import Asked, begin


def propose_anchoring(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    success: str,
    citizen_value: str,
    now: datetime,
) -> Handover:
    """The leader says that it is part of the day. It is, once someone else has confirmed it."""
    deed = begin(session, asked, handover_id, Step.PROPOSE_ANCHORING, now=now)
    handover = deed.handover
    lifecycle.after(handover.state, Step.PROPOSE_ANCHORING)
    since = handover.in_use_since_on
    earliest = None if since is None else since + timedelta(days=deed.rules.anchor_days)
    if earliest is None or deed.today < earliest:
        raise Conflict(
            Message(
                "Gaven skal have været i brug i %(days)s dage, før den kan kaldes en del af "
                "hverdagen. Det er tidligst %(day)s.",
                days=deed.rules.anchor_days,
                day=earliest or "-",
            ),
            earliest_on=earliest,
        )
    handover.success, handover.citizen_value_now = success, citizen_value
    handover.anchoring_proposed_by_id = deed.by.on_behalf_of_id or asked.person.id
    handover.anchoring_entered_by_id = asked.person.id
    handover.anchoring_proposed_at = now
    deed.lives()
    deed.record(
        AnchoringProposed(subject_id=handover_id, success=success, citizen_value=citizen_value)
    )
    return handover


def anchor(session: Session, asked: Asked, handover_id: int, *, now: datetime) -> Handover:
    """Confirms what the leader has proposed; never by who proposed it, or entered it."""
    deed = begin(session, asked, handover_id, Step.ANCHOR, now=now)
    handover = deed.handover
    deed.move(Step.ANCHOR)
    proposed_by_id = handover.anchoring_proposed_by_id
    if proposed_by_id is None:
        raise Conflict(Message("Enhedens leder har ikke kaldt den en del af hverdagen endnu."))
    own_work = (proposed_by_id, handover.anchoring_entered_by_id, handover.owner_id)
    if asked.person.id in own_work or (asked.on_behalf_of_id or 0) in own_work:
        raise NotAllowed(
            Message("Det skal bekræftes af en anden end tovholderen og den, der foreslog det.")
        )
    handover.next_on = None
    deed.unpause()
    deed.lives()
    deed.record(HandoverAnchored(subject_id=handover_id, proposed_by_id=PersonId(proposed_by_id)))
    return handover
