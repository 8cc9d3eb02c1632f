"""What a mail says at the moment when it is sent: what has been done by then is left out, and so is
what is no longer so."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam
from sqlalchemy import select as columns
from sqlmodel import col

from app.eventlog.log import CATALOG
from app.eventlog.models import Event
from app.gifts.models import Gift
from app.handovers.columns import Owner
from app.handovers.lifecycle import ENDED, State
from app.handovers.models import Handover
from app.handovers.story import told
from app.i18n import Locale
from app.insight.log_words import worded
from app.insight.queue import Task, waiting_for
from app.insight.tasks import Verb
from app.notifications.content import Content, Line, Waiting
from app.notifications.envelopes import Envelope
from app.notifications.models import HowMuch, Notification, Reminder
from app.notifications.new_posts import POST_FILLED, waiting_for_new, waiting_in
from app.notifications.recipients import Reason
from app.notifications.reminded import REMINDED, Reminded, still_silent
from app.notifications.silences import silence_of
from app.notifications.things import names_of, path_of
from app.rows import Prepared, Rows, Shown
from app.units.models import Unit

MOST = 500
"""Things in one mail. Nobody reads more; all of it is on the page."""
_ON_AGREED_DAYS = frozenset(
    {
        Verb.ACKNOWLEDGE,
        Verb.ACCEPT,
        Verb.FOLLOW_UP,
        Verb.WRITE_READ_BACK,
        Verb.TAKE_EDITION,
        Verb.ANSWER_RIPPLE,
    }
)
"""What is done on the day that was agreed: the follow-up, or the answer after a pause."""
_SINCE_UNKNOWN = frozenset({Verb.NAME_OWNER, Verb.FIND_UNIT})


def content_of(rows: Rows, envelope: Envelope, today: date) -> Content | None:
    """What asks something comes first. None where there is nothing left to say."""
    lines = _lines(rows, envelope, today)
    if envelope.how_much is HowMuch.NEEDED:
        lines = [line for line in lines if line.asks]
    if not lines:
        return None
    return Content(
        digest_id=envelope.digest_id,
        person_id=envelope.person.id,
        name=envelope.person.name,
        mail=envelope.mail,
        locale=envelope.locale,
        day=envelope.day,
        lines=lines,
    )


def _lines(rows: Rows, envelope: Envelope, today: date) -> Sequence[Line]:
    person = envelope.person
    found = rows.all(_told_in(), {"of_digest": envelope.digest_id, "most": MOST})
    silent = still_silent(rows, found, person.id, today)
    kept = [
        row
        for row in _without_what_led_to_an_end(found)
        if row["reminder_id"] is None or row["id"] in silent
    ]
    tasks = _by_handover(waiting_for(rows, person, today=today))
    sentences = _sentences(rows, kept, "en" if envelope.locale == "en" else "da")
    names = names_of(rows, kept)
    lines = [
        replace(
            _line(row, tasks.get(row["handover_id"]), silent.get(row["id"]), sentences, today),
            name=names.get(row["id"], ""),
            waiting=_waiting(rows, row, person.id, today),
        )
        for row in kept
    ]
    return sorted(_asking_once(lines), key=_order)


def _line(
    row: Shown,
    task: Task | None,
    reminded: Reminded | None,
    sentences: Mapping[int, str],
    today: date,
) -> Line:
    handover_id: int | None = row["handover_id"]
    due_on = _due_on(row, task)
    return Line(
        notification_id=row["id"],
        reason=reminded.reason if reminded else row["reason"],
        path=f"/handovers/{handover_id}" if handover_id else path_of(row),
        verb=task.verb if task else None,
        handover_id=handover_id,
        version=task.row["version"] if task else None,
        gift=row["gift"] or "",
        unit=row["unit"] or "",
        due_on=due_on,
        is_agreed=_is_agreed(row, task, due_on),
        days_late=max(0, (today - due_on).days) if due_on else 0,
        sentence=sentences.get(row["id"], ""),
        silence=reminded.said if reminded else None,
    )


def _by_handover(waiting: Sequence[Task]) -> Mapping[int, Task]:
    """One a handover. A follow-up to be read gives way to what somebody waits for."""
    found: dict[int, Task] = {}
    for task in sorted(waiting, key=lambda task: task.verb is Verb.MARK_SEEN):
        found.setdefault(task.row["id"], task)
    return found


def _due_on(row: Shown, task: Task | None) -> date | None:
    """Nobody knows since when a gift has wanted an owner or a unit: it is late as a silence is."""
    if row["reminder_id"] is not None or (task is not None and task.verb in _SINCE_UNKNOWN):
        due_on: date | None = row["life_due_on"]
        return due_on
    return task.due_on if task else None


def _is_agreed(row: Shown, task: Task | None, due_on: date | None) -> bool:
    """Whether people agreed on the day; else it is only as far as patience goes."""
    if due_on is None or (task is not None and task.verb not in _ON_AGREED_DAYS):
        return False
    return due_on == row["life_due_on"] and silence_of(row).is_agreed


def _without_what_led_to_an_end(found: Sequence[Shown]) -> Sequence[Shown]:
    """Of a handover that has ended only the last thing is news."""
    last = {row["handover_id"]: row["id"] for row in found}
    return [
        row
        for row in found
        if row["handover_id"] is None
        or State(row["state"]) not in ENDED
        or last[row["handover_id"]] == row["id"]
    ]


def _sentences(rows: Rows, kept: Sequence[Shown], locale: Locale) -> Mapping[int, str]:
    """Of each event. A kind that only another version knows has none."""
    happened = [row for row in kept if row["type"] in CATALOG]
    events = [worded({**row, "id": row["event_id"]}) for row in happened]
    entries = told(rows, events, locale)
    return {row["id"]: entry["text"] for row, entry in zip(happened, entries, strict=True)}


def _waiting(rows: Rows, row: Shown, person_id: int, today: date) -> Waiting | None:
    """Of a post that somebody has come to, or that they answer for while it is vacant."""
    unit_id = row["subject_id"]
    if row["type"] == POST_FILLED and row["data"].get("person_id") == person_id:
        return waiting_for_new(rows, unit_id, person_id, today=today)
    return waiting_in(rows, [unit_id], today=today) if row["reason"] == Reason.VACANT else None


def _asking_once(lines: Sequence[Line]) -> Sequence[Line]:
    """A handover asks one thing, however much is told of it: the reminder does, where there is
    one."""
    asking: dict[int | None, Line] = {}
    for line in sorted(lines, key=lambda line: (line.silence is None, line.notification_id)):
        asking.setdefault(line.handover_id, line)
    return [line if asking[line.handover_id] is line else _of_news(line) for line in lines]


def _of_news(line: Line) -> Line:
    """The day stands where it is asked."""
    return replace(line, verb=None, due_on=None, is_agreed=False, days_late=0)


def _order(line: Line) -> tuple[Any, ...]:
    return (
        line.waiting is None,
        line.verb is None,
        line.silence is None,
        -line.days_late,
        line.notification_id,
    )


@cache
def _told_in() -> Prepared:
    """What is unread of a digest, the newest last, with all that is to be known of the handover."""
    newest: Select[*tuple[Any, ...]] = (
        columns(col(Notification.id))
        .where(
            col(Notification.digest_id) == bindparam("of_digest"),
            col(Notification.read_at).is_(None),
        )
        .order_by(col(Notification.id).desc())
        .limit(bindparam("most"))
    )
    statement: Select[*tuple[Any, ...]] = (
        columns(
            *REMINDED,
            col(Notification.reason),
            col(Notification.event_id),
            col(Gift.title).label("gift"),
            col(Unit.name).label("unit"),
            col(Event.type),
            col(Event.subject_id),
            col(Event.actor_id),
            col(Event.on_behalf_of_id),
            col(Event.at),
            col(Event.data),
        )
        .outerjoin(Reminder, col(Reminder.id) == Notification.reminder_id)
        .outerjoin(Event, col(Event.id) == Notification.event_id)
        .outerjoin(Handover, col(Handover.id) == Notification.handover_id)
        .outerjoin(Owner, col(Owner.id) == Handover.owner_id)
        .outerjoin(Gift, col(Gift.id) == Handover.gift_id)
        .outerjoin(Unit, col(Unit.id) == Handover.unit_id)
        .where(col(Notification.id).in_(columns(newest.subquery().c.id)))
        .order_by(col(Notification.id))
    )
    return Prepared(statement)
