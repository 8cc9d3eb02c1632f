"""API keys as administrators keep them: made for somebody, listed, and revoked. The rules of keys
themselves are in app/people/keys.py; on the machine there is `gavebord key`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from app.clock import local_day, start_of
from app.errors import Invalid, Message
from app.eventlog.log import By
from app.people import keys, queries
from app.people.forms import NewKey
from app.people.models import ApiKey, Person
from app.people.signed_in import SignedIn, may_administer

LONGEST_DAYS = 3650
SOON = timedelta(days=30)


def make(session: Session, me: SignedIn, form: NewKey, *, now: datetime) -> tuple[ApiKey, str]:
    """The row and the key itself, which is shown this once and never kept. It is good until its
    last day is over. Invalid where nobody has the mail, or the day is not ahead."""
    may_administer(me)
    person = queries.named(session, form.mail)
    today = local_day(now)
    if not today < form.expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise Invalid.at("/expires_on", _SOME_DAY_AHEAD, code="day_out_of_range")
    return keys.make(
        session,
        person.key,
        label=form.label,
        scopes=sorted(set(form.scopes)),
        expires_at=start_of(form.expires_on + timedelta(days=1)),
        by=By(me.id),
        now=now,
    )


def revoke(session: Session, me: SignedIn, key_id: int, *, now: datetime) -> ApiKey:
    """Ends the key at once; revoking twice is the same as once."""
    may_administer(me)
    return keys.revoke(session, key_id, by=By(me.id), now=now)


def page(
    session: Session, *, is_over: bool, before_id: int | None, limit: int, now: datetime
) -> Sequence[tuple[ApiKey, str]]:
    """Keys with the names of their people, newest first: those that are good, or those that are
    over."""
    statement = select(ApiKey, Person.name).join(Person, col(Person.id) == ApiKey.person_id)
    is_past = _is_past(now)
    statement = statement.where(is_past if is_over else ~is_past)
    if before_id is not None:
        statement = statement.where(col(ApiKey.id) < before_id)
    found = session.exec(statement.order_by(col(ApiKey.id).desc()).limit(limit))
    return [(key, name) for key, name in found]


def get(session: Session, key_id: int) -> ApiKey | None:
    return session.get(ApiKey, key_id)


def soon_over(session: Session, *, now: datetime) -> int:
    """How many keys that are good now end by themselves soon."""
    is_soon = col(ApiKey.expires_at) <= now + SOON
    statement = select(func.count()).select_from(ApiKey).where(~_is_past(now), is_soon)
    return session.exec(statement).one()


def is_soon_over(key: ApiKey, now: datetime) -> bool:
    return key.expires_at is not None and key.expires_at <= now + SOON


def _is_past(now: datetime) -> ColumnElement[bool]:
    expires_at = col(ApiKey.expires_at)
    is_expired = expires_at.is_not(None) & (expires_at <= now)
    return or_(col(ApiKey.revoked_at).is_not(None), is_expired)


_SOME_DAY_AHEAD = Message("Vælg en dag efter i dag og højst ti år frem.")
