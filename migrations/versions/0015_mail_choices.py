"""Choices of mail have versions, and the links that stop mail are signed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# With its rule, so that SQLite adds it to the table as it stands.
RULE = "CONSTRAINT ck_mail_choice_first_version_has_no_row CHECK (version >= 2)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE mail_choice ADD COLUMN version INTEGER DEFAULT 2 NOT NULL {RULE}")
    op.create_table(
        "mail_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_key"),
    )


def downgrade() -> None:
    op.drop_table("mail_key")
    op.execute("ALTER TABLE mail_choice DROP COLUMN version")
