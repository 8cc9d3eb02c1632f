"""Files that are brought in by hand: what was found in them, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
instant = sa.DateTime(timezone=True)
word = sa.String(length=32)


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", big_id, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("size", big_id, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("uploaded_at", instant, nullable=False),
        sa.Column("uploaded_by_id", big_id, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("heartbeat_at", instant, nullable=False),
        sa.Column("started_at", instant, nullable=True),
        sa.Column("started_by_id", big_id, nullable=True),
        sa.Column("finished_at", instant, nullable=True),
        sa.Column("interruption", word, nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("problem_count", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.CheckConstraint("filename <> ''", name="has_a_name"),
        sa.CheckConstraint("length(digest) = 64", name="digest_is_whole"),
        sa.CheckConstraint(
            "state IN ('reading', 'faulty', 'ready', 'running', 'applied')",
            name="state_is_known",
        ),
        sa.CheckConstraint(
            "(state = 'applied' AND finished_at IS NOT NULL)"
            " OR (state <> 'applied' AND finished_at IS NULL)",
            name="applied_is_finished",
        ),
        sa.CheckConstraint(
            "state NOT IN ('running', 'applied')"
            " OR (started_at IS NOT NULL AND started_by_id IS NOT NULL)",
            name="somebody_started_it",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name="fk_import_run_uploaded_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["person.id"], name="fk_import_run_started_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"),
    )
    op.create_index("ix_import_run_uploaded_at", "import_run", ["uploaded_at"])
    op.create_index(
        "uq_import_run_running",
        "import_run",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )


def downgrade() -> None:
    op.drop_table("import_run")
