"""A unit asks for a gift that it has seen: the giver gets a draft to answer."""

from datetime import date, datetime

from sqlmodel import Session

from app.clock import local_day
from app.db import locked
from app.errors import Conflict, Message
from app.eventlog.log import By
from app.gifts import queries as gifts
from app.gifts.models import Gift
from app.handovers import policy, queries
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.handovers.service.deed import Asked, other_in
from app.handovers.service.preparing import AlreadyGiven, Request, already_given, open_unit, prepare
from app.people.signed_in import SignedIn
from app.rows import rows_of
from app.units.line import line_of


def ask_for(
    session: Session, asked: Asked, gift_id: int, *, unit_id: int, why: str, now: datetime
) -> Handover:
    """The draft in which the unit says what it will use the gift for. Asked in the same words
    while it waits, it is the draft that is there; AlreadyGiven for any other open handover."""
    today = local_day(now)
    gifts.get(session, asked.person, gift_id, today=today)
    gift = locked(session, Gift, gift_id)
    open_unit(session, unit_id)
    by = _must_answer_for(session, asked, unit_id, today=today)
    if gift.given_at is None:
        raise Conflict(
            Message("Gaven er ikke givet til nogen endnu. Man kan bede om den, når den er.")
        )
    there = queries.open_between(session, gift_id, unit_id)
    if there is None:
        return prepare(
            session,
            gift,
            unit_id=unit_id,
            kind=None,
            origin_id=None,
            request=Request(why, asked.on_behalf_of_id or asked.person.id),
            by=by,
            now=now,
        )
    is_waiting = there.state is State.DRAFT and there.requested_at is not None
    if is_waiting and there.request == why:
        return there
    raise _refused(session, asked.person, there, today=today)


def _must_answer_for(session: Session, asked: Asked, unit_id: int, *, today: date) -> By:
    """Who is to be named: a substitute asks for the leader, and both are."""
    line = line_of(session, unit_id, today=today)
    other = other_in(session, asked)
    who = asked.person.id if other is None else other.key
    leads = line.kind_of(who) is not None
    policy.require_request(
        leads=leads, is_secretariat=other is None and asked.person.is_secretariat
    )
    return By(asked.person.id, line.stands_in_for(who) if other is None else who)


def _refused(session: Session, person: SignedIn, there: Handover, *, today: date) -> AlreadyGiven:
    """Says which handover is in the way, where the person may know of it. One that the giver still
    prepares has no number for them."""
    if there.state is State.DRAFT and there.requested_at is not None:
        return AlreadyGiven(
            Message(
                "Enheden har bedt om gaven: overrækkelse nr. %(id)s. Skriv resten som en note der.",
                id=there.key,
            ),
            handover_id=there.key,
        )
    if queries.sees(rows_of(session), person, there.key, today=today):
        return already_given(there)
    return AlreadyGiven(
        Message("Netværket er ved at gøre gaven klar til enheden. Tal med gavens kontaktperson.")
    )
