"""What happens to handovers when a gift gets a new edition, and when the organisation changes."""

from datetime import datetime

from sqlmodel import Session

from app.eventlog import log
from app.eventlog.log import By, UnitId
from app.gifts.events import EditionMade
from app.handovers import queries
from app.handovers.events import (
    EditionOffered,
    HandoverEvent,
    HandoverLostUnit,
    HandoverPassedOn,
    HandoverWithdrawn,
    ReceiptVoided,
)
from app.handovers.life import Rules
from app.handovers.lifecycle import BEFORE_TRIAL, FROM_TRIAL_ON, State
from app.handovers.models import Handover, Kind
from app.handovers.rehoming import goes_on
from app.handovers.rules import rules_of
from app.handovers.service.deed import arrive, end, set_due, set_kind
from app.units.events import UnitClosed
from app.units.models import Unit


def meet_new_edition(session: Session, event: EditionMade, by: By, at: datetime) -> None:
    """Handovers not yet in trial are delivered anew, and their receipts are void; from trial on
    they keep their edition and are offered the new one."""
    handovers = queries.of_gift(session, event.subject_id)
    rules = rules_of(session)
    for handover in handovers:
        meets = news_of_edition(handover.state)
        if meets is ReceiptVoided:
            former = handover.state
            _deliver_anew(handover, edition=event.number, rules=rules, at=at)
            voided = ReceiptVoided(
                subject_id=handover.key, edition=event.number, former_state=former
            )
            log.record(session, voided, by, at=at)
        elif meets is EditionOffered:
            handover.is_new_edition = True
            offered = EditionOffered(subject_id=handover.key, edition=event.number)
            log.record(session, offered, by, at=at)


def news_of_edition(state: State) -> type[HandoverEvent] | None:
    """What a handover in the state meets when its gift gets a new edition."""
    if state in BEFORE_TRIAL:
        return ReceiptVoided
    return EditionOffered if state in FROM_TRIAL_ON else None


def leave_closed_unit(session: Session, event: UnitClosed, by: By, at: datetime) -> None:
    """Open handovers move to the successor, or without one to the secretariat's list. Where the
    successor has the same gift already, the one that has come furthest goes on."""
    unit_id, successor_id = UnitId(event.subject_id), event.successor_id
    found = queries.open_at(session, unit_id, successor_id)
    there = {one.gift_id: one for one in found if one.unit_id == successor_id}
    for handover in (one for one in found if one.unit_id == unit_id):
        if successor_id is None:
            handover.needs_unit = True
            lost = HandoverLostUnit(subject_id=handover.key, unit_id=unit_id)
            log.record(session, lost, by, at=at)
        elif handover.gift_id not in there:
            arrive(session, handover, successor_id, by, at=at)
        elif goes_on(handover, there[handover.gift_id]):
            _replace(session, there[handover.gift_id], handover, by=by, at=at)
        else:
            _give_way(session, handover, there[handover.gift_id], by=by, at=at)
        session.flush()


def _replace(
    session: Session, there: Handover, handover: Handover, *, by: By, at: datetime
) -> None:
    """The successor goes on with the one that comes, and its own ends. Nothing is said of that one
    where it is not seen, for it may be a draft."""
    successor_id, closed = UnitId(there.unit_id), session.get_one(Unit, handover.unit_id)
    there.state = State.WITHDRAWN
    there.reason = f"{closed.name} er lukket, og dens overrækkelse af gaven går videre her."
    _end(session, there, at=at)
    withdrawn = HandoverWithdrawn(subject_id=there.key, reason=there.reason)
    log.record(session, withdrawn, by, at=at)
    arrive(session, handover, successor_id, by, at=at)
    _inherit(session, handover, there, by=by, at=at)


def _give_way(
    session: Session, handover: Handover, there: Handover, *, by: By, at: datetime
) -> None:
    handover.state, handover.passed_to_unit_id = State.PASSED_ON, there.unit_id
    handover.reason = "Enheden er lukket, og efterfølgeren har gaven i forvejen."
    _end(session, handover, at=at)
    _inherit(session, there, handover, by=by, at=at)
    passed_on = HandoverPassedOn(
        subject_id=handover.key,
        to_unit_id=UnitId(there.unit_id),
        reason=handover.reason,
        draft_id=there.key,
    )
    log.record(session, passed_on, by, at=at)


def _end(session: Session, handover: Handover, *, at: datetime) -> None:
    """Before the other one has its unit, or is the lead one: the database allows one at a time."""
    handover.last_life_at, handover.life_due_on = at, None
    end(session, handover, at=at)
    session.flush()


def _inherit(
    session: Session, handover: Handover, ended: Handover, *, by: By, at: datetime
) -> None:
    """The unit is as much the lead receiver as one of the two was."""
    if ended.kind is Kind.LEAD and handover.kind is not Kind.LEAD:
        set_kind(session, handover, Kind.LEAD, by, at=at)


def _deliver_anew(handover: Handover, *, edition: int, rules: Rules, at: datetime) -> None:
    handover.state = State.DELIVERED
    handover.edition, handover.is_new_edition = edition, True
    handover.delivered_at = handover.last_life_at = at
    handover.acknowledged_at = handover.acknowledged_by_id = handover.accepted_at = None
    handover.next_on = handover.paused_until = None
    handover.pause_reason = ""
    handover.read_back = handover.first_step = ""
    set_due(handover, rules)


log.follow(EditionMade, meet_new_edition)
log.follow(UnitClosed, leave_closed_unit)
