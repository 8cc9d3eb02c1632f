"""The table of work that is to be done, and of the ticks of schedules that have been heard."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.db import BigId, UTCDateTime

LONGEST_KIND, LONGEST_KEY, LONGEST_PAYLOAD, LONGEST_ERROR = 64, 200, 4000, 500


class WorkItem(SQLModel, table=True):
    """One step that somebody is to take, which is the same taken twice: `key` says which one it is,
    to us and to those whom it is done to. The row is gone when it is done.

    `due_at` is when it may next be taken: of one that is held, when its lease is over. `fence`
    rises each time that it changes hands, and never falls. `attempts` are counted when it is taken.
    A dead one is taken by nobody until an administrator says so.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint(f"kind <> '' AND length(kind) <= {LONGEST_KIND}", "kind_is_a_word"),
        CheckConstraint(f"key <> '' AND length(key) <= {LONGEST_KEY}", "key_is_short"),
        CheckConstraint(
            f"length(CAST(payload AS VARCHAR)) <= {LONGEST_PAYLOAD}", "payload_is_small"
        ),
        CheckConstraint("attempts >= 0 AND attempts <= fence", "attempts_are_counted"),
        CheckConstraint("most_attempts >= 1", "is_tried_at_all"),
        CheckConstraint("dead_at IS NULL OR held_by IS NULL", "nobody_holds_the_dead"),
        CheckConstraint(f"length(last_error) <= {LONGEST_ERROR}", "last_error_is_short"),
        Index(
            "ix_work_item_due",
            "kind",
            "due_at",
            sqlite_where=text("dead_at IS NULL"),
            postgresql_where=text("dead_at IS NULL"),
        ),
        Index(
            "ix_work_item_dead",
            "id",
            sqlite_where=text("dead_at IS NOT NULL"),
            postgresql_where=text("dead_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    kind: str
    key: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    enqueued_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    attempts: int = 0
    most_attempts: int
    fence: int = Field(default=0, sa_type=BigId)
    held_by: str | None = None
    dead_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    last_error: str = ""

    @property
    def number(self) -> int:
        """The id of a row that has been stored."""
        assert self.id is not None
        return self.id


class WorkTick(SQLModel, table=True):
    """That a schedule has had its work of that instant put in line: no other worker does it too."""

    __tablename__ = "work_tick"

    schedule: str = Field(primary_key=True)
    tick_at: datetime = Field(sa_type=UTCDateTime, primary_key=True)
