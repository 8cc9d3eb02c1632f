"""The tables of what happened, and of what of it could not be passed on."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from app.db import BigId, UTCDateTime


class Event(SQLModel, table=True):
    """One row per thing that happened: audit trail, timeline and outbox in one.

    Rows are only added; triggers refuse every other change but the one that sets
    `fanned_out_at`. `handover_id` is set where the event belongs to a handover's story.
    """

    __table_args__ = (
        Index(None, "type", "id"),
        Index(None, "handover_id", "id"),
        Index(None, "subject_id", "id"),
        Index(None, "actor_id", "id"),
        Index(
            "ix_event_waiting",
            "id",
            sqlite_where=Column("fanned_out_at").is_(None),
            postgresql_where=Column("fanned_out_at").is_(None),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    type: str
    subject_id: int = Field(sa_type=BigId)
    handover_id: int | None = Field(default=None, sa_type=BigId)
    actor_id: int | None = Field(default=None, sa_type=BigId)
    on_behalf_of_id: int | None = Field(default=None, sa_type=BigId)
    at: datetime = Field(sa_type=UTCDateTime)
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    fanned_out_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


LONGEST_ERROR = 500


class EventSetAside(SQLModel, table=True):
    """An event that somebody could not be told of. It stands in nobody's way, and waits for an
    administrator."""

    __tablename__ = "event_set_aside"
    __table_args__ = (
        CheckConstraint(f"error <> '' AND length(error) <= {LONGEST_ERROR}", "error_is_short"),
    )

    event_id: int = Field(primary_key=True, foreign_key="event.id", sa_type=BigId)
    error: str
    set_aside_at: datetime = Field(sa_type=UTCDateTime)
