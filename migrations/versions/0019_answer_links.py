"""Links in mails by which a gift is acknowledged, where the municipality allows it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "answer_link",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("handover_id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("used_at", instant, nullable=True),
        sa.CheckConstraint("action IN ('acknowledge')", name="action_is_known"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_answer_link_person_id"),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name="fk_answer_link_handover_id"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_answer_link"),
    )
    op.create_index("ix_answer_link_person_id", "answer_link", ["person_id"])
    op.create_index("ix_answer_link_expires_at", "answer_link", ["expires_at"])


def downgrade() -> None:
    op.drop_table("answer_link")
