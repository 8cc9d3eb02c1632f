"""The database itself refuses what the domain forbids: what goes with each state, known words,
one open handover per gift and unit, one lead receiver, one present owner."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy import Connection, text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The first tables said the table's name twice in these.
NAMED_TWICE = {
    "network": "ends_after_it_starts",
    "unit": "not_its_own_parent",
    "member": "ends_after_it_begins",
    "post": "ends_after_it_begins",
    "handover": "pauses_are_counted",
}
CHECKS: dict[str, dict[str, str]] = {
    "member": {},
    "network": {
        "versions_count_from_one": "version >= 1",
        "has_a_name": "name <> ''",
    },
    "unit": {
        "versions_count_from_one": "version >= 1",
        "has_a_name": "name <> ''",
        "external_id_is_written": "external_id <> ''",
        "not_its_own_successor": "successor_id <> id",
        "succeeded_once_closed": "successor_id IS NULL OR closed_on IS NOT NULL",
    },
    "gift": {
        "versions_count_from_one": "version >= 1",
        "has_a_title": "title <> ''",
        "editions_count_from_one": "edition >= 1",
    },
    "person": {
        "versions_count_from_one": "version >= 1",
        "has_a_name": "name <> ''",
        "mail_is_written": "mail <> ''",
        "left_without_roles": "left_at IS NULL OR roles = ''",
        "pseudonym_tells_nothing": (
            "pseudonymised_at IS NULL OR (left_at IS NOT NULL AND mail IS NULL AND phone IS "
            "NULL AND title = '')"
        ),
    },
    "edition": {
        "editions_count_from_one": "number >= 1",
        "has_a_title": "title <> ''",
    },
    "material": {
        "a_link_or_a_file": (
            "(kind = 'link' AND url <> '' AND url IS NOT NULL AND filename IS NULL AND "
            "media_type IS NULL AND size IS NULL AND digest IS NULL) OR (kind = 'file' AND url "
            "IS NULL AND filename <> '' AND filename IS NOT NULL AND media_type IS NOT NULL AND "
            "size >= 1 AND size IS NOT NULL AND length(digest) = 64 AND digest IS NOT NULL)"
        ),
        "has_a_title": "title <> ''",
    },
    "post": {
        "kind_is_known": "kind IN ('leader', 'substitute')",
    },
    "handover": {
        "versions_count_from_one": "version >= 1",
        "state_is_known": (
            "state IN ('accepted', 'acknowledged', 'anchored', 'announced', 'declined', "
            "'delivered', 'discontinued', 'draft', 'in_use', 'passed_on', 'returned', 'trial', "
            "'withdrawn')"
        ),
        "kind_is_known": "kind IN ('co', 'lead')",
        "ripple_is_known": "ripple IN ('none', 'units', 'unknown')",
        "not_its_own_origin": "origin_id <> id",
        "announced_has_a_date": (
            "state IN ('draft', 'passed_on', 'withdrawn') OR (announced_at IS NOT NULL)"
        ),
        "delivered_has_a_date": (
            "state IN ('announced', 'draft', 'passed_on', 'withdrawn') OR (delivered_at IS NOT "
            "NULL)"
        ),
        "unsent_has_no_receipt": (
            "NOT (state IN ('announced', 'draft')) OR (delivered_at IS NULL AND acknowledged_at "
            "IS NULL AND accepted_at IS NULL)"
        ),
        "delivery_voids_the_receipt": (
            "NOT (state IN ('delivered')) OR (acknowledged_at IS NULL AND accepted_at IS NULL)"
        ),
        "receipt_has_a_date": (
            "NOT (state IN ('accepted', 'acknowledged', 'anchored', 'in_use', 'trial')) OR "
            "(acknowledged_at IS NOT NULL)"
        ),
        "receipt_has_a_name": "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)",
        "accepted_has_date_and_owner": (
            "NOT (state IN ('accepted', 'anchored', 'in_use', 'trial')) OR (accepted_at IS NOT "
            "NULL AND owner_id IS NOT NULL)"
        ),
        "ended_has_a_date": (
            "(state IN ('declined', 'discontinued', 'passed_on', 'withdrawn')) = (ended_at IS "
            "NOT NULL)"
        ),
        "ended_has_a_reason": (
            "NOT (state IN ('declined', 'discontinued', 'passed_on', 'withdrawn')) OR (reason "
            "<> '')"
        ),
        "declined_has_a_reason_kind": "(state IN ('declined')) = (reason_kind IS NOT NULL)",
        "passed_on_has_a_unit": "(state IN ('passed_on')) = (passed_to_unit_id IS NOT NULL)",
        "passed_on_elsewhere": "passed_to_unit_id <> unit_id",
        "returned_has_a_question": "NOT (state IN ('returned')) OR (question <> '')",
        "read_back_before_use": (
            "NOT (state IN ('anchored', 'in_use', 'trial')) OR (read_back <> '' AND first_step "
            "<> '')"
        ),
        "trial_has_days": (
            "NOT (state IN ('trial')) OR (trial_from_on IS NOT NULL AND trial_to_on IS NOT NULL)"
        ),
        "trial_ends_after_it_begins": "trial_to_on > trial_from_on",
        "in_use_has_a_day": (
            "NOT (state IN ('anchored', 'in_use')) OR (in_use_since_on IS NOT NULL)"
        ),
        "anchored_was_proposed": (
            "NOT (state IN ('anchored')) OR (anchoring_proposed_at IS NOT NULL)"
        ),
        "proposal_has_names": (
            "(anchoring_proposed_at IS NULL) = (anchoring_proposed_by_id IS NULL) AND "
            "(anchoring_proposed_at IS NULL) = (anchoring_entered_by_id IS NULL)"
        ),
        "pause_has_a_reason": "paused_until IS NULL OR (pause_reason <> '' AND pause_count >= 1)",
        "pause_only_while_open": (
            "paused_until IS NULL OR state IN ('accepted', 'acknowledged', 'anchored', "
            "'announced', 'delivered', 'in_use', 'returned', 'trial')"
        ),
        "life_is_due_while_received": (
            "(state IN ('accepted', 'acknowledged', 'anchored', 'delivered', 'in_use', "
            "'trial')) = (life_due_on IS NOT NULL)"
        ),
    },
    "follow_up": {
        "versions_count_from_one": "version >= 1",
        "health_is_known": "health IN ('going_well', 'stuck', 'wobbling')",
        "better_is_known": "better IN ('no', 'partly', 'unknown', 'yes')",
        "note_is_written": "note <> ''",
        "seen_by_somebody": "(seen_at IS NULL) = (seen_by_id IS NULL)",
    },
    "note": {
        "side_is_known": "side IN ('giver', 'other', 'receiver')",
        "is_written": "text <> ''",
    },
}

IS_OPEN = "NOT (state IN ('declined', 'discontinued', 'passed_on', 'withdrawn'))"
AT_MOST_ONE = {
    "uq_handover_open": ("handover", ["gift_id", "unit_id"], IS_OPEN),
    "uq_handover_lead": ("handover", ["gift_id"], f"kind = 'lead' AND {IS_OPEN}"),
    "uq_ownership_present": ("ownership", ["handover_id"], "to_at IS NULL"),
}
EDITION_KEY = "fk_handover_gift_id_edition"
EDITION_RULE = "FOREIGN KEY (gift_id, edition) REFERENCES edition (gift_id, number)"
NAMED = 20
"""So many rows of a kind are named where they are in the way; the rest are counted."""


def upgrade() -> None:
    connection = op.get_bind()
    if found := list(_in_the_way(connection)):
        raise CommandError("these rows break the rules of the tables: " + "; ".join(found))
    for table in CHECKS:
        _constrain(connection, table)
    for name, (table, columns, where) in AT_MOST_ONE.items():
        condition = sa.text(where)
        op.create_index(
            name,
            table,
            columns,
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )


def downgrade() -> None:
    connection = op.get_bind()
    for name, (table, _, _) in AT_MOST_ONE.items():
        op.drop_index(name, table)
    for table in CHECKS:
        if connection.dialect.name == "sqlite":
            _rebuild(connection, table, added=())
            continue
        for name, _ in _rules(table):
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        if table in NAMED_TWICE:
            once, twice = _names(table)
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {once} TO {twice}")


def _rules(table: str) -> list[tuple[str, str]]:
    """The names of the table's new constraints, and the constraints themselves."""
    rules = [(f"ck_{table}_{name}", f"CHECK ({rule})") for name, rule in CHECKS[table].items()]
    return [*rules, (EDITION_KEY, EDITION_RULE)] if table == "handover" else rules


