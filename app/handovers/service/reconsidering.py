"""What the receiving unit does when it changes its mind: the answer is taken back."""

from datetime import datetime

from sqlmodel import Session

from app.db import locked
from app.errors import Conflict, Message
from app.handovers import lifecycle, queries
from app.handovers.events import HandoverReconsidered
from app.handovers.lifecycle import ENDED, State, Step
from app.handovers.models import Handover, Kind
from app.handovers.service.answering import receive
from app.handovers.service.deed import Asked, Deed, begin, release, set_kind
from app.handovers.service.giving import forget_answers, take_back
from app.handovers.service.preparing import must_not_have
from app.units.models import Unit


def reconsider(session: Session, asked: Asked, handover_id: int, *, now: datetime) -> Handover:
    """Seen and received, and not yet answered: the former answer is left to the story. It is about
    the gift's edition of now, for which the former receipt does unless the edition is newer."""
    deed = begin(session, asked, handover_id, Step.RECONSIDER, now=now)
    handover, former = deed.handover, deed.handover.state
    lifecycle.after(former, Step.RECONSIDER)
    edition = deed.gift.edition
    if former in ENDED:
        must_not_have(session, handover.gift_id, handover.unit_id)
        if former is State.PASSED_ON:
            _call_back(deed)
        if queries.lead_of(session, handover.gift_id) is not None:
            handover.kind = Kind.CO
    release(session, handover, at=now)
    forget_answers(handover)
    handover.next_on = handover.ended_at = None
    deed.unpause()
    if handover.edition != edition:
        handover.edition, handover.is_new_edition = edition, True
        handover.acknowledged_at = None
    if handover.acknowledged_at is None:
        receive(deed, asked)
    deed.move(Step.RECONSIDER)
    deed.lives()
    deed.record(HandoverReconsidered(subject_id=handover_id, former_state=former, edition=edition))
    return handover


def _call_back(deed: Deed) -> None:
    """Undoes what passing it on made ready for the other unit. Conflict where that is too late,
    because the giver has told the unit of it."""
    session, handover = deed.session, deed.handover
    there_id = queries.passed_on_as(session, handover.key)
    there = None if there_id is None else locked(session, Handover, there_id)
    if there is None or there.origin_id != handover.id or there.state is State.WITHDRAWN:
        return
    if there.state is not State.DRAFT:
        raise Conflict(
            Message(
                "Gaven er nået videre til %(unit)s. Hører den også til hos jer, så bed giveren om "
                "at åbne overrækkelsen igen.",
                unit=_name_of(session, there.unit_id),
            ),
            handover_id=there.key,
        )
    was_made_for_it = there.created_at == handover.ended_at
    if was_made_for_it and there.unit_id == handover.passed_to_unit_id:
        unit = _name_of(session, handover.unit_id)
        draft = Deed(session, there, deed.by, deed.standing, deed.now)
        take_back(draft, f"{unit} har taget sit svar tilbage og vil svare om.")
        return
    # The giver had it before, or has found it another unit: it is the giver's own.
    there.origin_id = None
    if there.kind is Kind.LEAD and handover.kind is Kind.LEAD:
        set_kind(session, there, Kind.CO, deed.by, at=deed.now)
    session.flush()


def _name_of(session: Session, unit_id: int) -> str:
    unit = session.get(Unit, unit_id)
    assert unit is not None
    return unit.name
