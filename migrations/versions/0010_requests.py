"""A unit asks for a gift: who asked, when, and what the unit will use it for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TOGETHER = "(requested_at IS NULL) = (requested_by_id IS NULL)"
WRITTEN = "(requested_at IS NULL) = (request = '')"
# Each rule goes with the last column that it names: so SQLite adds them to the table as it stands,
# and takes them away again, without making it anew. The rules are on lines of their own.
COLUMNS = {
    "sqlite": [
        "requested_by_id INTEGER\n\tCONSTRAINT fk_handover_requested_by_id REFERENCES person (id)",
        "requested_at DATETIME\n\t"
        f"CONSTRAINT ck_handover_requested_by_somebody CHECK ({TOGETHER})\n\tNULL",
        "request VARCHAR\n\t"
        f"CONSTRAINT ck_handover_request_is_written CHECK ({WRITTEN})\n\tDEFAULT '' NOT NULL",
    ],
    "postgresql": [
        "requested_by_id BIGINT CONSTRAINT fk_handover_requested_by_id REFERENCES person (id)",
        "requested_at TIMESTAMP WITH TIME ZONE"
        f" CONSTRAINT ck_handover_requested_by_somebody CHECK ({TOGETHER})",
        "request VARCHAR DEFAULT '' NOT NULL"
        f" CONSTRAINT ck_handover_request_is_written CHECK ({WRITTEN})",
    ],
}
NAMES = ("requested_by_id", "requested_at", "request")


def upgrade() -> None:
    for column in COLUMNS[op.get_bind().dialect.name]:
        op.execute(f"ALTER TABLE handover ADD COLUMN {column}")
    is_requested = sa.text("requested_at IS NOT NULL")
    op.create_index(
        "ix_handover_requested",
        "handover",
        ["unit_id", "id"],
        sqlite_where=is_requested,
        postgresql_where=is_requested,
    )


def downgrade() -> None:
    op.drop_index("ix_handover_requested", "handover")
    for name in reversed(NAMES):
        op.execute(f"ALTER TABLE handover DROP COLUMN {name}")
