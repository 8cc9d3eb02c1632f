"""What the giver does: announce, deliver, withdraw, reopen."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete

from app.errors import Conflict, Message
from app.eventlog.log import UnitId
from app.gifts import completeness
from app.gifts import queries as gifts
from app.gifts.models import Gift
from app.gifts.service import CONTENT, mark_given
from app.handovers import lifecycle, queries
from app.handovers.events import (
    HandoverAnnounced,
    HandoverDelivered,
    HandoverReopened,
    HandoverWithdrawn,
    RequestTakenBack,
)
from app.handovers.lifecycle import Step
from app.handovers.models import AffectedUnit, Handover, Kind, Ripple
from app.handovers.service.deed import Asked, Deed, RippleAnswer, begin
from app.handovers.service.preparing import must_not_have
from app.units.line import line_of
from app.units.models import Unit


class NotReady(Conflict):
    """Something is missing before the gift can be handed over; `missing` names it."""

    title = Message("Der mangler noget, før gaven kan overrækkes")


def announce(session: Session, asked: Asked, handover_id: int, *, now: datetime) -> Handover:
    """A word to the unit that a gift is on its way."""
    deed = begin(session, asked, handover_id, Step.ANNOUNCE, now=now)
    handover = deed.handover
    lifecycle.after(handover.state, Step.ANNOUNCE)
    gift = deed.gift
    if missing := completeness.missing_for_announcing(_content(gift)):
        raise _not_ready(missing)
    _must_be_open(deed)
    deed.move(Step.ANNOUNCE)
    handover.announced_at = now
    mark_given(session, gift, by=deed.by, now=now)
    deed.record(HandoverAnnounced(subject_id=handover_id, unit_id=UnitId(handover.unit_id)))
    return handover


def deliver(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    ripple: RippleAnswer,
    now: datetime,
) -> Handover:
    """Hands the gift over. NotReady names all that is missing, at once."""
    deed = begin(session, asked, handover_id, Step.DELIVER, now=now)
    lifecycle.after(deed.handover.state, Step.DELIVER)
    gift = _must_be_ready(deed)
    _deliver(deed, Step.DELIVER)
    deed.record(
        HandoverDelivered(
            subject_id=handover_id,
            unit_id=UnitId(deed.handover.unit_id),
            edition=gift.edition,
        )
    )
    deed.answer_ripple(ripple)
    return deed.handover


def withdraw(
    session: Session, asked: Asked, handover_id: int, *, reason: str, now: datetime
) -> Handover:
    """Takes the gift back before anyone has accepted it; or the unit what it has asked for, before
    the giver has answered."""
    deed = begin(session, asked, handover_id, Step.WITHDRAW, now=now)
    take_back(deed, reason, RequestTakenBack if deed.standing.only_asks else HandoverWithdrawn)
    return deed.handover


def take_back(
    deed: Deed,
    reason: str,
    said: type[HandoverWithdrawn | RequestTakenBack] = HandoverWithdrawn,
) -> None:
    """The withdrawal itself, whoever's deed leads to it."""
    deed.move(Step.WITHDRAW)
    deed.handover.reason = reason
    deed.lives()
    deed.record(said(subject_id=deed.handover.key, reason=reason))


def reopen(
    session: Session, asked: Asked, handover_id: int, *, reason: str, now: datetime
) -> Handover:
    """Hands an ended handover over once more, from the beginning, in the gift's edition of now."""
    deed = begin(session, asked, handover_id, Step.REOPEN, now=now)
    handover = deed.handover
    lead = queries.lead_of(session, handover.gift_id)
    lifecycle.after(handover.state, Step.REOPEN)
    must_not_have(session, handover.gift_id, handover.unit_id)
    gift = _must_be_ready(deed)
    session.execute(delete(AffectedUnit).where(col(AffectedUnit.handover_id) == handover_id))
    if lead is not None:
        handover.kind = Kind.CO
    handover.ripple = Ripple.UNKNOWN
    forget_answers(handover)
    _deliver(deed, Step.REOPEN)
    deed.record(HandoverReopened(subject_id=handover_id, reason=reason, edition=gift.edition))
    return handover


def _must_be_ready(deed: Deed) -> Gift:
    """The gift, when it and the unit are ready for the handover. NotReady otherwise."""
    session, handover = deed.session, deed.handover
    gift = deed.gift
    contacts = gifts.contacts(session, gift.key)
    missing = completeness.missing(_content(gift), contacts=len(contacts))
    if contacts and not any(person.mail or person.phone for person in contacts):
        missing.append("contact_phone_or_mail")
    _must_be_open(deed)
    leaders = line_of(session, handover.unit_id, today=deed.today).answering().seats
    if not any(seat.mail or seat.phone for seat in leaders):
        missing.append("reachable_leader")
    if missing:
        raise _not_ready(missing)
    return gift


def _deliver(deed: Deed, step: Step) -> None:
    """What a delivery and a reopening share: the state, the edition, the clock."""
    handover, gift = deed.handover, deed.gift
    deed.move(step)
    handover.edition = gift.edition
    handover.is_new_edition = False
    handover.announced_at = handover.announced_at or deed.now
    handover.delivered_at = deed.now
    handover.acknowledged_at = handover.acknowledged_by_id = None
    handover.ended_at = None
    handover.next_on = None
    deed.lives()
    mark_given(deed.session, gift, by=deed.by, now=deed.now)


def forget_answers(handover: Handover) -> None:
    """The story keeps them; the handover itself is as one that has not been answered."""
    handover.owner_id = handover.accepted_at = handover.reason_kind = None
    handover.passed_to_unit_id = handover.in_use_since_on = None
    handover.trial_from_on = handover.trial_to_on = None
    handover.anchoring_proposed_by_id = handover.anchoring_entered_by_id = None
    handover.anchoring_proposed_at = None
    handover.read_back = handover.first_step = handover.practice = handover.exit_criteria = ""
    handover.support_until_on = None
    handover.trial_question = handover.trial_result = ""
    handover.success = handover.citizen_value_now = ""
    handover.question = handover.reason = handover.counter_proposal = handover.learned = ""


def _must_be_open(deed: Deed) -> None:
    unit = deed.session.get(Unit, deed.handover.unit_id)
    if unit is None or unit.is_closed:
        raise Conflict(
            Message("Enheden %(name)s er lukket. Vælg en anden.", name=unit.name if unit else "")
        )


def _content(gift: Gift) -> dict[str, str]:
    return {name: getattr(gift, name) for name in CONTENT}


_OTHERWISE_MISSING = {
    "contact_phone_or_mail": Message("en kontaktperson med telefon eller mail"),
    "reachable_leader": Message("en leder for enheden, der kan nås på mail eller telefon"),
}


def _not_ready(missing: Sequence[str]) -> NotReady:
    in_words = [
        _OTHERWISE_MISSING.get(name) or completeness.in_words([name])[0] for name in missing
    ]
    return NotReady(
        Message("Der mangler: %(what)s.", what=Message.listed(in_words)), missing=list(missing)
    )
