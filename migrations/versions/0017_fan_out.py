"""Events that could not be passed on, and for whom a substitute is told. What happened before this
is nobody's news."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
instant = sa.DateTime(timezone=True)
POINTS = "CONSTRAINT fk_notification_stands_in_for_id REFERENCES person (id)"
COLUMN = {
    "sqlite": f"stands_in_for_id INTEGER\n\t{POINTS}",
    "postgresql": f"stands_in_for_id BIGINT {POINTS}",
}


def upgrade() -> None:
    op.create_table(
        "event_set_aside",
        sa.Column("event_id", big_id, nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("set_aside_at", instant, nullable=False),
        sa.CheckConstraint("error <> '' AND length(error) <= 500", name="error_is_short"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_set_aside_event_id"),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_set_aside"),
    )
    op.execute(f"ALTER TABLE notification ADD COLUMN {COLUMN[op.get_bind().dialect.name]}")
    op.execute("UPDATE event SET fanned_out_at = at WHERE fanned_out_at IS NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE notification DROP COLUMN stands_in_for_id")
    op.drop_table("event_set_aside")
