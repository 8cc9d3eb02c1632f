"""The step that sends a mail that gathers what one person is told: on its own day, for there is one
a day, and none on a day off. What could not be sent by then, goes with the next one. Only a mail
that its reader may have already, is sent again as it was, on the first working day that has no
other: as the same mail it is shown once, in the next one it would be said twice."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Date, bindparam, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app import clock, mail
from app.changeable import ReceiptBy
from app.clock import local_day, start_of
from app.db import Database
from app.handovers.rules import rules_by
from app.lazily import loaded
from app.notifications import answer_links, stop_links
from app.notifications.content import Content
from app.notifications.envelopes import Envelope, envelope_of
from app.notifications.models import Digest, Notification
from app.rows import Prepared, Rows, rows_of
from app.settings import Settings
from app.work.items import note
from app.work.kinds import Failed, HandedBack, Handler, Task, Writing

KIND = "mail.digest"
ContentOf = Callable[[Rows, Envelope, date], Content | None]
"""What the mail is to say on that day; None where it has nothing to say."""


def sends(
    content_of: ContentOf,
    *,
    now: Callable[[], datetime] = clock.now,
) -> Handler:
    """The handler. It sends outside any transaction, and keeps that it was sent with the end of the
    item. Whoever is killed between the mail server's yes and that, sends it again as the same mail:
    programs for mail, and servers, show it once."""
    return partial(_send, content_of, now)


def give_back(session: Session, digest_id: int) -> None:
    """What the mail did not get to say, goes with the next one."""
    rows_of(session).change(_GIVE_BACK, {"of_digest": digest_id})


def _send(
    content_of: ContentOf,
    now: Callable[[], datetime],
    task: Task,
) -> Writing | None:
    """As it is now: not to whoever has asked for no more mail since, and not what has been sent."""
    digest_id, at = task.payload["digest_id"], now()
    with task.database.connected() as connection:
        rows = Rows(connection)
        envelope = envelope_of(rows, digest_id)
        if envelope is None or envelope.sent_at is not None:
            return None
        settings = _settings(task.database, connection)
        if envelope.day < local_day(at):
            if not _may_be_there(task):
                return lambda session: give_back(session, digest_id)
            if not _has_room_for_it(rows, envelope, settings, at):
                raise HandedBack(after=_LOOKED_AGAIN_AFTER)
        content = content_of(rows, envelope, local_day(at)) if envelope.mail else None
        key = stop_links.key_in(rows)
    if content is None:
        return None
    if key is None:
        key = task.change(stop_links.make_key)
    token = stop_links.token_of(key, content.person_id, content.mail)
    written: mail.Mail = loaded("app.notifications.mails:mail_of")(
        content,
        settings=settings,
        stop_token=token,
        answer_tokens=_answer_tokens(task, settings, content, at),
        now=at,
    )
    task.must_go_on()
    _deliver(task, settings, written, at)
    return partial(_note_sent, digest_id, now())


def _deliver(task: Task, settings: Settings, written: mail.Mail, at: datetime) -> None:
    """From before the first word to the server until it has refused the mail, it may have it."""
    if not _may_be_there(task):
        task.change(partial(_note_whether, task, may_be_there=True))
    try:
        mail.deliver(settings, written, now=at)
    except mail.NotTaken as not_taken:
        is_sure = not (_may_be_there(task) or not_taken.may_be_there)
        nowhere = partial(_note_whether, task, may_be_there=False) if is_sure else None
        failed = Failed(not_taken.why, is_final=not_taken.is_final, writing=nowhere)
        raise failed from not_taken


def _may_be_there(task: Task) -> bool:
    """Whether an attempt before this one ended without a word."""
    return bool(task.payload.get("may_be_there"))


def _note_whether(task: Task, session: Session, *, may_be_there: bool) -> None:
    note(rows_of(session), task.held, may_be_there=may_be_there)


def _has_room_for_it(rows: Rows, envelope: Envelope, settings: Settings, at: datetime) -> bool:
    """For a mail of a day before: today is no day off, and has no other mail."""
    today = local_day(at)
    asked = {"to_person": envelope.person.id, "today": today, "since": start_of(today)}
    is_free = rows.first(_OF_TODAY, asked) is None
    return is_free and rules_by(settings).workdays.is_workday(today)


def _answer_tokens(
    task: Task, settings: Settings, content: Content, at: datetime
) -> Mapping[int, str]:
    """None of a mail that an older version put in line, and none where one answers signed in."""
    secret = task.payload.get("secret")
    if secret is None or settings.receipt_by is not ReceiptBy.MAIL:
        return {}
    made = partial(answer_links.make, content=content, secret=secret, now=at)
    tokens: Mapping[int, str] = task.change(made)
    return tokens


def _settings(database: Database, connection: Connection) -> Settings:
    """As they have been changed by now."""
    database.running.look(connection)
    given = database.info["settings"]
    assert isinstance(given, Settings)
    return database.running.over(given)


def _note_sent(digest_id: int, at: datetime, session: Session) -> None:
    rows_of(session).change(_SENT, {"digest_id": digest_id, "at": at})


TAKES_TODAY = or_(
    col(Digest.day) == bindparam("today", type_=Date()), col(Digest.sent_at) >= bindparam("since")
)
"""The condition that a mail is the one of today: it is of the day, or was sent again on it."""
_LOOKED_AGAIN_AFTER = timedelta(minutes=30)
_OF_TODAY = Prepared(
    columns(col(Digest.id))
    .where(
        col(Digest.person_id) == bindparam("to_person"),
        TAKES_TODAY,
    )
    .limit(1)
)
_SENT = Prepared(
    update(Digest)
    .where(col(Digest.id) == bindparam("digest_id"), col(Digest.sent_at).is_(None))
    .values(sent_at=bindparam("at"))
)
_GIVE_BACK = Prepared(
    update(Notification)
    .where(
        col(Notification.id).in_(
            columns(col(Notification.id))
            .where(
                col(Notification.digest_id) == bindparam("of_digest"),
                col(Notification.read_at).is_(None),
            )
            .order_by(col(Notification.id))
            .with_for_update(key_share=True)
        )
    )
    .values(digest_id=None)
)
