"""Logout tokens of the identity provider that have been obeyed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logout_token",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_logout_token"),
    )
    op.create_index("ix_logout_token_expires_at", "logout_token", ["expires_at"])


def downgrade() -> None:
    op.drop_table("logout_token")
