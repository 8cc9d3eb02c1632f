"""What the giver prepares: drafts, and changes to them before they are delivered."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.clock import local_day
from app.db import locked
from app.errors import Conflict, Invalid, Message, NotFound
from app.eventlog import log
from app.eventlog.log import By, UnitId
from app.gifts import queries as gifts
from app.gifts.models import Gift
from app.handovers import queries
from app.handovers.events import (
    HandoverChanged,
    HandoverDrafted,
    HandoverEvent,
    HandoverRequested,
)
from app.handovers.lifecycle import ENDED, IllegalStep, State, Step
from app.handovers.models import Handover, Kind
from app.handovers.service.deed import Asked, Deed, arrive, begin, set_kind
from app.networks.service import must_give
from app.people.signed_in import SignedIn
from app.units.models import Unit


class AlreadyGiven(Conflict):
    """The gift has an open handover to the unit already; `handover_id` says which."""


@dataclass(frozen=True)
class Request:
    """That a unit asked for the gift: what it will use it for, and who said so."""

    why: str
    by_id: int


def draft(
    session: Session,
    person: SignedIn,
    *,
    gift_id: int,
    unit_id: int,
    kind: Kind | None,
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
        origin_id=None,
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
    request: Request | None = None,
    by: By,
    now: datetime,
) -> Handover:
    """The draft itself, for whoever may ask for it. The gift must be locked. Where a unit asked for
    it, that is what happened, and the giver has prepared nothing yet."""
    open_unit(session, unit_id)
    must_not_have(session, gift.key, unit_id)
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
    if request is not None:
        handover.requested_at, handover.requested_by_id = now, request.by_id
        handover.request = request.why
    session.add(handover)
    session.flush()
    log.record(session, _begun(handover), by, at=now)
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
    """Makes it lead (the former lead becomes co) or co, or aims a draft at another unit. Conflict
    where others of the gift are open and none would be lead."""
    deed = begin(session, asked, handover_id, Step.DELIVER, now=now)
    handover = deed.handover
    if handover.state in ENDED:
        raise IllegalStep(handover.state, Step.DELIVER)
    changed = []
    if unit_id is not None and unit_id != handover.unit_id:
        _aim(deed, unit_id)
        changed.append("unit_id")
    if kind is not None and kind is not handover.kind:
        if kind is Kind.CO and queries.has_others_open(session, handover):
            raise Conflict(
                Message(
                    "En gave har en hovedmodtager. Gør en anden enhed til hovedmodtager, så bliver "
                    "den her medmodtager."
                )
            )
        lead = queries.lead_of(session, handover.gift_id)
        if kind is Kind.LEAD and lead is not None:
            set_kind(session, lead, Kind.CO, deed.by, at=now)
            session.flush()
        handover.kind = kind
        changed.append("kind")
    if changed:
        deed.record(HandoverChanged(subject_id=handover_id, fields=changed))
    return handover


def must_not_have(session: Session, gift_id: int, unit_id: int) -> None:
    """AlreadyGiven where the gift has an open handover to the unit."""
    if there := queries.open_between(session, gift_id, unit_id):
        raise already_given(there)


def already_given(there: Handover) -> AlreadyGiven:
    return AlreadyGiven(
        Message("Enheden har allerede gaven: overrækkelse nr. %(id)s.", id=there.key),
        handover_id=there.key,
    )


def open_unit(session: Session, unit_id: int) -> Unit:
    """The unit that is asked for, kept open until the transaction ends: it may not close while
    something is on its way to it. Invalid at `/unit_id` where it has closed."""
    unit = session.get(Unit, unit_id, with_for_update={"read": True})
    if unit is None:
        raise Invalid.at("/unit_id", Message("Enheden findes ikke."), code="unknown")
    if unit.is_closed:
        raise Invalid.at(
            "/unit_id", Message("Enheden %(name)s er lukket.", name=unit.name), code="closed"
        )
    return unit


def _begun(handover: Handover) -> HandoverEvent:
    unit_id, kind = UnitId(handover.unit_id), handover.kind
    if handover.requested_at is None:
        return HandoverDrafted(subject_id=handover.key, unit_id=unit_id, kind=kind)
    return HandoverRequested(
        subject_id=handover.key, unit_id=unit_id, kind=kind, why=handover.request
    )


def _aim(deed: Deed, unit_id: int) -> None:
    handover = deed.handover
    if handover.requested_at is not None and not handover.needs_unit:
        raise Conflict(
            Message("Enheden har selv bedt om gaven. Overræk den dertil, eller træk den tilbage.")
        )
    is_unsent = handover.state in (State.DRAFT, State.ANNOUNCED)
    if not is_unsent and not (handover.needs_unit and deed.standing.is_secretariat):
        raise Conflict(
            Message("Gaven er overrakt til enheden. Træk den tilbage, og giv den til den rigtige.")
        )
    open_unit(deed.session, unit_id)
    must_not_have(deed.session, handover.gift_id, unit_id)
    handover.needs_unit = False
    arrive(deed.session, handover, unit_id, deed.by, at=deed.now)
