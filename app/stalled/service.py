"""The verbs of work that came to a standstill. None commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.errors import Conflict, Message, NotAllowed, NotFound
from app.eventlog import fan_out, log
from app.eventlog.log import By
from app.eventlog.models import Event, EventSetAside
from app.people.signed_in import READ_ALL, SignedIn, may_administer
from app.stalled.events import WorkDropped, WorkRetried
from app.work import dead
from app.work.models import WorkItem


def may_see(person: SignedIn) -> None:
    """NotAllowed unless they read everything."""
    if not person.roles & READ_ALL:
        raise NotAllowed(Message("Det ser sekretariatet, administratorer og revisorer."))


def page(
    session: Session, person: SignedIn, *, before_id: int | None, limit: int
) -> Sequence[WorkItem]:
    """The newest first. NotAllowed."""
    may_see(person)
    return dead.page(session, before_id=before_id, limit=limit)


MOST_EVENTS = 50


def events(session: Session, person: SignedIn) -> Sequence[tuple[EventSetAside, Event]]:
    """What has happened and nobody could be told of, the newest first. NotAllowed."""
    may_see(person)
    return fan_out.set_aside(session, most=MOST_EVENTS)


def pass_on_again(session: Session, person: SignedIn, event_id: int) -> None:
    """Those whom it concerns are told after all. NotFound where it waits already, or they have
    been."""
    may_administer(person)
    if not fan_out.pass_on_again(session, event_id):
        raise NotFound


def retry(session: Session, person: SignedIn, item_id: int, *, now: datetime) -> None:
    """It is tried from the start, at once; twice is the same as once. NotFound where it is gone:
    done by now, or dropped."""
    item = _locked(session, person, item_id)
    if item.dead_at is None:
        return
    dead.revive(session, item)
    event = WorkRetried(subject_id=item_id, kind=item.kind, key=item.key)
    log.record(session, event, By(person.id), at=now)


def drop(session: Session, person: SignedIn, item_id: int, *, now: datetime) -> None:
    """It is never done. NotFound where it is gone; Conflict where it is being tried again."""
    item = _locked(session, person, item_id)
    if item.dead_at is None:
        raise Conflict(Message("Det er sat i gang igen, og er ikke gået i stå længere."))
    session.delete(item)
    event = WorkDropped(subject_id=item_id, kind=item.kind, key=item.key)
    log.record(session, event, By(person.id), at=now)


def _locked(session: Session, person: SignedIn, item_id: int) -> WorkItem:
    may_administer(person)
    item = dead.locked(session, item_id)
    if item is None:
        raise NotFound
    return item
