"""People are employees: name, work mail, work phone, title and unit. Never citizens."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.constraints import versions_rise
from app.db import BigId, UTCDateTime, Versioned


class Person(Versioned, table=True):
    """`roles` are words with a space between; `left_at` is set when the person has left."""

    __table_args__ = (
        versions_rise(),
        CheckConstraint("name <> ''", "has_a_name"),
        CheckConstraint("mail <> ''", "mail_is_written"),
        CheckConstraint("left_at IS NULL OR roles = ''", "left_without_roles"),
        CheckConstraint(
            "pseudonymised_at IS NULL OR (left_at IS NOT NULL AND mail IS NULL"
            " AND phone IS NULL AND title = '')",
            "pseudonym_tells_nothing",
        ),
    )

    name: str
    mail: str | None = Field(default=None, unique=True)
    phone: str | None = None
    title: str = ""
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True, sa_type=BigId)
    locale: str = "da"
    roles: str = ""
    search_text: str = ""
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    pseudonymised_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def has_left(self) -> bool:
        return self.left_at is not None


class ApiKey(SQLModel, table=True):
    """A key for the API: only its hash is kept. `scopes` are words with a space between."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=BigId)
    label: str
    start: str
    hash: str = Field(unique=True)
    scopes: str
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
