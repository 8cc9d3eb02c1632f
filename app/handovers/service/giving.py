"""What the giver does: draft, change, announce, deliver, withdraw, reopen."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.clock import local_day
from app.db import locked
from app.errors import Conflict, Invalid, Message, NotFound
from app.eventlog import log
from app.eventlog.log import By, UnitId
from app.gifts import completeness
from app.gifts import queries as gifts
from app.gifts.models import Gift
from app.gifts.service import CONTENT, mark_given
from app.handovers import queries
from app.handovers.events import (
    HandoverAnnounced,
    HandoverChanged,
    HandoverDelivered,
    HandoverDrafted,
    HandoverMoved,
    HandoverReopened,
    HandoverWithdrawn,
)
from app.handovers.lifecycle import ENDED, IllegalStep, State, Step
from app.handovers.models import Handover, Kind, Ripple
from app.handovers.service.deed import Asked, Deed, RippleAnswer, begin
from app.networks.service import must_give
from app.people.signed_in import SignedIn
from app.units.line import line_of
from app.units.models import Unit


class NotReady(Conflict):
    """Something is missing before the gift can be handed over; `missing` names it."""

    title = Message("Der mangler noget, før gaven kan overrækkes")


class AlreadyGiven(Conflict):
    """The gift has an open handover to the unit already; `handover_id` says which."""


def draft(
    session: Session,
    person: SignedIn,
    *,
    gift_id: int,
    unit_id: int,
    kind: Kind | None,
    origin_id: int | None = None,
    now: datetime,
) -> Handover:
    """A handover in preparation. The first to a gift is the lead one, unless said otherwise."""
    try:
        gifts.get(session, person, gift_id, today=local_day(now))
    except NotFound:
        raise Invalid.at("/gift_id", Message("Gaven findes ikke."), code="unknown") from None
    gift = locked(session, Gift, gift_id)
    must_give(session, person, gift.network_id, now=now)
    return prepare(
        session,
        gift,
        unit_id=unit_id,
        kind=kind,
        origin_id=origin_id,
        by=By(person.id),
        now=now,
    )


def prepare(
    session: Session,
    gift: Gift,
    *,
    unit_id: int,
    kind: Kind | None,
    origin_id: int | None,
    by: By,
    now: datetime,
) -> Handover:
    """The draft itself, for whoever may ask for it. The gift must be locked."""
    _open_unit(session, unit_id)
    if there := queries.open_between(session, gift.key, unit_id):
        raise AlreadyGiven(
            Message("Enheden har allerede gaven: overrækkelse nr. %(id)s.", id=there.key),
            handover_id=there.key,
        )
    lead = queries.lead_of(session, gift.key)
    if kind is Kind.LEAD and lead is not None:
        raise Conflict(
            Message("Gaven har en hovedmodtager: overrækkelse nr. %(id)s.", id=lead.key),
            handover_id=lead.key,
        )
    handover = Handover(
        gift_id=gift.key,
        network_id=gift.network_id,
        unit_id=unit_id,
        kind=kind or (Kind.CO if lead else Kind.LEAD),
        origin_id=origin_id,
        edition=gift.edition,
        last_life_at=now,
        created_at=now,
    )
    session.add(handover)
    session.flush()
    log.record(
        session,
        HandoverDrafted(subject_id=handover.key, unit_id=UnitId(unit_id), kind=handover.kind),
        by,
        at=now,
    )
    return handover


def change(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    kind: Kind | None,
    unit_id: int | None,
    now: datetime,
) -> Handover:
    """Makes it lead (the former lead becomes co) or co, or aims a draft at another unit."""
    deed = begin(session, asked, handover_id, Step.DELIVER, now=now)
    handover = deed.handover
    if handover.state in ENDED:
        raise IllegalStep(handover.state, Step.DELIVER)
    changed = []
    if unit_id is not None and unit_id != handover.unit_id:
        _aim(deed, unit_id)
        changed.append("unit_id")
    if kind is not None and kind is not handover.kind:
        lead = queries.lead_of(session, handover.gift_id)
        if kind is Kind.LEAD and lead is not None:
            lead.kind = Kind.CO
            gave_way = HandoverChanged(subject_id=lead.key, fields=["kind"])
            log.record(session, gave_way, deed.by, at=now)
        handover.kind = kind
        changed.append("kind")
    if changed:
        deed.record(HandoverChanged(subject_id=handover_id, fields=changed))
    return handover


def announce(session: Session, asked: Asked, handover_id: int, *, now: datetime) -> Handover:
    """A word to the unit that a gift is on its way."""
    deed = begin(session, asked, handover_id, Step.ANNOUNCE, now=now)
    handover = deed.handover
    deed.move(Step.ANNOUNCE)
    gift = deed.gift
    if missing := completeness.missing_for_announcing(_content(gift)):
        raise _not_ready(missing)
    _open_unit(session, handover.unit_id)
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
    deed.move(Step.DELIVER)
    gift = _deliver(deed)
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
    """Takes the gift back before anyone has accepted it."""
    deed = begin(session, asked, handover_id, Step.WITHDRAW, now=now)
    deed.move(Step.WITHDRAW)
    deed.handover.reason = reason
    deed.handover.ended_at = now
    deed.lives()
    deed.record(HandoverWithdrawn(subject_id=handover_id, reason=reason))
    return deed.handover


def reopen(
    session: Session, asked: Asked, handover_id: int, *, reason: str, now: datetime
) -> Handover:
    """Hands an ended handover over once more, from the beginning, in the gift's edition of now."""
    deed = begin(session, asked, handover_id, Step.REOPEN, now=now)
    handover = deed.handover
    there = queries.open_between(session, handover.gift_id, handover.unit_id)
    lead = queries.lead_of(session, handover.gift_id)
    deed.move(Step.REOPEN)
    if there is not None:
        raise AlreadyGiven(
            Message("Enheden har allerede gaven: overrækkelse nr. %(id)s.", id=there.key),
            handover_id=there.key,
        )
    _forget_answers(handover)
    gift = _deliver(deed)
    if lead is not None:
        handover.kind = Kind.CO
    ownership = queries.present_ownership(session, handover_id)
    if ownership is not None:
        ownership.to_at = now
    deed.record(HandoverReopened(subject_id=handover_id, reason=reason, edition=gift.edition))
    return handover


