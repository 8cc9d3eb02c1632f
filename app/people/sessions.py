"""Browsers in which people are signed in: 256 random bits in a cookie, and their hash in a row."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, bindparam, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.errors import Message, NotFound, NotSignedIn
from app.eventlog import log
from app.eventlog.log import By, PersonId
from app.i18n import Locale
from app.people.agents import named
from app.people.events import SessionBegun, SessionEnded, SessionRefused
from app.people.models import Person, WebSession
from app.people.noted import Note, limit_of, note_of
from app.people.signed_in import SignedIn
from app.rows import Prepared, Rows, rows_of

USE_NOTED_WITHIN = timedelta(minutes=1)


class Way(StrEnum):
    """How somebody showed who they are."""

    PROVIDER = "provider"
    LINK = "link"
    DEMO = "demo"


class Ending(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    SIGNED_IN_AGAIN = "signed_in_again"
    PROVIDER = "provider"
    LEFT = "left"
    ROLES = "roles"
    MAIL = "mail"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Lifetimes:
    """How long a session lasts without being used, and at the very most."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True)
class AtProvider:
    """What the identity provider calls the session, and the token that it wants back at the end."""

    issuer: str
    session: str | None = None
    id_token: str | None = None


@dataclass(frozen=True)
class SessionUse:
    """One use of a session: whether its last use is already kept, and the person's language."""

    session_id: int
    is_noted: bool
    locale: Locale


UNKNOWN_COOKIES = limit_of("unknown-cookies")


class CookieRefused(NotSignedIn):
    """A cookie that no session of ours ever had: made up, or changed on the way."""


@note_of.register
def _(_: CookieRefused) -> Note:
    return Note(SessionRefused(subject_id=0), [(UNKNOWN_COOKIES, "")])


