"""Where people were signed in, also long ago: when, how, in which browser, and how it ended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, select

from app.eventlog.latest import Branch
from app.eventlog.models import Event
from app.people.models import ApiKey, WebSession
from app.people.sessions import Lifetimes


@dataclass(frozen=True)
class SignIn:
    """One browser of a person. `is_open`: still signed in there."""

    session: WebSession
    is_open: bool


def history(
    session: Session,
    person_id: int,
    *,
    before_id: int | None,
    limit: int,
    lifetimes: Lifetimes,
    now: datetime,
) -> Sequence[SignIn]:
    """Newest first."""
    statement = select(WebSession).where(WebSession.person_id == person_id)
    if before_id is not None:
        statement = statement.where(col(WebSession.id) < before_id)
    found = session.exec(statement.order_by(col(WebSession.id).desc()).limit(limit))
    return [SignIn(row, _is_open(row, lifetimes, now)) for row in found]


def browsers(session: Session, ids: Collection[int]) -> Mapping[int, str]:
    """What the browsers of these sessions called themselves, by the id of the session."""
    statement = select(WebSession.id, WebSession.agent).where(col(WebSession.id).in_(ids))
    return {row_id: agent for row_id, agent in session.exec(statement) if row_id is not None}


def of_sessions_of(person_id: str) -> Branch:
    """The condition for events about the sessions of the person of that parameter."""
    return [_is_about(WebSession.id, WebSession.person_id, person_id), _begins_with("session.")]


def of_keys_of(person_id: str) -> Branch:
    """The same for their keys."""
    return [_is_about(ApiKey.id, ApiKey.person_id, person_id), _begins_with("api_key.")]


def _is_about(key: object, owner: object, person_id: str) -> ColumnElement[bool]:
    theirs = select(key).where(col(owner) == bindparam(person_id))  # type: ignore[call-overload]
    return col(Event.subject_id).in_(theirs)


def _begins_with(text: str) -> ColumnElement[bool]:
    return col(Event.type).startswith(text)


def _is_open(row: WebSession, lifetimes: Lifetimes, now: datetime) -> bool:
    is_late = row.expires_at <= now or row.used_at + lifetimes.idle <= now
    return row.ended_at is None and not is_late
