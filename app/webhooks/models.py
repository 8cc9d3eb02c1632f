"""The tables of who is called when something happens, of what they are sent, and how that went."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.constraints import among, versions_rise
from app.db import BigId, UTCDateTime, Versioned, words

LONGEST_URL, LONGEST_TYPES, LONGEST_EXCERPT = 2000, 4000, 500


class Format(StrEnum):
    """`standard`: JSON by Standard Webhooks. `teams`: an Adaptive Card to a workflow of Microsoft
    Teams. `text`: one field `text`, as most chats take it."""

    STANDARD = "standard"
    TEAMS = "teams"
    TEXT = "text"


class OffReason(StrEnum):
    """Somebody switched it off; the receiver said that it is there no more (410); or nothing but
    failure came back for five days."""

    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Trouble(StrEnum):
    """What was wrong with an attempt. `status`: they answered, and not with a 2xx."""

    REFUSED_ADDRESS = "refused_address"
    UNKNOWN_NAME = "unknown_name"
    NO_CONNECTION = "no_connection"
    NO_TLS = "no_tls"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    NO_ANSWER = "no_answer"
    STATUS = "status"
    INTERRUPTED = "interrupted"


class Webhook(Versioned, table=True):
    """Somebody's address that is called when something happens.

    `event_types` are parted by blanks, and none means all. With a unit only what happens there or
    below. The address may hold a secret of theirs, so it is shown to nobody in full. The former
    secret signs beside the new one until `former_until`. `failing_since` is the first failure after
    which nothing has been delivered, and `held_until` when a receiver that does not answer, or asks
    for patience, is tried again: both move without another version.
    """

    __table_args__ = (
        versions_rise(),
        CheckConstraint("name <> ''", "has_a_name"),
        CheckConstraint(f"url <> '' AND length(url) <= {LONGEST_URL}", "url_is_short"),
        CheckConstraint(f"length(event_types) <= {LONGEST_TYPES}", "event_types_are_few"),
        CheckConstraint(among("format", Format), "format_is_known"),
        CheckConstraint("secret LIKE 'whsec_%'", "is_signed"),
        CheckConstraint("(former_secret IS NULL) = (former_until IS NULL)", "former_ends"),
        CheckConstraint("(off_at IS NULL) = (off_reason IS NULL)", "off_for_a_reason"),
        CheckConstraint(f"off_reason IS NULL OR {among('off_reason', OffReason)}", "reason_known"),
    )

    name: str
    url: str
    format: Format = Field(default=Format.STANDARD, sa_type=words(Format))
    event_types: str = ""
    unit_id: int | None = Field(default=None, foreign_key="unit.id", sa_type=BigId)
    owner_id: int = Field(foreign_key="person.id", sa_type=BigId)
    secret: str
    former_secret: str | None = None
    former_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    held_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    off_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    off_reason: OffReason | None = Field(default=None, sa_type=words(OffReason))

    @property
    def is_on(self) -> bool:
        return self.off_at is None


class WebhookDelivery(SQLModel, table=True):
    """One message to one webhook. `message_id` is its `webhook-id`, the same however often it is
    sent. One without an event is a test. `due_at` is when it is tried next."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("message_id"),
        CheckConstraint(among("state", DeliveryState), "state_is_known"),
        CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", "waits_for_its_time"),
        CheckConstraint("state <> 'delivered' OR delivered_at IS NOT NULL", "delivered_some_time"),
        Index(
            "uq_webhook_delivery_webhook_event",
            "webhook_id",
            "event_id",
            unique=True,
            sqlite_where=text("event_id IS NOT NULL"),
            postgresql_where=text("event_id IS NOT NULL"),
        ),
        Index(None, "webhook_id", "id"),
        Index(None, "made_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    webhook_id: int = Field(foreign_key="webhook.id", sa_type=BigId)
    event_id: int | None = Field(default=None, foreign_key="event.id", sa_type=BigId)
    type: str
    message_id: str
    made_at: datetime = Field(sa_type=UTCDateTime)
    state: DeliveryState = Field(sa_type=words(DeliveryState))
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def key(self) -> int:
        """The id of a row that has been stored."""
        assert self.id is not None
        return self.id


class WebhookAttempt(SQLModel, table=True):
    """One time that it was sent. It begins as `interrupted`, and stays so where the worker ended
    midway. `excerpt` is how their answer begins."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (
        CheckConstraint(f"trouble IS NULL OR {among('trouble', Trouble)}", "trouble_is_known"),
        CheckConstraint("milliseconds >= 0", "time_passes"),
        CheckConstraint(f"length(excerpt) <= {LONGEST_EXCERPT}", "excerpt_is_short"),
        Index(None, "delivery_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    delivery_id: int = Field(foreign_key="webhook_delivery.id", sa_type=BigId)
    at: datetime = Field(sa_type=UTCDateTime)
    milliseconds: int | None = None
    status: int | None = None
    trouble: Trouble | None = Field(default=None, sa_type=words(Trouble))
    excerpt: str = ""
