"""Gifts, their editions, contact persons and materials."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.constraints import versions_rise
from app.db import BigId, UTCDateTime, Versioned, words


class Content(SQLModel):
    """What a gift says of itself; each edition keeps its own."""

    title: str
    summary: str = ""
    citizen_value: str = ""
    ask: str = ""
    target_group: str = ""
    success_criterion: str = ""
    baseline: str = ""
    how_to_continue: str = ""


class Gift(Versioned, Content, table=True):
    """The gift as it is now. `edition` counts what receivers call a new version; `version` is
    the lock. `given_at` is when it was first delivered to anyone: until then it is a draft."""

    __table_args__ = (
        versions_rise(),
        CheckConstraint("title <> ''", "has_a_title"),
        CheckConstraint("edition >= 1", "editions_count_from_one"),
    )

    network_id: int = Field(foreign_key="network.id", index=True, sa_type=BigId)
    edition: int = 1
    given_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    search_text: str = ""


class Edition(Content, table=True):
    """The content of a gift in one edition. `changes` says what is new, in one sentence."""

    __table_args__ = (
        CheckConstraint("number >= 1", "editions_count_from_one"),
        CheckConstraint("title <> ''", "has_a_title"),
    )

    gift_id: int = Field(foreign_key="gift.id", primary_key=True, sa_type=BigId)
    number: int = Field(primary_key=True)
    changes: str = ""
    made_at: datetime = Field(sa_type=UTCDateTime)
    made_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)


class Contact(SQLModel, table=True):
    """A person who can be asked about a gift."""

    gift_id: int = Field(foreign_key="gift.id", primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, sa_type=BigId)


class MaterialKind(StrEnum):
    LINK = "link"
    FILE = "file"


class Material(SQLModel, table=True):
    """A link, or an uploaded file kept in the data folder under its SHA-256 `digest`."""

    __table_args__ = (
        CheckConstraint(
            "(kind = 'link' AND url <> '' AND url IS NOT NULL AND filename IS NULL"
            " AND media_type IS NULL AND size IS NULL AND digest IS NULL)"
            " OR (kind = 'file' AND url IS NULL AND filename <> '' AND filename IS NOT NULL"
            " AND media_type IS NOT NULL AND size >= 1 AND size IS NOT NULL"
            " AND length(digest) = 64 AND digest IS NOT NULL)",
            "a_link_or_a_file",
        ),
        CheckConstraint("title <> ''", "has_a_title"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    gift_id: int = Field(foreign_key="gift.id", index=True, sa_type=BigId)
    kind: MaterialKind = Field(sa_type=words(MaterialKind))
    title: str
    url: str | None = None
    filename: str | None = None
    media_type: str | None = None
    size: int | None = Field(default=None, sa_type=BigId)
    digest: str | None = None
    added_at: datetime = Field(sa_type=UTCDateTime)
    added_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
