"""What people are told, the reminders of silent handovers, and the mails that gather it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mail_choice",
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("how_much", sa.String(), nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.CheckConstraint("hour >= 0 AND hour <= 23", name="hour_is_on_the_clock"),
        sa.CheckConstraint("how_much IN ('all', 'needed', 'none')", name="how_much_is_known"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_mail_choice_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_mail_choice"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", big_id, nullable=False),
        sa.Column("handover_id", big_id, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.CheckConstraint(
            "kind IN ('lift', 'quiet_leader', 'quiet_owner', 'quiet_secretariat', 'unanswered',"
            " 'unanswered_again')",
            name="kind_is_known",
        ),
        sa.CheckConstraint(
            "level >= 0 AND (level > 0) = (kind = 'lift')", name="lifts_have_a_level"
        ),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name="fk_reminder_handover_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint(
            "handover_id", "kind", "due_on", name="uq_reminder_handover_id_kind_due_on"
        ),
    )
    op.create_table(
        "digest",
        sa.Column("id", big_id, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("sent_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_digest_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
        sa.UniqueConstraint("person_id", "day", name="uq_digest_person_id_day"),
    )
    op.create_table(
        "notification",
        sa.Column("id", big_id, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("handover_id", big_id, nullable=True),
        sa.Column("event_id", big_id, nullable=True),
        sa.Column("reminder_id", big_id, nullable=True),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("read_at", instant, nullable=True),
        sa.Column("digest_id", big_id, nullable=True),
        sa.CheckConstraint("(event_id IS NULL) <> (reminder_id IS NULL)", name="tells_one_thing"),
        sa.CheckConstraint("reason <> ''", name="has_a_reason"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notification_person_id"),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name="fk_notification_handover_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_notification_event_id"),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminder.id"], name="fk_notification_reminder_id"
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name="fk_notification_digest_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
    )
    for name, columns, condition, is_unique in (
        ("uq_notification_event_person", ["event_id", "person_id"], "event_id IS NOT NULL", True),
        (
            "uq_notification_reminder_person",
            ["reminder_id", "person_id"],
            "reminder_id IS NOT NULL",
            True,
        ),
        ("ix_notification_person_id_id", ["person_id", "id"], None, False),
        ("ix_notification_unread", ["person_id", "id"], "read_at IS NULL", False),
        ("ix_notification_unmailed", ["person_id"], "digest_id IS NULL", False),
        ("ix_notification_handover", ["handover_id"], "read_at IS NULL", False),
        ("ix_notification_digest", ["digest_id"], "digest_id IS NOT NULL", False),
    ):
        where = None if condition is None else sa.text(condition)
        op.create_index(
            name,
            "notification",
            columns,
            unique=is_unique,
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    op.drop_table("notification")
    op.drop_table("digest")
    op.drop_table("reminder")
    op.drop_table("mail_choice")
