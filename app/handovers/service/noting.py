"""A line in the story, by anyone who may see the handover."""

from datetime import date, datetime

from sqlmodel import Session

from app.clock import local_day
from app.db import locked
from app.errors import Invalid, Message
from app.eventlog import log
from app.handovers import lifecycle, queries
from app.handovers.events import NoteWritten
from app.handovers.models import Handover, Note, Side
from app.handovers.service.deed import Asked, Deed, other_in, stand
from app.people.signed_in import SignedIn
from app.rows import rows_of


def write_note(
    session: Session, asked: Asked, handover_id: int, *, text: str, now: datetime
) -> Note:
    """By the receiving side it is a sign of life, also when the secretariat was told of it on the
    phone; by anyone else it is only a note. Nobody says anything, also through another, on what
    they may not see."""
    today = local_day(now)
    queries.must_see(rows_of(session), asked.person, handover_id, today=today)
    _must_see_too(session, asked, handover_id, today=today)
    handover = locked(session, Handover, handover_id)
    standing, by = stand(session, asked, handover, None, today=today)
    if standing.leads or standing.owns:
        side = Side.RECEIVER
    elif standing.gives or standing.is_secretariat:
        side = Side.GIVER
    else:
        side = Side.OTHER
    note = Note(
        handover_id=handover_id,
        author_id=asked.person.id,
        on_behalf_of_id=by.on_behalf_of_id,
        side=side,
        text=text,
        at=now,
    )
    session.add(note)
    session.flush()
    assert note.id is not None
    if side is Side.RECEIVER and handover.state in lifecycle.RECEIVED:
        Deed(session, handover, by, standing, now).lives()
    written = NoteWritten(subject_id=handover_id, note_id=note.id, side=side, text=text)
    log.record(session, written, by, at=now)
    return note


def _must_see_too(session: Session, asked: Asked, handover_id: int, *, today: date) -> None:
    other = other_in(session, asked)
    if other is None:
        return
    person = SignedIn(other.key, other.name, frozenset(other.roles.split()))
    if not queries.sees(rows_of(session), person, handover_id, today=today):
        raise Invalid.at(
            "/on_behalf_of_id",
            Message("%(name)s kan ikke se overrækkelsen.", name=other.name),
            code="sees_it_not",
        )