def _deliver(deed: Deed) -> Gift:
    """What a delivery and a reopening share: the guards, the edition, the clock."""
    session, handover = deed.session, deed.handover
    gift = deed.gift
    contacts = gifts.contacts(session, gift.key)
    missing = completeness.missing(_content(gift), contacts=len(contacts))
    if contacts and not any(person.mail or person.phone for person in contacts):
        missing.append("contact_phone_or_mail")
    _open_unit(session, handover.unit_id)
    leaders = line_of(session, handover.unit_id, today=deed.today).answering().seats
    if not any(seat.mail or seat.phone for seat in leaders):
        missing.append("reachable_leader")
    if missing:
        raise _not_ready(missing)
    mark_given(session, gift, by=deed.by, now=deed.now)
    handover.edition = gift.edition
    handover.is_new_edition = False
    handover.announced_at = handover.announced_at or deed.now
    handover.delivered_at = deed.now
    handover.acknowledged_at = handover.acknowledged_by_id = None
    handover.ended_at = None
    handover.paused_until = handover.next_on = None
    deed.lives()
    return gift


def _forget_answers(handover: Handover) -> None:
    """The story keeps them; the handover begins anew."""
    handover.owner_id = handover.accepted_at = handover.reason_kind = None
    handover.passed_to_unit_id = handover.in_use_since_on = None
    handover.trial_from_on = handover.trial_to_on = None
    handover.anchoring_proposed_by_id = handover.anchoring_proposed_at = None
    handover.read_back = handover.first_step = handover.practice = handover.exit_criteria = ""
    handover.support_until_on = None
    handover.trial_question = handover.trial_result = ""
    handover.success = handover.citizen_value_now = ""
    handover.question = handover.reason = handover.counter_proposal = handover.learned = ""
    handover.ripple = Ripple.UNKNOWN


def _aim(deed: Deed, unit_id: int) -> None:
    handover = deed.handover
    is_unsent = handover.state in (State.DRAFT, State.ANNOUNCED)
    if not is_unsent and not (handover.needs_unit and deed.standing.is_secretariat):
        raise Conflict(
            Message("Gaven er overrakt til enheden. Træk den tilbage, og giv den til den rigtige.")
        )
    _open_unit(deed.session, unit_id)
    if there := queries.open_between(deed.session, handover.gift_id, unit_id):
        raise AlreadyGiven(
            Message("Enheden har allerede gaven: overrækkelse nr. %(id)s.", id=there.key),
            handover_id=there.key,
        )
    former_id, handover.unit_id = handover.unit_id, unit_id
    handover.needs_unit = False
    deed.record(
        HandoverMoved(
            subject_id=handover.key, from_unit_id=UnitId(former_id), to_unit_id=UnitId(unit_id)
        )
    )


def _open_unit(session: Session, unit_id: int) -> Unit:
    # Shared: the unit may not close while something is on its way to it.
    unit = session.get(Unit, unit_id, with_for_update={"read": True})
    if unit is None:
        raise Invalid.at("/unit_id", Message("Enheden findes ikke."), code="unknown")
    if unit.is_closed:
        raise Invalid.at(
            "/unit_id", Message("Enheden %(name)s er lukket.", name=unit.name), code="closed"
        )
    return unit


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
