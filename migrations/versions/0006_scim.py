"""What the organisation's directory knows people by, and its groups with their members."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "scim_account",
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("user_name", sa.String(), nullable=True),
        sa.Column("user_name_key", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("removals", sa.Integer(), nullable=False),
        sa.Column("group_roles", sa.String(), nullable=False),
        sa.CheckConstraint("version >= 1", name="versions_count_from_one"),
        sa.CheckConstraint("(user_name IS NULL) = (user_name_key IS NULL)", name="name_has_a_key"),
        sa.CheckConstraint("user_name <> ''", name="name_is_written"),
        sa.CheckConstraint("external_id <> ''", name="external_id_is_written"),
        sa.CheckConstraint("removals >= 0", name="removals_are_counted"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_scim_account_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_scim_account"),
        sa.UniqueConstraint("person_id", name="uq_scim_account_person_id"),
        sa.UniqueConstraint("user_name_key", name="uq_scim_account_user_name_key"),
        sa.UniqueConstraint("external_id", name="uq_scim_account_external_id"),
    )
    op.create_table(
        "scim_group",
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("member_changes", sa.Integer(), nullable=False),
        sa.Column("removed_at", instant, nullable=True),
        sa.CheckConstraint("version >= 1", name="versions_count_from_one"),
        sa.CheckConstraint("name <> ''", name="has_a_name"),
        sa.CheckConstraint("external_id <> ''", name="external_id_is_written"),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (name_key IS NOT NULL)", name="known_until_removed"
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR external_id IS NULL", name="removed_without_an_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_scim_group"),
        sa.UniqueConstraint("name_key", name="uq_scim_group_name_key"),
        sa.UniqueConstraint("external_id", name="uq_scim_group_external_id"),
    )
    op.create_table(
        "scim_member",
        sa.Column("group_id", big_id, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["scim_group.id"], name="fk_scim_member_group_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_scim_member_person_id"),
        sa.PrimaryKeyConstraint("group_id", "person_id", name="pk_scim_member"),
    )
    op.create_index("ix_scim_member_person_id", "scim_member", ["person_id"])


def downgrade() -> None:
    for table in ("scim_member", "scim_group", "scim_account"):
        op.drop_table(table)
