"""What the receiving unit answers: acknowledge, accept, ask, decline, pass on."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Invalid, MatchRequired, Message
from app.eventlog.log import PersonId, UnitId
from app.handovers import lifecycle, queries
from app.handovers.events import (
    HandoverAccepted,
    HandoverAcknowledged,
    HandoverDeclined,
    HandoverPassedOn,
    HandoverReturned,
)
from app.handovers.lifecycle import IllegalStep, State, Step
from app.handovers.models import Handover, Kind, ReasonKind
from app.handovers.service.deed import Asked, Deed, RippleAnswer, begin, set_kind
from app.handovers.service.owning import own
from app.handovers.service.pausing import Pause, pause_for
from app.handovers.service.planning import must_be_ahead
from app.handovers.service.preparing import prepare
from app.units.models import Unit


@dataclass(frozen=True)
class Acceptance:
    """A yes: who owns it, and the day of the next step. The rest may wait until the first
    follow-up."""

    owner_id: int
    next_on: date
    read_back: str = ""
    first_step: str = ""


def acknowledge(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    pause: Pause | None = None,
    is_from_mail: bool = False,
    now: datetime,
) -> Handover:
    """Seen and received. Where there is a receipt already, it stands and nothing happens.

    With a pause it says "yes, but not now". `is_from_mail` says that nobody signed in for it.
    """
    unversioned = Asked(asked.person, on_behalf_of_id=asked.on_behalf_of_id)
    deed = begin(session, unversioned, handover_id, Step.ACKNOWLEDGE, now=now)
    handover = deed.handover
    has_receipt = handover.acknowledged_at is not None and handover.state in lifecycle.RECEIVED
    if not has_receipt:
        deed.must_be(asked.version)
        receive(deed, asked)
        deed.move(Step.ACKNOWLEDGE)
        deed.lives()
        deed.record(HandoverAcknowledged(subject_id=handover_id, is_from_mail=is_from_mail))
    if pause is not None and not (has_receipt and handover.paused_until == pause.until):
        if has_receipt:
            _may_be_put_off(deed, asked)
        pause_for(deed, pause, pointer="/pause/until")
    return handover


def accept(
    session: Session,
    asked: Asked,
    handover_id: int,
    acceptance: Acceptance,
    *,
    ripple: RippleAnswer | None = None,
    now: datetime,
) -> Handover:
    """Responsibility moves to the unit: it has an owner and a next date."""
    deed = begin(session, asked, handover_id, Step.ACCEPT, now=now)
    handover = deed.handover
    lifecycle.after(handover.state, Step.ACCEPT)
    must_be_ahead(deed, acceptance.next_on)
    own(deed, acceptance.owner_id)
    deed.move(Step.ACCEPT)
    if handover.acknowledged_at is None:
        receive(deed, asked)
    handover.accepted_at = now
    handover.next_on = acceptance.next_on
    deed.unpause()
    handover.read_back = acceptance.read_back
    handover.first_step = acceptance.first_step
    handover.is_new_edition = False
    deed.lives()
    deed.record(
        HandoverAccepted(
            subject_id=handover_id,
            owner_id=PersonId(acceptance.owner_id),
            next_on=acceptance.next_on,
            read_back=acceptance.read_back,
            first_step=acceptance.first_step,
        )
    )
    deed.answer_ripple(ripple)
    return handover


def ask(
    session: Session, asked: Asked, handover_id: int, *, question: str, now: datetime
) -> Handover:
    """Sends it back with a question; the giver answers by delivering again."""
    deed = begin(session, asked, handover_id, Step.RETURN_FOR_CLARIFICATION, now=now)
    deed.move(Step.RETURN_FOR_CLARIFICATION)
    deed.handover.question = question
    deed.unpause()
    deed.lives()
    deed.record(HandoverReturned(subject_id=handover_id, question=question))
    return deed.handover


def decline(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    reason_kind: ReasonKind,
    reason: str,
    counter_proposal: str,
    now: datetime,
) -> Handover:
    """No thank you, and why."""
    deed = begin(session, asked, handover_id, Step.DECLINE, now=now)
    handover = deed.handover
    deed.move(Step.DECLINE)
    handover.reason_kind, handover.reason = reason_kind, reason
    handover.counter_proposal = counter_proposal
    deed.lives()
    deed.record(
        HandoverDeclined(
            subject_id=handover_id,
            reason_kind=reason_kind,
            reason=reason,
            counter_proposal=counter_proposal,
        )
    )
    return handover


def pass_on(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    to_unit_id: int,
    reason: str,
    now: datetime,
) -> Handover:
    """Another unit is better placed. The giver gets a draft to it, ready to confirm."""
    deed = begin(session, asked, handover_id, Step.PASS_ON, now=now)
    handover, gift = deed.handover, deed.gift
    lifecycle.after(handover.state, Step.PASS_ON)
    unit = session.get(Unit, to_unit_id)
    if unit is None or unit.is_closed or to_unit_id == handover.unit_id:
        raise Invalid.at("/to_unit_id", Message("Vælg en anden enhed, som er åben."))
    deed.move(Step.PASS_ON)
    handover.passed_to_unit_id, handover.reason = to_unit_id, reason
    deed.lives()
    session.flush()
    there = queries.open_between(session, handover.gift_id, to_unit_id)
    if there is None:
        there = prepare(
            session,
            gift,
            unit_id=to_unit_id,
            kind=Kind.LEAD if handover.kind is Kind.LEAD else Kind.CO,
            origin_id=handover_id,
            by=deed.by,
            now=now,
        )
    elif there.state is State.DRAFT and there.origin_id is None:
        there.origin_id = handover_id
    if there.kind is not Kind.LEAD and handover.kind is Kind.LEAD:
        set_kind(session, there, Kind.LEAD, deed.by, at=now)
    deed.record(
        HandoverPassedOn(
            subject_id=handover_id,
            to_unit_id=UnitId(to_unit_id),
            reason=reason,
            draft_id=there.key,
        )
    )
    return handover


def receive(deed: Deed, asked: Asked) -> None:
    """The receipt, of now and with the name of whoever gives it."""
    deed.handover.acknowledged_at = deed.now
    deed.handover.acknowledged_by_id = asked.on_behalf_of_id or asked.person.id


def _may_be_put_off(deed: Deed, asked: Asked) -> None:
    """A pause on a receipt that is there already changes what somebody may have said: only while
    nothing more has been answered, and never a pause that the caller has not seen."""
    handover = deed.handover
    if handover.state is not State.ACKNOWLEDGED:
        raise IllegalStep(handover.state, Step.ACKNOWLEDGE)
    deed.must_be(asked.version)
    if asked.version is None and handover.paused_until is not None:
        raise MatchRequired(Message("Der er sat en pause. Hent overrækkelsen, og send If-Match."))
