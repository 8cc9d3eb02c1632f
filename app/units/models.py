"""The unit tree and its posts."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.constraints import among, versions_rise
from app.db import BigId, UTCDateTime, Versioned, words


class Unit(Versioned, table=True):
    """A unit of the base organisation. `external_id` is its name in the directory."""

    __table_args__ = (
        CheckConstraint("parent_id <> id", "not_its_own_parent"),
        versions_rise(),
        CheckConstraint("name <> ''", "has_a_name"),
        CheckConstraint("external_id <> ''", "external_id_is_written"),
        CheckConstraint("successor_id <> id", "not_its_own_successor"),
        CheckConstraint("successor_id IS NULL OR closed_on IS NOT NULL", "succeeded_once_closed"),
    )

    name: str
    short_name: str = ""
    external_id: str | None = Field(default=None, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True, sa_type=BigId)
    closed_on: date | None = None
    successor_id: int | None = Field(default=None, foreign_key="unit.id", sa_type=BigId)
    search_text: str = ""

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None


class PostKind(StrEnum):
    LEADER = "leader"
    SUBSTITUTE = "substitute"


class Post(SQLModel, table=True):
    """A person leads a unit, or stands in for its leader, from a day to a day, both included."""

    __table_args__ = (
        Index(None, "unit_id", "from_on"),
        Index(None, "person_id", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", "ends_after_it_begins"),
        CheckConstraint(among("kind", PostKind), "kind_is_known"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    kind: PostKind = Field(sa_type=words(PostKind))
    from_on: date
    to_on: date | None = None
    created_at: datetime = Field(sa_type=UTCDateTime)
