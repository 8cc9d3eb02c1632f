"""The step that sends a mail that gathers what one person is told."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from sqlalchemy import bindparam, update
from sqlalchemy import select as columns
from sqlmodel import Session, col

from app import clock, mail
from app.clock import local_day
from app.lazily import loaded
from app.notifications import stop_links
from app.notifications.choices import choice_of
from app.notifications.content import Content
from app.notifications.models import Digest, HowMuch
from app.rows import Prepared, Rows, rows_of
from app.settings import Settings
from app.work.kinds import Failed, Handler, Task, Writing

KIND = "mail.digest"
ContentOf = Callable[[Rows, int, date], Content | None]
"""What the mail with this number is to say on that day; None where it has nothing to say."""


def sends(
    content_of: ContentOf,
    *,
    now: Callable[[], datetime] = clock.now,
) -> Handler:
    """The handler. It sends outside any transaction, and keeps that it was sent with the end of the
    item. Whoever is killed between the mail server's yes and that, sends it again as the same mail:
    programs for mail, and servers, show it once."""
    return partial(_send, content_of, now)


def _send(
    content_of: ContentOf,
    now: Callable[[], datetime],
    task: Task,
) -> Writing | None:
    digest_id, at = task.payload["digest_id"], now()
    content, settings, key = _read(content_of, digest_id, local_day(at), task)
    if content is None:
        return None
    if key is None:
        key = task.change(stop_links.make_key)
    token = stop_links.token_of(key, content.person_id, content.mail)
    written: mail.Mail = loaded("app.notifications.mails:mail_of")(
        content, settings=settings, stop_token=token, now=at
    )
    task.must_go_on()
    try:
        mail.deliver(settings, written, now=at)
    except mail.NotTaken as not_taken:
        raise Failed(not_taken.why, is_final=not_taken.is_final) from not_taken
    return partial(_note_sent, digest_id, now())


def _read(
    content_of: ContentOf, digest_id: int, today: date, task: Task
) -> tuple[Content | None, Settings, str | None]:
    """What to say and how, as it is now: not to whoever has asked for no more mail since, and not
    what has been sent."""
    database = task.database
    with database.connected() as connection:
        database.running.look(connection)
        given = database.info["settings"]
        assert isinstance(given, Settings)
        settings = database.running.over(given)
        rows = Rows(connection)
        key = stop_links.key_in(rows)
        digest = rows.first(_DIGEST, {"digest_id": digest_id})
        if digest is None or digest["sent_at"] is not None:
            return None, settings, key
        if choice_of(rows, digest["person_id"]).how_much == HowMuch.NONE:
            return None, settings, key
        content = content_of(rows, digest_id, today)
    if content is None or not (content.mail and content.lines):
        return None, settings, key
    return content, settings, key


def _note_sent(digest_id: int, at: datetime, session: Session) -> None:
    rows_of(session).change(_SENT, {"digest_id": digest_id, "at": at})


_DIGEST = Prepared(
    columns(col(Digest.person_id), col(Digest.sent_at)).where(
        col(Digest.id) == bindparam("digest_id")
    )
)
_SENT = Prepared(
    update(Digest)
    .where(col(Digest.id) == bindparam("digest_id"), col(Digest.sent_at).is_(None))
    .values(sent_at=bindparam("at"))
)
