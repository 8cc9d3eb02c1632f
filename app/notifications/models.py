"""What people are told: a row for each thing and each person, and the mails that gather them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.constraints import among
from app.db import BigId, UTCDateTime
from app.notifications.ladder import ReminderKind as ReminderKind


class HowMuch(StrEnum):
    """What a person wants by mail. Everything is on the page all the same."""

    ALL = "all"
    NEEDED = "needed"
    NONE = "none"


class MailChoice(SQLModel, table=True):
    """When a person wants their mail, and how much: a row only for those who have chosen. `hour`
    is on the clock in Denmark. `needed` leaves out what asks nothing of them. `version` rises with
    every choice; the first one is that of those who have chosen nothing."""

    __tablename__ = "mail_choice"
    __table_args__ = (
        CheckConstraint("hour >= 0 AND hour <= 23", "hour_is_on_the_clock"),
        CheckConstraint(among("how_much", HowMuch), "how_much_is_known"),
        CheckConstraint("version >= 2", "first_version_has_no_row"),
    )

    version: int
    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BigId)
    hour: int
    how_much: str
    changed_at: datetime = Field(sa_type=UTCDateTime)


class Reminder(SQLModel, table=True):
    """That a handover was silent on a working day, and which step that was. There is one for each
    step, however many workers look, and however often. `level` is how far up the line a lift goes:
    so many units above the one that received it."""

    __table_args__ = (
        UniqueConstraint("handover_id", "kind", "due_on"),
        CheckConstraint(among("kind", ReminderKind), "kind_is_known"),
        CheckConstraint("level >= 0 AND (level > 0) = (kind = 'lift')", "lifts_have_a_level"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    handover_id: int = Field(foreign_key="handover.id", sa_type=BigId)
    kind: str
    level: int = 0
    due_on: date
    made_at: datetime = Field(sa_type=UTCDateTime)


class Digest(SQLModel, table=True):
    """The one mail that a person gets on a working day. `sent_at` is when the mail server took it.
    One that had nothing left to say when its turn came is kept with neither."""

    __table_args__ = (UniqueConstraint("person_id", "day"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    day: date
    made_at: datetime = Field(sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Notification(SQLModel, table=True):
    """One thing that one person is told: an event, or a reminder. `reason` is why this person; of a
    reminder it is the kind, and what they are to the handover is found when it is said.
    `stands_in_for_id` is the leader whose substitute they are told as.

    `read_at` is when they had seen it, or had done what it asks. `digest_id` is the mail that it
    went out with, or was left out of because it was read by then.
    """

    __table_args__ = (
        CheckConstraint("(event_id IS NULL) <> (reminder_id IS NULL)", "tells_one_thing"),
        CheckConstraint("reason <> ''", "has_a_reason"),
        Index(
            "uq_notification_event_person",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text("event_id IS NOT NULL"),
            postgresql_where=text("event_id IS NOT NULL"),
        ),
        Index(
            "uq_notification_reminder_person",
            "reminder_id",
            "person_id",
            unique=True,
            sqlite_where=text("reminder_id IS NOT NULL"),
            postgresql_where=text("reminder_id IS NOT NULL"),
        ),
        Index(None, "person_id", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notification_unmailed",
            "person_id",
            sqlite_where=text("digest_id IS NULL"),
            postgresql_where=text("digest_id IS NULL"),
        ),
        Index(
            "ix_notification_handover",
            "handover_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notification_digest",
            "digest_id",
            sqlite_where=text("digest_id IS NOT NULL"),
            postgresql_where=text("digest_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    reason: str
    stands_in_for_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    handover_id: int | None = Field(default=None, foreign_key="handover.id", sa_type=BigId)
    event_id: int | None = Field(default=None, foreign_key="event.id", sa_type=BigId)
    reminder_id: int | None = Field(default=None, foreign_key="reminder.id", sa_type=BigId)
    made_at: datetime = Field(sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    digest_id: int | None = Field(default=None, foreign_key="digest.id", sa_type=BigId)
