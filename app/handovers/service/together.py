"""One gift to several units in one go: all of them, or none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from app.clock import local_day
from app.db import locked
from app.errors import Conflict, Fault, Invalid, Message
from app.eventlog.log import By
from app.gifts import queries as gifts
from app.gifts.models import Gift
from app.handovers import queries
from app.handovers.lifecycle import State, Step
from app.handovers.models import Handover, Kind
from app.handovers.service import giving, preparing
from app.handovers.service.deed import Asked, RippleAnswer
from app.networks.service import must_give
from app.people.signed_in import SignedIn
from app.units.line import line_of

_GOES_ON_FROM: Mapping[Step | None, Collection[State]] = {
    None: (),
    Step.ANNOUNCE: (State.DRAFT,),
    Step.DELIVER: (State.DRAFT, State.ANNOUNCED),
}
"""What is under way already, and is taken further by the step; no step only prepares."""


@dataclass(frozen=True)
class Given:
    """`had` are the units that were left out: what they have is further than that."""

    handovers: Sequence[Handover]
    had: Sequence[Handover]


@dataclass(frozen=True)
class Round:
    """The units that shall have it, and which of them is the lead receiver; None leaves that as
    it is, and with the first unit where there is none."""

    unit_ids: Sequence[int]
    lead_unit_id: int | None = None


def give(
    session: Session,
    person: SignedIn,
    gift_id: int,
    units: Round,
    *,
    step: Step | None,
    ripple: RippleAnswer,
    version: int | None,
    now: datetime,
) -> Given:
    """Delivers to each of the units, announces it, or only prepares it. Invalid at each unit that
    cannot have it, so that all are told of at once."""
    gifts.get(session, person, gift_id, today=local_day(now))
    # In the order that everybody takes: the gift, the units, and then their handovers.
    gift = locked(session, Gift, gift_id, version=version)
    must_give(session, person, gift.network_id, now=now)
    units = replace(units, unit_ids=list(dict.fromkeys(units.unit_ids)))
    _must_be_open(session, units.unit_ids)
    there = {unit_id: queries.open_between(session, gift_id, unit_id) for unit_id in units.unit_ids}
    had = [one for one in there.values() if one and one.state not in _GOES_ON_FROM[step]]
    left_out = {one.unit_id for one in had}
    wanted = [unit_id for unit_id in units.unit_ids if unit_id not in left_out]
    if not wanted:
        raise Conflict(Message("Alle de enheder har gaven allerede."))
    if step is Step.DELIVER:
        _must_be_reached(session, units.unit_ids, wanted, now=now)
    prepared = _prepared(session, person, gift, replace(units, unit_ids=wanted), there, now=now)
    asked = Asked(person)
    for handover in prepared:
        if step is Step.ANNOUNCE:
            giving.announce(session, asked, handover.key, now=now)
        elif step is Step.DELIVER:
            giving.deliver(session, asked, handover.key, ripple=ripple, now=now)
    return Given(prepared, had)


def _prepared(
    session: Session,
    person: SignedIn,
    gift: Gift,
    units: Round,
    there: Mapping[int, Handover | None],
    *,
    now: datetime,
) -> Sequence[Handover]:
    """A handover to each, those that are there already too; the lead one first."""
    lead_id = units.lead_unit_id
    if lead_id is not None and lead_id not in units.unit_ids:
        raise Invalid.at(
            "/lead_unit_id", Message("Vælg hovedmodtageren blandt dem, der skal have gaven.")
        )
    found = []
    for unit_id in sorted(units.unit_ids, key=lambda unit_id: unit_id != lead_id):
        handover = there[unit_id] or preparing.prepare(
            session, gift, unit_id=unit_id, kind=None, origin_id=None, by=By(person.id), now=now
        )
        if unit_id == lead_id and handover.kind is not Kind.LEAD:
            preparing.change(
                session, Asked(person), handover.key, kind=Kind.LEAD, unit_id=None, now=now
            )
        session.flush()
        found.append(handover)
    return found


def _must_be_open(session: Session, unit_ids: Sequence[int]) -> None:
    faults: dict[int, Fault] = {}
    for unit_id in sorted(set(unit_ids)):
        try:
            preparing.open_unit(session, unit_id)
        except Invalid as invalid:
            faults[unit_id] = invalid.faults[0]
    _refuse(unit_ids, faults)


def _must_be_reached(
    session: Session, unit_ids: Sequence[int], wanted: Sequence[int], *, now: datetime
) -> None:
    faults: dict[int, Fault] = {}
    for unit_id in wanted:
        seats = line_of(session, unit_id, today=local_day(now)).answering().seats
        if not any(seat.mail or seat.phone for seat in seats):
            unit = preparing.open_unit(session, unit_id)
            say = Message(
                "%(name)s har ingen leder, der kan nås, og det har enhederne over den heller "
                "ikke. Find en leder, eller tag enheden ud.",
                name=unit.name,
            )
            faults[unit_id] = Fault("reachable_leader", say)
    _refuse(unit_ids, faults)


def _refuse(unit_ids: Sequence[int], faults: Mapping[int, Fault]) -> None:
    if faults:
        raise Invalid(
            *(
                replace(faults[unit_id], pointer=f"/unit_ids/{place}")
                for place, unit_id in enumerate(unit_ids)
                if unit_id in faults
            )
        )
