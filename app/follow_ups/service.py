"""The verbs of follow-ups: record, correct, mark seen. None commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.clock import local_day
from app.db import locked
from app.errors import Message, NotAllowed
from app.eventlog import log
from app.eventlog.log import By
from app.follow_ups import queries, schedule
from app.follow_ups.events import FollowUpChanged, FollowUpRecorded, FollowUpSeen
from app.follow_ups.models import Better, FollowUp, Health
from app.handovers import lifecycle
from app.handovers.lifecycle import Step
from app.handovers.models import Handover
from app.handovers.service.deed import Asked, begin
from app.handovers.service.planning import Plan, must_be_ahead, must_have_read_back, write_plan
from app.networks.service import must_give
from app.people.signed_in import SignedIn


@dataclass(frozen=True)
class CheckIn:
    """What an owner says: how it goes, one line, and whether it is still better for the
    citizen. `next_on` is the next date, if one is agreed."""

    health: Health
    note: str
    better: Better
    better_how: str = ""
    measured: Decimal | None = None
    next_on: date | None = None


def record(
    session: Session,
    asked: Asked,
    handover_id: int,
    check_in: CheckIn,
    *,
    plan: Plan,
    now: datetime,
) -> FollowUp:
    """A sign of life. The first one needs the read-back and the first step."""
    deed = begin(session, asked, handover_id, Step.FOLLOW_UP, now=now)
    handover = deed.handover
    lifecycle.after(handover.state, Step.FOLLOW_UP)
    agreed = handover.next_on
    if check_in.next_on is not None:
        must_be_ahead(deed, check_in.next_on)
    made = write_plan(deed, Plan(plan.read_back, plan.first_step))
    must_have_read_back(handover)
    if made:
        deed.record(made)
    early_days = deed.rules.early_days
    due_on = deed.today
    if agreed is not None and schedule.counts_as_due(agreed, due_on, early_days=early_days):
        due_on = agreed
    handover.next_on = schedule.next_after(
        agreed, deed.today, check_in.next_on, early_days=early_days
    )
    deed.unpause()
    follow_up = FollowUp(
        handover_id=handover_id,
        author_id=asked.person.id,
        on_behalf_of_id=deed.by.on_behalf_of_id,
        due_on=due_on,
        done_at=now,
        health=check_in.health,
        note=check_in.note,
        better=check_in.better,
        better_how=check_in.better_how,
        measured=check_in.measured,
        next_on=handover.next_on,
        created_at=now,
    )
    session.add(follow_up)
    deed.lives()
    session.flush()
    recorded = FollowUpRecorded(
        subject_id=follow_up.key,
        handover_id=handover_id,
        health=check_in.health,
        note=check_in.note,
        better=check_in.better,
        next_on=handover.next_on,
        better_how=check_in.better_how,
        measured=_in_digits(check_in.measured),
    )
    log.record(session, recorded, deed.by, at=now)
    return follow_up


def change(
    session: Session,
    person: SignedIn,
    follow_up_id: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> FollowUp:
    """Corrects what was written; by the one who wrote it, or on whose behalf it was."""
    queries.get(session, person, follow_up_id, today=local_day(now))
    follow_up = locked(session, FollowUp, follow_up_id, version=version)
    if person.id not in (follow_up.author_id, follow_up.on_behalf_of_id):
        raise NotAllowed(Message("Det retter den, der skrev opfølgningen."))
    changed = sorted(name for name, value in fields.items() if getattr(follow_up, name) != value)
    if changed:
        for name in changed:
            setattr(follow_up, name, fields[name])
        session.flush()
        said = {name: fields[name] for name in changed}
        if "measured" in said:
            said["measured"] = _in_digits(said["measured"])
        corrected = FollowUpChanged(
            subject_id=follow_up_id, handover_id=follow_up.handover_id, fields=changed, **said
        )
        log.record(session, corrected, By(person.id), at=now)
    return follow_up


def mark_seen(session: Session, person: SignedIn, follow_up_id: int, *, now: datetime) -> FollowUp:
    """The giver's side has read it. Marking twice is the same as once."""
    queries.get(session, person, follow_up_id, today=local_day(now))
    follow_up = locked(session, FollowUp, follow_up_id)
    handover = session.get(Handover, follow_up.handover_id)
    assert handover is not None
    must_give(session, person, handover.network_id, now=now)
    if follow_up.seen_at is None:
        follow_up.seen_at, follow_up.seen_by_id = now, person.id
        session.flush()
        seen = FollowUpSeen(subject_id=follow_up_id, handover_id=follow_up.handover_id)
        log.record(session, seen, By(person.id), at=now)
    return follow_up


def _in_digits(measured: Decimal | None) -> str | None:
    return None if measured is None else f"{measured:f}"
