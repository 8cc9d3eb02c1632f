"""How often people were looked at, by day and by what the lookers are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "person_look",
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_look_person_id"),
        sa.PrimaryKeyConstraint("person_id", "seen_on", "kind", name="pk_person_look"),
    )


def downgrade() -> None:
    op.drop_table("person_look")
