"""Links that are mailed to people, for those who have no identity provider: each is good once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from app.eventlog import log
from app.eventlog.log import By
from app.people import queries as people
from app.people.events import PersonChanged
from app.people.models import Person
from app.signing_in.models import SignInLink
from app.signing_in.refusals import LinkNotGood

GOOD_FOR = timedelta(minutes=20)


def make(session: Session, mail: str, *, now: datetime) -> tuple[Person, str] | None:
    """The person with the address and what stands in their link; None where nobody who is here
    has it. What is older than a day is forgotten on the way."""
    session.execute(delete(SignInLink).where(col(SignInLink.expires_at) < now - timedelta(days=1)))
    person = people.by_mail(session, mail)
    secret = secrets.token_urlsafe(32)
    if person is None or person.has_left:
        return None
    session.add(
        SignInLink(
            hash=_hash(secret),
            person_id=person.key,
            created_at=now,
            expires_at=now + GOOD_FOR,
        )
    )
    return person, secret


def holder(session: Session, secret: str, *, now: datetime) -> Person:
    """Whose link it is. LinkNotGood where it cannot be used."""
    return _good(session, secret, now=now)[1]


def use(session: Session, secret: str, *, now: datetime) -> Person:
    """Whose link it is; from now on it cannot be used, nor any other that the person was sent."""
    _, person = _good(session, secret, now=now, is_locked=True)
    theirs = select(SignInLink).where(
        SignInLink.person_id == person.key, col(SignInLink.used_at).is_(None)
    )
    for each in session.exec(theirs.order_by(col(SignInLink.hash)).with_for_update(key_share=True)):
        each.used_at = now
    return person


def forget(session: Session, event: PersonChanged, by: By, now: datetime) -> None:
    """What was mailed to an address that is not theirs any more, is good for nothing."""
    if "mail" in event.fields:
        session.execute(delete(SignInLink).where(col(SignInLink.person_id) == event.subject_id))


def _good(
    session: Session, secret: str, *, now: datetime, is_locked: bool = False
) -> tuple[SignInLink, Person]:
    link = session.get(
        SignInLink, _hash(secret), with_for_update={"key_share": True} if is_locked else None
    )
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise LinkNotGood
    person = session.get(
        Person, link.person_id, with_for_update={"key_share": True} if is_locked else None
    )
    if person is None or person.has_left:
        raise LinkNotGood
    return link, person


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


log.follow(PersonChanged, forget)
