"""What an administrator has changed of the settings."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.db import BigId, UTCDateTime


class Setting(SQLModel, table=True):
    """One that has ever been changed. `value` is NULL where it is back to its default; `version` is
    that of all of them together, which the change made. app/running.py reads this table too."""

    name: str = Field(primary_key=True)
    value: str | None = None
    version: int
    changed_at: datetime = Field(sa_type=UTCDateTime)
    changed_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
