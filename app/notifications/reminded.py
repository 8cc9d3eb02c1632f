"""What reminders are to the one who was told, as it is today: why they were, and what it says."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import select as columns
from sqlmodel import col

from app.errors import Message
from app.handovers.columns import Owner
from app.handovers.models import Handover
from app.notifications.ladder import ReminderKind, concerns, told_as, track_of
from app.notifications.models import Notification, Reminder
from app.notifications.recipients import Reason
from app.notifications.silence_words import said_later, said_to
from app.notifications.silences import SILENCE, arounds, quiet_in
from app.rows import Prepared, Rows, Shown, among, listed


@dataclass(frozen=True)
class Reminded:
    """`reason` is what they are to the handover, and `said` is for them."""

    reason: Reason
    said: Message


def still_silent(
    rows: Rows, found: Sequence[Shown], person_id: int, today: date
) -> Mapping[int, Reminded]:
    """By the ids of those about a silence that is on, and still the person's to hear of."""
    about: dict[int, list[Shown]] = defaultdict(list)
    for row in found:
        if row["reminder_id"] is not None:
            about[row["handover_id"]].append(row)
    if not about:
        return {}
    quiet = [quiet_in({**same[0], "id": handover_id}) for handover_id, same in about.items()]
    around = arounds(rows, quiet, today=today)
    return {
        row["id"]: Reminded(
            told_as(ReminderKind(row["kind"]), person_id, around[one.id]),
            said_to(person_id, ReminderKind(row["kind"]), around[one.id]),
        )
        for one in quiet
        for row in about[one.id]
        if one.silence.is_on(today)
        and row["kind"] in track_of(one.silence.state)
        and one.silence.is_of_this(row["reminded_on"])
        and concerns(ReminderKind(row["kind"]), person_id, around[one.id])
    }


def reminders_say(
    rows: Rows, ids: Sequence[int], person_id: int, today: date
) -> Mapping[int, Message]:
    """What each of these messages says that is a reminder, also where it is over."""
    if not ids:
        return {}
    parameters = listed(ids)
    found = rows.all(_reminders(len(parameters)), parameters)
    silent = still_silent(rows, found, person_id, today)
    return {
        row["id"]: silent[row["id"]].said
        if row["id"] in silent
        else said_later(ReminderKind(row["kind"]))
        for row in found
    }


REMINDED = (
    col(Notification.id),
    col(Notification.handover_id),
    col(Notification.reminder_id),
    col(Reminder.kind),
    col(Reminder.due_on).label("reminded_on"),
    *SILENCE,
)
"""What must be read of a message for `still_silent`."""


@lru_cache(maxsize=16)
def _reminders(places: int) -> Prepared:
    return Prepared(
        columns(*REMINDED)
        .join(Reminder, col(Reminder.id) == Notification.reminder_id)
        .join(Handover, col(Handover.id) == Notification.handover_id)
        .outerjoin(Owner, col(Owner.id) == Handover.owner_id)
        .where(among(col(Notification.id), places))
    )
