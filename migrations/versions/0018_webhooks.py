"""Who is called when something happens, what they are sent, and how that went."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
instant = sa.DateTime(timezone=True)
TROUBLES = (
    "'interrupted', 'no_answer', 'no_connection', 'no_tls', 'refused_address', 'status',"
    " 'too_large', 'too_slow', 'unknown_name'"
)


def upgrade() -> None:
    _make_webhooks()
    _make_deliveries()
    _make_attempts()


def downgrade() -> None:
    op.drop_table("webhook_attempt")
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")


def _make_webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("format", sa.String(32), nullable=False),
        sa.Column("event_types", sa.String(), nullable=False),
        sa.Column("unit_id", big_id, nullable=True),
        sa.Column("owner_id", big_id, nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("former_secret", sa.String(), nullable=True),
        sa.Column("former_until", instant, nullable=True),
        sa.Column("failing_since", instant, nullable=True),
        sa.Column("held_until", instant, nullable=True),
        sa.Column("off_at", instant, nullable=True),
        sa.Column("off_reason", sa.String(32), nullable=True),
        sa.CheckConstraint("version >= 1", name="versions_count_from_one"),
        sa.CheckConstraint("name <> ''", name="has_a_name"),
        sa.CheckConstraint("url <> '' AND length(url) <= 2000", name="url_is_short"),
        sa.CheckConstraint("length(event_types) <= 4000", name="event_types_are_few"),
        sa.CheckConstraint("format IN ('standard', 'teams', 'text')", name="format_is_known"),
        sa.CheckConstraint("secret LIKE 'whsec_%'", name="is_signed"),
        sa.CheckConstraint("(former_secret IS NULL) = (former_until IS NULL)", name="former_ends"),
        sa.CheckConstraint("(off_at IS NULL) = (off_reason IS NULL)", name="off_for_a_reason"),
        sa.CheckConstraint(
            "off_reason IS NULL OR off_reason IN ('by_hand', 'failing', 'gone')",
            name="reason_known",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_webhook_unit_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_webhook_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
    )


def _make_deliveries() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("id", big_id, nullable=False),
        sa.Column("webhook_id", big_id, nullable=False),
        sa.Column("event_id", big_id, nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("due_at", instant, nullable=True),
        sa.Column("delivered_at", instant, nullable=True),
        sa.CheckConstraint("state IN ('delivered', 'given_up', 'waiting')", name="state_is_known"),
        sa.CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name="waits_for_its_time"),
        sa.CheckConstraint(
            "state <> 'delivered' OR delivered_at IS NOT NULL", name="delivered_some_time"
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name="fk_webhook_delivery_webhook_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_webhook_delivery_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
        sa.UniqueConstraint("message_id", name="uq_webhook_delivery_message_id"),
    )
    has_event = sa.text("event_id IS NOT NULL")
    op.create_index(
        "uq_webhook_delivery_webhook_event",
        "webhook_delivery",
        ["webhook_id", "event_id"],
        unique=True,
        sqlite_where=has_event,
        postgresql_where=has_event,
    )
    op.create_index("ix_webhook_delivery_webhook_id_id", "webhook_delivery", ["webhook_id", "id"])
    op.create_index("ix_webhook_delivery_made_at", "webhook_delivery", ["made_at"])


def _make_attempts() -> None:
    op.create_table(
        "webhook_attempt",
        sa.Column("id", big_id, nullable=False),
        sa.Column("delivery_id", big_id, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(32), nullable=True),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.CheckConstraint(f"trouble IS NULL OR trouble IN ({TROUBLES})", name="trouble_is_known"),
        sa.CheckConstraint("milliseconds >= 0", name="time_passes"),
        sa.CheckConstraint("length(excerpt) <= 500", name="excerpt_is_short"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["webhook_delivery.id"], name="fk_webhook_attempt_delivery_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_attempt"),
    )
    op.create_index("ix_webhook_attempt_delivery_id_id", "webhook_attempt", ["delivery_id", "id"])
