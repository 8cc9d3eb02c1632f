"""Networks and the people in them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.constraints import versions_rise
from app.db import BigId, UTCDateTime, Versioned, words


class NetworkKind(StrEnum):
    """Welfare: about 6 months and then a test phase. Learning: 4-5 months. Innovation: open."""

    WELFARE = "welfare"
    LEARNING = "learning"
    INNOVATION = "innovation"


class NetworkRole(StrEnum):
    LEADER = "leader"
    CO_DRIVER = "co_driver"
    REFERENCE_LEADER = "reference_leader"
    CONSULTANT = "consultant"
    PARTICIPANT = "participant"


GIVING_ROLES = (NetworkRole.LEADER, NetworkRole.CO_DRIVER, NetworkRole.CONSULTANT)
"""Those who give on the network's behalf."""


class Network(Versioned, table=True):
    """`question` is the welfare problem, `springboard` what set the network going."""

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", "ends_after_it_starts"),
        versions_rise(),
        CheckConstraint("name <> ''", "has_a_name"),
    )

    name: str
    kind: NetworkKind = Field(sa_type=words(NetworkKind))
    question: str
    springboard: str = ""
    starts_on: date
    ends_on: date | None = None
    search_text: str = ""


class Member(SQLModel, table=True):
    """A person's role in a network, from a day to a day, both included."""

    __table_args__ = (
        Index(None, "network_id", "person_id"),
        Index(None, "person_id", "network_id"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", "ends_after_it_begins"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    network_id: int = Field(foreign_key="network.id", sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", sa_type=BigId)
    role: NetworkRole = Field(sa_type=words(NetworkRole))
    from_on: date
    to_on: date | None = None
    created_at: datetime = Field(sa_type=UTCDateTime)
