"""Handovers, their owners, the units they touch, and notes."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.constraints import among
from app.db import BigId, UTCDateTime, Versioned, words
from app.handovers.life import SHELF_STATES
from app.handovers.lifecycle import State
from app.handovers.refusals import IS_OPEN, refusals


class Kind(StrEnum):
    LEAD = "lead"
    CO = "co"


class Ripple(StrEnum):
    """The answer to "what does it mean for others?"."""

    UNKNOWN = "unknown"
    NONE = "none"
    UNITS = "units"


class ReasonKind(StrEnum):
    """Why a unit says no thank you."""

    NOT_RELEVANT = "not_relevant"
    NO_CAPACITY = "no_capacity"
    ALREADY_HAVE = "already_have"
    TOO_UNCLEAR = "too_unclear"
    WRONG_TIME = "wrong_time"
    OTHER = "other"


def _states(states: tuple[State, ...]) -> str:
    return "state IN (" + ", ".join(f"'{state}'" for state in states) + ")"


# Written out, because SQLite uses a partial index only where the query says the same words.
AT_DOOR = "handover.state = 'delivered'"
ON_SHELF = f"handover.{_states(SHELF_STATES)}"
IS_ANCHORED = "handover.state = 'anchored'"
AWAITS_CONFIRMATION = "handover.state = 'in_use' AND handover.anchoring_proposed_at IS NOT NULL"
MAY_ASK_GIVER = f"handover.{_states((State.RETURNED, State.DRAFT, State.IN_USE))}"
_MAY_ASK_GIVER = MAY_ASK_GIVER.replace("handover.", "")
_AWAITS_CONFIRMATION = AWAITS_CONFIRMATION.replace("handover.", "")


class Handover(Versioned, table=True):
    """One gift to one unit. `last_life_at` and `life_due_on` decide the door and the shelf;
    `edition` is the gift's edition that the unit has, or is being offered; `request` is what the
    unit will use the gift for, where it asked for it."""

    __table_args__ = (
        Index(None, "gift_id", "unit_id"),
        Index(None, "network_id", "id"),
        Index(None, "unit_id", "id"),
        Index(
            None,
            "owner_id",
            "life_due_on",
            sqlite_where=text("owner_id IS NOT NULL"),
            postgresql_where=text("owner_id IS NOT NULL"),
        ),
        Index(None, "state", "id"),
        Index(
            "ix_handover_shelf",
            "life_due_on",
            "id",
            sqlite_where=text(_states(SHELF_STATES)),
            postgresql_where=text(_states(SHELF_STATES)),
        ),
        Index(
            "ix_handover_door",
            "life_due_on",
            "id",
            sqlite_where=text("state = 'delivered'"),
            postgresql_where=text("state = 'delivered'"),
        ),
        Index(
            "ix_handover_yearly",
            "life_due_on",
            "id",
            sqlite_where=text("state = 'anchored'"),
            postgresql_where=text("state = 'anchored'"),
        ),
        Index(
            "ix_handover_awaits_confirmation",
            "unit_id",
            sqlite_where=text(_AWAITS_CONFIRMATION),
            postgresql_where=text(_AWAITS_CONFIRMATION),
        ),
        Index(
            None,
            "network_id",
            "state",
            sqlite_where=text(_MAY_ASK_GIVER),
            postgresql_where=text(_MAY_ASK_GIVER),
        ),
        Index(
            "ix_handover_paused",
            "paused_until",
            sqlite_where=text("paused_until IS NOT NULL"),
            postgresql_where=text("paused_until IS NOT NULL"),
        ),
        Index(
            "ix_handover_homeless",
            "id",
            sqlite_where=text("needs_unit"),
            postgresql_where=text("needs_unit"),
        ),
        Index(
            "ix_handover_unannounced",
            "unit_id",
            sqlite_where=text("announced_at IS NULL"),
            postgresql_where=text("announced_at IS NULL"),
        ),
        Index(
            "ix_handover_requested",
            "unit_id",
            "id",
            sqlite_where=text("requested_at IS NOT NULL"),
            postgresql_where=text("requested_at IS NOT NULL"),
        ),
        Index(None, "unit_id", "life_due_on", "id"),
        Index(
            "uq_handover_open",
            "gift_id",
            "unit_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index(
            "uq_handover_lead",
            "gift_id",
            unique=True,
            sqlite_where=text(f"kind = 'lead' AND {IS_OPEN}"),
            postgresql_where=text(f"kind = 'lead' AND {IS_OPEN}"),
        ),
        ForeignKeyConstraint(["gift_id", "edition"], ["edition.gift_id", "edition.number"]),
        *refusals(Kind, Ripple),
    )

    gift_id: int = Field(foreign_key="gift.id", sa_type=BigId)
    network_id: int = Field(foreign_key="network.id", sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", sa_type=BigId)
    origin_id: int | None = Field(default=None, foreign_key="handover.id", sa_type=BigId)
    kind: Kind = Field(default=Kind.CO, sa_type=words(Kind))
    state: State = Field(default=State.DRAFT, sa_type=words(State))
    edition: int = 1
    is_new_edition: bool = False
    needs_unit: bool = False

    requested_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    requested_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    request: str = ""

    announced_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    acknowledged_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    accepted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    owner_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    next_on: date | None = None
    read_back: str = ""
    first_step: str = ""
    support_until_on: date | None = None
    exit_criteria: str = ""
    trial_question: str = ""
    trial_from_on: date | None = None
    trial_to_on: date | None = None
    trial_result: str = ""
    in_use_since_on: date | None = None
    practice: str = ""
    anchoring_proposed_by_id: int | None = Field(
        default=None, foreign_key="person.id", sa_type=BigId
    )
    anchoring_entered_by_id: int | None = Field(
        default=None, foreign_key="person.id", sa_type=BigId
    )
    anchoring_proposed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    success: str = ""
    citizen_value_now: str = ""

    question: str = ""
    reason_kind: ReasonKind | None = Field(default=None, sa_type=words(ReasonKind))
    reason: str = ""
    counter_proposal: str = ""
    learned: str = ""
    passed_to_unit_id: int | None = Field(default=None, foreign_key="unit.id", sa_type=BigId)

    ripple: Ripple = Field(default=Ripple.UNKNOWN, sa_type=words(Ripple))
    paused_until: date | None = None
    pause_reason: str = ""
    pause_count: int = 0
    last_life_at: datetime = Field(sa_type=UTCDateTime)
    life_due_on: date | None = None


class HandoverCount(SQLModel, table=True):
    """How many handovers a unit has in a state; those announced are seen by everyone. Triggers
    keep it, in the transaction of each change."""

    __tablename__ = "handover_count"

    unit_id: int = Field(foreign_key="unit.id", primary_key=True, sa_type=BigId)
    state: State = Field(primary_key=True, sa_type=words(State))
    is_announced: bool = Field(primary_key=True)
    handovers: int


class AffectedUnit(SQLModel, table=True):
    """A unit that is not the receiver but will feel it."""

    __tablename__ = "affected_unit"

    handover_id: int = Field(foreign_key="handover.id", primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True, index=True, sa_type=BigId)


class Ownership(SQLModel, table=True):
    """Who owned a handover, from an instant to an instant; open for the present owner."""

    __table_args__ = (
        Index(None, "handover_id", "id"),
        Index(
            "uq_ownership_present",
            "handover_id",
            unique=True,
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    handover_id: int = Field(foreign_key="handover.id", sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=BigId)
    from_at: datetime = Field(sa_type=UTCDateTime)
    to_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Side(StrEnum):
    RECEIVER = "receiver"
    GIVER = "giver"
    OTHER = "other"


class Note(SQLModel, table=True):
    """A line in the story. By the receiving side it is a sign of life."""

    __table_args__ = (
        Index(None, "handover_id", "id"),
        CheckConstraint(among("side", Side), "side_is_known"),
        CheckConstraint("text <> ''", "is_written"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    handover_id: int = Field(foreign_key="handover.id", sa_type=BigId)
    author_id: int = Field(foreign_key="person.id", sa_type=BigId)
    on_behalf_of_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigId)
    side: Side = Field(sa_type=words(Side))
    text: str
    at: datetime = Field(sa_type=UTCDateTime)
