"""The table of what happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
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
