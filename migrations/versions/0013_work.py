"""Work that is to be done, and the ticks of schedules that have been heard."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "work_item",
        sa.Column("id", big_id, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("enqueued_at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("most_attempts", sa.Integer(), nullable=False),
        sa.Column("fence", big_id, nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("dead_at", instant, nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.CheckConstraint("kind <> '' AND length(kind) <= 64", name="kind_is_a_word"),
        sa.CheckConstraint("key <> '' AND length(key) <= 200", name="key_is_short"),
        sa.CheckConstraint("length(CAST(payload AS VARCHAR)) <= 4000", name="payload_is_small"),
        sa.CheckConstraint("attempts >= 0 AND attempts <= fence", name="attempts_are_counted"),
        sa.CheckConstraint("most_attempts >= 1", name="is_tried_at_all"),
        sa.CheckConstraint("dead_at IS NULL OR held_by IS NULL", name="nobody_holds_the_dead"),
        sa.CheckConstraint("length(last_error) <= 500", name="last_error_is_short"),
        sa.PrimaryKeyConstraint("id", name="pk_work_item"),
        sa.UniqueConstraint("kind", "key", name="uq_work_item_kind_key"),
    )
    is_alive, is_dead = sa.text("dead_at IS NULL"), sa.text("dead_at IS NOT NULL")
    op.create_index(
        "ix_work_item_due",
        "work_item",
        ["kind", "due_at"],
        sqlite_where=is_alive,
        postgresql_where=is_alive,
    )
    op.create_index(
        "ix_work_item_dead", "work_item", ["id"], sqlite_where=is_dead, postgresql_where=is_dead
    )
    op.create_table(
        "work_tick",
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("tick_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("schedule", "tick_at", name="pk_work_tick"),
    )


def downgrade() -> None:
    op.drop_table("work_tick")
    op.drop_table("work_item")
