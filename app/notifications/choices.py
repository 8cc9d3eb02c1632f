"""When each person wants their mail, and how much of it. No verb commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app.db import locked, must_be_seen
from app.notifications import stop_links
from app.notifications.models import HowMuch, MailChoice
from app.people.models import Person
from app.rows import Prepared, Rows, rows_of


@dataclass(frozen=True)
class Choice:
    """`hour` is on the clock in Denmark."""

    hour: int
    how_much: HowMuch
    version: int


UNCHOSEN = Choice(hour=8, how_much=HowMuch.ALL, version=1)
"""What those get who have not said anything."""


def choice_of(rows: Rows, person_id: int) -> Choice:
    found = rows.first(_OF_PERSON, {"person_id": person_id})
    if found is None:
        return UNCHOSEN
    return Choice(found["hour"], HowMuch(found["how_much"]), found["version"])


def choose(
    session: Session,
    person_id: int,
    *,
    hour: int,
    how_much: HowMuch,
    version: int | None,
    now: datetime,
) -> Choice:
    """The person's own choice. Stale unless it is the version that they have seen."""
    # Two at once do so one after the other, also where there is no row yet.
    locked(session, Person, person_id, version=None)
    former = choice_of(rows_of(session), person_id)
    must_be_seen(former.version, version)
    if (hour, how_much) == (former.hour, former.how_much):
        return former
    chosen = Choice(hour, how_much, former.version + 1)
    row = MailChoice(
        person_id=person_id,
        hour=hour,
        how_much=how_much,
        version=chosen.version,
        changed_at=now,
    )
    session.merge(row)
    session.flush()
    return chosen


def stop(session: Session, token: str, *, now: datetime) -> Person:
    """No more mail to whoever the link was mailed to; twice is the same as once. NotFound where the
    link is nobody's."""
    person = stop_links.holder(session, token)
    hour = choice_of(rows_of(session), person.key).hour
    choose(session, person.key, hour=hour, how_much=HowMuch.NONE, version=None, now=now)
    return person


_OF_PERSON = Prepared(
    columns(col(MailChoice.hour), col(MailChoice.how_much), col(MailChoice.version)).where(
        col(MailChoice.person_id) == bindparam("person_id")
    )
)
