"""People are employees: name, work mail, work phone, title and unit. Never citizens."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
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


class PersonLook(SQLModel, table=True):
    """How often people of one kind looked at a person's data on one day; never who they were."""

    __tablename__ = "person_look"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BigId)
    seen_on: date = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    count: int


class Identity(SQLModel, table=True):
    """Who a person is at an identity provider: `subject` means nothing without its `issuer`."""

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=BigId)
    created_at: datetime = Field(sa_type=UTCDateTime)


class WebSession(SQLModel, table=True):
    """A browser in which a person is signed in: only the hash of its cookie is kept.

    `way` is how they showed who they are; `issuer`, `provider_session` and `id_token` are the
    identity provider's, where there is one. `agent` is the browser and the system by name.
    """

    __tablename__ = "web_session"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", "ended_by_something"),
        CheckConstraint("ended_at IS NULL OR id_token IS NULL", "ended_without_a_token"),
        Index(
            "ix_web_session_provider_session",
            "provider_session",
            sqlite_where=text("provider_session IS NOT NULL"),
            postgresql_where=text("provider_session IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    hash: str = Field(unique=True)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=BigId)
    way: str
    issuer: str | None = None
    provider_session: str | None = None
    id_token: str | None = None
    agent: str = ""
    created_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_by: str | None = None