def _names(table: str) -> tuple[str, str]:
    once = f"ck_{table}_{NAMED_TWICE[table]}"
    return once, f"ck_{table}_{once}"


def _constrain(connection: Connection, table: str) -> None:
    constraints = [f"CONSTRAINT {name} {rule}" for name, rule in _rules(table)]
    if connection.dialect.name == "sqlite":
        _rebuild(connection, table, added=constraints)
        return
    if table in NAMED_TWICE:
        once, twice = _names(table)
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {twice} TO {once}")
    if constraints:
        op.execute(f"ALTER TABLE {table} " + ", ".join(f"ADD {rule}" for rule in constraints))


def _rebuild(connection: Connection, table: str, *, added: Sequence[str]) -> None:
    """SQLite can only make a table anew, and what hangs on it: its indexes and triggers."""
    if connection.execute(text("PRAGMA foreign_keys")).scalar_one():
        raise CommandError("foreign keys must be off while tables are made anew")
    of_table = {"table": table}
    hanging = connection.execute(_HANGING, of_table).scalars().all()
    made = str(connection.execute(_MADE, of_table).scalar_one()).rstrip()
    for name, rule in _rules(table):
        made = made.replace(f",\n\tCONSTRAINT {name} {rule}", "")
    if table in NAMED_TWICE:
        once, twice = _names(table)
        is_up = twice in made
        made = made.replace(twice if is_up else once, once if is_up else twice)
    body = made[made.index("(") : made.rindex(")")].rstrip()
    whole = ",\n\t".join([body, *added])
    anew = f"{table}_anew"
    # As it stands: a colon in what is written there is no parameter.
    connection.exec_driver_sql(f"CREATE TABLE {anew} {whole}\n)")
    # The names in the statements of this migration are its own.
    connection.exec_driver_sql(f"INSERT INTO {anew} SELECT * FROM {table}")  # noqa: S608  # nosec B608
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {anew} RENAME TO {table}")
    for statement in hanging:
        connection.exec_driver_sql(str(statement))


