"""The yearly look at what is anchored is found by its day, as the door and the shelf are."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("state = 'anchored'")
    op.create_index(
        "ix_handover_yearly",
        "handover",
        ["life_due_on", "id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_handover_yearly", table_name="handover")
