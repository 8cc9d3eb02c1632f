"""Follow-ups: short check-ins by the owner."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlmodel import Field

from app.constraints import among, versions_rise
from app.db import BigId, UTCDateTime, Versioned, words


class Health(StrEnum):
    GOING_WELL = "going_well"
    WOBBLING = "wobbling"
    STUCK = "stuck"


class Better(StrEnum):
    """Is it still better for the citizen?"""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class FollowUp(Versioned, table=True):
    """`due_on` is the date that had been agreed, or the day itself; `measured` is the success
    criterion in its own unit of measure."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(None, "handover_id", "id"),
        Index(
            "ix_follow_up_unseen",
            "id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
        versions_rise(),
        CheckConstraint(among("health", Health), "health_is_known"),
        CheckConstraint(among("better", Better), "better_is_known"),
        CheckConstraint("note <> ''", "note_is_written"),
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", "seen_by_somebody"),
    )

    handover_id: int = Field(foreign_key="handover.id", sa_type=BigId)
    author_id: int = Field(foreign_key="person.id", sa_type=BigId)
    on_behalf_of_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    due_on: date
    done_at: datetime = Field(sa_type=UTCDateTime)
    health: Health = Field(sa_type=words(Health))
    note: str
    better: Better = Field(sa_type=words(Better))
    better_how: str = ""
    measured: Decimal | None = Field(default=None, sa_type=Numeric(18, 4))
    next_on: date | None = None
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seen_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
