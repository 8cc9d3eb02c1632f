"""Forms that were sent after the session had ended, kept until their person has signed in again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_kept_form_person_id"),
        sa.PrimaryKeyConstraint("person_id", "page", name="pk_kept_form"),
    )
    op.create_index("ix_kept_form_kept_at", "kept_form", ["kept_at"])


def downgrade() -> None:
    op.drop_table("kept_form")