def begin(
    session: Session,
    person: Person,
    *,
    way: Way,
    agent: str,
    lifetimes: Lifetimes,
    now: datetime,
    at_provider: AtProvider | None = None,
    instead_of: str | None = None,
) -> str:
    """What the cookie holds from now on: new at every sign-in. The session whose cookie the browser
    held until now, if any, is `instead_of` and ends."""
    if instead_of is not None:
        end_by_secret(session, instead_of, ending=Ending.SIGNED_IN_AGAIN, now=now)
    rows_of(session).change(_FORGET_TOKENS, {"person_id": person.key, "now": now})
    secret = secrets.token_urlsafe(32)
    row = WebSession(
        hash=_hash(secret),
        person_id=person.key,
        way=way,
        issuer=at_provider.issuer if at_provider else None,
        provider_session=at_provider.session if at_provider else None,
        id_token=at_provider.id_token if at_provider else None,
        agent=named(agent),
        created_at=now,
        used_at=now,
        expires_at=now + lifetimes.absolute,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    event = SessionBegun(subject_id=row.id, person_id=PersonId(person.key), way=way)
    log.record(session, event, By(person.key), at=now)
    return secret


def signed_in(
    rows: Rows, secret: str, *, lifetimes: Lifetimes, now: datetime
) -> tuple[SignedIn, SessionUse]:
    """Whose session it is, and its use. NotSignedIn where it has ended, and of that
    CookieRefused where it was never one."""
    row = rows.first(_BY_HASH, {"hash": _hash(secret)})
    if row is None:
        raise CookieRefused(_SIGNED_OUT)
    if row["ended_at"] or row["left_at"]:
        raise NotSignedIn(_SIGNED_OUT)
    if row["expires_at"] <= now or row["used_at"] + lifetimes.idle <= now:
        raise NotSignedIn(Message("Du har været væk længe og er logget ud. Log ind igen."))
    person = SignedIn(row["person_id"], row["name"], frozenset(row["roles"].split()))
    is_noted = now - row["used_at"] < USE_NOTED_WITHIN
    return person, SessionUse(row["id"], is_noted, "en" if row["locale"] == "en" else "da")


def note_use(rows: Rows, session_id: int, *, now: datetime) -> None:
    """Keeps when the session was last used, to within `USE_NOTED_WITHIN`."""
    rows.change(_NOTE_USE, {"session_id": session_id, "now": now})


def of_person(session: Session, person_id: int, *, now: datetime) -> Sequence[WebSession]:
    """The sessions that have not ended, newest first; no more than a hundred of them."""
    statement = select(WebSession).where(
        WebSession.person_id == person_id, _is_open(), col(WebSession.expires_at) > now
    )
    return session.exec(statement.order_by(col(WebSession.id).desc()).limit(100)).all()


def by_secret(session: Session, secret: str) -> WebSession | None:
    """The session of a cookie, if it has not ended."""
    statement = select(WebSession).where(WebSession.hash == _hash(secret), _is_open())
    return session.exec(statement).first()


def end(
    session: Session, session_id: int, *, of_person_id: int, ending: Ending, by: By, now: datetime
) -> None:
    """Ends one of the person's sessions at once; twice is the same as once. NotFound where it is
    somebody else's."""
    row = session.get(WebSession, session_id, with_for_update={"key_share": True})
    if row is None or row.person_id != of_person_id:
        raise NotFound
    _end(session, row, ending, by, now)


def end_by_secret(session: Session, secret: str, *, ending: Ending, now: datetime) -> None:
    row = by_secret(session, secret)
    if row is not None:
        _end(session, row, ending, By(row.person_id), now)


def end_all(
    session: Session, person_id: int, *, ending: Ending, by: By, now: datetime
) -> Sequence[WebSession]:
    """Ends every session of the person at once."""
    rows = _locked(session, WebSession.person_id == person_id)
    for row in rows:
        _end(session, row, ending, by, now)
    return rows


def end_at_provider(
    session: Session,
    issuer: str,
    *,
    provider_session: str | None,
    person_id: int | None,
    now: datetime,
) -> Sequence[WebSession]:
    """Ends what the identity provider says is over: one session of its own, or all of a person's
    that came from there."""
    if provider_session is not None:
        whose: ColumnElement[bool] = col(WebSession.provider_session) == provider_session
        if person_id is not None:
            whose &= col(WebSession.person_id) == person_id
    else:
        whose = col(WebSession.person_id) == person_id
    rows = _locked(session, (col(WebSession.issuer) == issuer) & whose)
    for row in rows:
        _end(session, row, Ending.PROVIDER, By(), now)
    return rows


def _locked(session: Session, whose: ColumnElement[bool] | bool) -> Sequence[WebSession]:
    statement = select(WebSession).where(whose, _is_open())
    return session.exec(
        statement.order_by(col(WebSession.id)).with_for_update(key_share=True)
    ).all()


def _end(session: Session, row: WebSession, ending: Ending, by: By, now: datetime) -> None:
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by, row.id_token = now, ending, None
    assert row.id is not None
    event = SessionEnded(subject_id=row.id, person_id=PersonId(row.person_id), ending=ending)
    log.record(session, event, by, at=now)


def _is_open() -> ColumnElement[bool]:
    return col(WebSession.ended_at).is_(None)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


_BY_HASH = Prepared(
    columns(
        col(WebSession.id),
        col(WebSession.person_id),
        col(WebSession.used_at),
        col(WebSession.expires_at),
        col(WebSession.ended_at),
        col(Person.name),
        col(Person.roles),
        col(Person.locale),
        col(Person.left_at),
    )
    .join(Person, col(Person.id) == WebSession.person_id)
    .where(col(WebSession.hash) == bindparam("hash"))
)
_SIGNED_OUT = Message("Du er logget ud. Log ind igen.")
_FORGET_TOKENS = Prepared(
    update(WebSession)
    .where(
        col(WebSession.person_id) == bindparam("person_id"),
        col(WebSession.expires_at) <= bindparam("now"),
        col(WebSession.id_token).is_not(None),
    )
    .values(id_token=None)
)
_NOTE_USE = Prepared(
    update(WebSession)
    .where(
        col(WebSession.id) == bindparam("session_id"),
        col(WebSession.used_at) < bindparam("now"),
    )
    .values(used_at=bindparam("now"))
)
