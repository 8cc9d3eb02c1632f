"""How many handovers each unit has in each state, kept by the database itself; and indexes for
the filters that had none.

A later migration that makes the handover table anew on SQLite must bring these triggers along.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_ADDED = """INSERT INTO handover_count (unit_id, state, is_announced, handovers)
    VALUES (NEW.unit_id, NEW.state, NEW.announced_at IS NOT NULL, 1)
    ON CONFLICT (unit_id, state, is_announced)
    DO UPDATE SET handovers = handover_count.handovers + 1;"""
_TAKEN_AWAY = """UPDATE handover_count SET handovers = handovers - 1
    WHERE unit_id = OLD.unit_id AND state = OLD.state
    AND is_announced = (OLD.announced_at IS NOT NULL);"""
_IS_MOVED = """(OLD.unit_id, OLD.state, OLD.announced_at IS NOT NULL)
    <> (NEW.unit_id, NEW.state, NEW.announced_at IS NOT NULL)"""
_COUNTED = "handover_is_counted"
_RECOUNTED = "handover_is_recounted"
_UNCOUNTED = "handover_is_uncounted"

TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER {_COUNTED} AFTER INSERT ON handover BEGIN {_ADDED} END",
        f"CREATE TRIGGER {_UNCOUNTED} AFTER DELETE ON handover BEGIN {_TAKEN_AWAY} END",
        f"""CREATE TRIGGER {_RECOUNTED} AFTER UPDATE OF unit_id, state, announced_at ON handover
        WHEN {_IS_MOVED} BEGIN {_TAKEN_AWAY} {_ADDED} END""",
    ],
    # Whoever moves handovers takes the rows of a unit in one order, so that no two wait for each
    # other: the lesser state first.
    "postgresql": [
        f"""CREATE FUNCTION count_handovers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN {_ADDED}
        ELSIF TG_OP = 'DELETE' THEN {_TAKEN_AWAY}
        ELSIF (OLD.unit_id, OLD.state) < (NEW.unit_id, NEW.state) THEN {_TAKEN_AWAY} {_ADDED}
        ELSE {_ADDED} {_TAKEN_AWAY}
        END IF;
        RETURN NULL; END $$""",
        f"""CREATE TRIGGER {_COUNTED} AFTER INSERT OR DELETE ON handover
        FOR EACH ROW EXECUTE FUNCTION count_handovers()""",
        f"""CREATE TRIGGER {_RECOUNTED} AFTER UPDATE OF unit_id, state, announced_at ON handover
        FOR EACH ROW WHEN ({_IS_MOVED}) EXECUTE FUNCTION count_handovers()""",
        # Few rows, changed all the time: room beside each, and swept often.
        """ALTER TABLE handover_count SET (fillfactor = 50,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)""",
    ],
}
TRIGGERS_GONE = {
    "sqlite": [f"DROP TRIGGER {name}" for name in (_COUNTED, _RECOUNTED, _UNCOUNTED)],
    "postgresql": [
        *(f"DROP TRIGGER {name} ON handover" for name in (_COUNTED, _RECOUNTED)),
        "DROP FUNCTION count_handovers()",
    ],
}
Indexes = dict[str, tuple[list[str], str]]
INDEXES: Indexes = {
    "ix_handover_paused": (["paused_until"], "paused_until IS NOT NULL"),
    "ix_handover_homeless": (["id"], "needs_unit"),
    "ix_handover_unannounced": (["unit_id"], "announced_at IS NULL"),
    "ix_handover_awaits_confirmation": (
        ["unit_id"],
        "state = 'in_use' AND anchoring_proposed_at IS NOT NULL",
    ),
}
# Every gift that has become part of the day was proposed once: this one grew with all of them.
TOO_WIDE: Indexes = {
    "ix_handover_proposed": (["state", "network_id"], "anchoring_proposed_at IS NOT NULL")
}


def upgrade() -> None:
    op.create_table(
        "handover_count",
        sa.Column("unit_id", big_id, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("handovers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_handover_count_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "state", "is_announced", name="pk_handover_count"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # What others are writing is waited for, and what they have not begun waits: until the
        # triggers are there, nobody would count it.
        op.execute("LOCK TABLE handover IN SHARE ROW EXCLUSIVE MODE")
    op.execute(
        """INSERT INTO handover_count (unit_id, state, is_announced, handovers)
        SELECT unit_id, state, announced_at IS NOT NULL, count(*) FROM handover
        GROUP BY unit_id, state, announced_at IS NOT NULL"""
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)
    _exchange(TOO_WIDE, INDEXES)
    op.create_index("ix_handover_network_id_state", "handover", ["network_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_handover_network_id_state", "handover")
    _exchange(INDEXES, TOO_WIDE)
    for statement in TRIGGERS_GONE[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("handover_count")


def _exchange(gone: Indexes, made: Indexes) -> None:
    for name in gone:
        op.drop_index(name, "handover")
    for name, (columns, where) in made.items():
        condition = sa.text(where)
        op.create_index(
            name, "handover", columns, sqlite_where=condition, postgresql_where=condition
        )