_HANGING = text(
    "SELECT sql FROM sqlite_master"
    " WHERE tbl_name = :table AND type <> 'table' AND sql IS NOT NULL ORDER BY rowid"
)
_MADE = text("SELECT sql FROM sqlite_master WHERE name = :table AND type = 'table'")


def _in_the_way(connection: Connection) -> Iterator[str]:
    """Every rule that rows break, with the rows, before anything is changed."""
    for table, checks in CHECKS.items():
        key = "gift_id" if table == "edition" else "id"
        for name, rule in checks.items():
            broken = f"WHERE NOT ({rule}) ORDER BY {key}"
            query = f"SELECT {key} FROM {table} {broken}"  # noqa: S608  # nosec B608
            yield from _named(connection, table, name, query)
    for name, (table, columns, where) in AT_MOST_ONE.items():
        same = ", ".join(columns)
        query = f"""SELECT id FROM {table} WHERE {where} AND ({same}) IN (
            SELECT {same} FROM {table} WHERE {where} GROUP BY {same} HAVING count(*) > 1
        ) ORDER BY id"""  # noqa: S608  # nosec B608
        yield from _named(connection, table, name, query)
    query = """SELECT id FROM handover WHERE NOT EXISTS (SELECT 1 FROM edition
        WHERE edition.gift_id = handover.gift_id AND edition.number = handover.edition)
        ORDER BY id"""
    yield from _named(connection, "handover", EDITION_KEY, query)


def _named(connection: Connection, table: str, rule: str, query: str) -> Iterator[str]:
    ids = connection.execute(text(query)).scalars().all()
    if ids:
        rest = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        rows = ", ".join(str(row_id) for row_id in ids[:NAMED])
        yield f"{table} {rows}{rest} ({rule})"
