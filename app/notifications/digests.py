"""The one mail that a person gets on a working day: what it gathers, and when.

It is made when the hour that the person chose has come, of all that they had not been mailed by
then. Who was missed because no worker was there, is caught up with the same day. It may be run as
often as one likes, by as many at once, and be ended at any point.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import Date, Select, and_, bindparam, case, func, or_, update
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from app.clock import COPENHAGEN, local_day, start_of
from app.handovers.rules import rules_of
from app.notifications.choices import UNCHOSEN
from app.notifications.models import Digest, HowMuch, MailChoice, Notification
from app.notifications.reminders import Change, nothing
from app.notifications.sending import KIND, TAKES_TODAY
from app.people.models import Person
from app.rows import Prepared, Shown, rows_of
from app.work.items import enqueue

AT_A_TIME = 200
"""People that are held in memory."""
MOST_ATTEMPTS = 16
"""Enough to be at it still the day after, when what could not be sent goes with the next one."""
_LATELY = timedelta(days=30)
"""Longer than anybody is at one mail."""


@dataclass(frozen=True)
class Recipient:
    """One whose hour has come: since then, and whether they get mail at all."""

    person_id: int
    hour_at: datetime
    is_mailed: bool


def gather(change: Change, *, now: datetime, must_go_on: Callable[[], None] = nothing) -> None:
    """Makes the mails whose hour has come. Each is a change of its own: what somebody is told, is
    also marked as read when they act."""
    after_id: int | None = 0
    while after_id is not None:
        must_go_on()
        recipients, after_id = change(partial(_whose_hour, after_id=after_id, now=now))
        for recipient in recipients:
            must_go_on()
            change(partial(_gather_for, recipient=recipient, now=now))


def _whose_hour(
    session: Session, after_id: int, now: datetime
) -> tuple[list[Recipient], int | None]:
    """Of so many people, those whose hour has come and who have had no mail today; and where to go
    on, None where those were all."""
    local = now.astimezone(COPENHAGEN)
    today = local.date()
    if not rules_of(session).workdays.is_workday(today):
        return [], None
    found = _waiting_after(session, after_id, today=today)
    recipients = []
    for row in found:
        hour = UNCHOSEN.hour if row["hour"] is None else row["hour"]
        hour_at = _at(today, hour)
        is_told = row["reminders"] or (row["first_at"] is not None and row["first_at"] < hour_at)
        if hour <= local.hour and row["has_digest"] is None and is_told:
            is_mailed = row["how_much"] != HowMuch.NONE and row["is_there"]
            recipients.append(Recipient(row["person_id"], hour_at, bool(is_mailed)))
    return recipients, found[-1]["person_id"] if len(found) == AT_A_TIME else None


def _waiting_after(session: Session, after_id: int, *, today: date) -> list[Shown]:
    asked = {
        "after_id": after_id,
        "today": today,
        "since": start_of(today),
        "lately": today - _LATELY,
        "most": AT_A_TIME,
    }
    return rows_of(session).all(_waiting(), asked)


def _gather_for(session: Session, recipient: Recipient, now: datetime) -> None:
    """The mail, of all that is unread; what is read by now is put aside with it. Nothing where
    somebody else has made it."""
    rows = rows_of(session)
    day, person_id = local_day(now), recipient.person_id
    made = rows.first(_ADD, {"person_id": person_id, "day": day, "made_at": now})
    if made is None:
        return
    gathered = rows.all(
        _GATHER,
        {"to_person": person_id, "before": recipient.hour_at, "in_digest": made["id"]},
    )
    if recipient.is_mailed and any(row["read_at"] is None for row in gathered):
        # What its links are made of, so that they are the same where it is sent again. It is gone
        # when the mail is: then only their hashes are left.
        payload = {"digest_id": made["id"], "secret": secrets.token_urlsafe(32)}
        key = f"digest:{made['id']}"
        enqueue(session, KIND, key, payload, most_attempts=MOST_ATTEMPTS)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), COPENHAGEN)


@cache
def _waiting() -> Prepared:
    """People with something that no mail has had, each with when they are mailed; and what there
    is: reminders, and the first of all else."""
    told_at = case((col(Notification.reminder_id).is_(None), col(Notification.made_at)))
    is_there = and_(col(Person.left_at).is_(None), col(Person.mail).is_not(None))
    of_today = and_(
        col(Digest.person_id) == Notification.person_id,
        col(Digest.day) >= bindparam("lately", type_=Date()),
        TAKES_TODAY,
    )
    fixed: tuple[Any, ...] = (
        col(Notification.person_id),
        is_there.label("is_there"),
        col(MailChoice.hour),
        col(MailChoice.how_much),
        col(Digest.id).label("has_digest"),
    )
    statement: Select[*tuple[Any, ...]] = (
        columns(
            *fixed,
            func.min(told_at).label("first_at"),
            func.count(col(Notification.reminder_id)).label("reminders"),
        )
        .join(Person, col(Person.id) == Notification.person_id)
        .outerjoin(MailChoice, col(MailChoice.person_id) == Notification.person_id)
        .outerjoin(Digest, of_today)
        .where(
            col(Notification.digest_id).is_(None),
            col(Notification.person_id) > bindparam("after_id"),
        )
        .group_by(*fixed, col(Person.left_at), col(Person.mail))
        .order_by(col(Notification.person_id))
        .limit(bindparam("most"))
    )
    return Prepared(statement)


# Locked in the order of their ids, as by whoever marks them as read.
_unmailed = (
    columns(col(Notification.id))
    .where(
        col(Notification.person_id) == bindparam("to_person"),
        col(Notification.digest_id).is_(None),
        or_(
            col(Notification.reminder_id).is_not(None),
            col(Notification.made_at) < bindparam("before"),
        ),
    )
    .order_by(col(Notification.id))
    .with_for_update(key_share=True)
)
_GATHER = Prepared(
    update(Notification)
    .where(col(Notification.id).in_(_unmailed))
    .values(digest_id=bindparam("in_digest"))
    .returning(col(Notification.id), col(Notification.read_at))
)
_ADD = Prepared(
    insert(Digest)
    .values({name: bindparam(name) for name in ("person_id", "day", "made_at")})
    .on_conflict_do_nothing()
    .returning(col(Digest.id))
)
