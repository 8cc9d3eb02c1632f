"""What SQLite is told of the rows that there are, so that it plans alike in every municipality.

SQLite chooses its indexes by what `ANALYZE` has counted, and guesses where nobody has called it:
then the shelf is looked for in the wrong one, and takes half a second with a million handovers.
Here nobody need call it. These are the figures of the municipality of `bench` with 100,000
handovers; where there are fewer, any plan is quick.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

Known = tuple[str, str | None, str]

_COUNTED: dict[str, dict[str | None, str]] = {
    "api_key": {
        "ix_api_key_person_id": "2001 1",
        "sqlite_autoindex_api_key_1": "2001 1",
    },
    "edition": {"sqlite_autoindex_edition_1": "10000 1 1"},
    "event": {
        "ix_event_actor_id_id": "590998 269 1",
        "ix_event_handover_id_id": "590998 6 1",
        "ix_event_subject_id_id": "590998 6 1",
        "ix_event_type_id": "590998 65667 1",
        "ix_event_waiting": "10 1",
    },
    "follow_up": {
        "ix_follow_up_handover_id_id": "95998 2 1",
        "ix_follow_up_unseen": "1000 1",
    },
    "gift": {"ix_gift_network_id": "10000 50"},
    "handover": {
        "ix_handover_awaits_confirmation": "200 1",
        "ix_handover_delivered_at": "100000 54",
        "ix_handover_door": "15000 938 1",
        "ix_handover_gift_id_unit_id": "100000 10 1",
        "ix_handover_homeless": "10 1",
        "ix_handover_network_id_id": "100000 500 1",
        "ix_handover_network_id_state": "29000 145 49",
        "ix_handover_owner_id_life_due_on": "64000 32 2",
        "ix_handover_paused": "2000 20",
        "ix_handover_requested": "500 1 1",
        "ix_handover_shelf": "48000 471 1",
        "ix_handover_state_id": "100000 7693 1",
        "ix_handover_unannounced": "2000 5",
        "ix_handover_unit_id_id": "100000 50 1",
        "ix_handover_unit_id_life_due_on_id": "100000 50 2 1",
        "ix_handover_yearly": "18000 44 1",
        "uq_handover_lead": "8000 1",
        "uq_handover_open": "85000 9 1",
    },
    "handover_count": {"sqlite_autoindex_handover_count_1": "14000 7 1 1"},
    "member": {
        "ix_member_network_id_person_id": "800 4 1",
        "ix_member_person_id_network_id": "800 1 1",
    },
    "network": {None: "200"},
    "note": {"ix_note_handover_id_id": "33333 1 1"},
    "ownership": {
        "ix_ownership_handover_id_id": "64000 1 1",
        "ix_ownership_person_id": "64000 32",
        "uq_ownership_present": "60000 1",
    },
    "person": {
        "ix_person_unit_id": "2801 2",
        "sqlite_autoindex_person_1": "2801 1",
    },
    "unit": {
        "ix_unit_parent_id": "2000 12",
        "sqlite_autoindex_unit_1": "2000 1",
    },
}
"""By table and index: how many rows there are, and how many are alike in the first column of the
index, the first two, and so on (https://sqlite.org/fileformat2.html#stat1tab).

The figures of what waits, is paused, has no unit or has been asked for are reckoned: that
municipality has none. Posts are left out on purpose: if it is told how few there are, SQLite goes
through all of them each time it looks for who answers for a unit."""


def counted() -> Iterator[Known]:
    """The table, the index, and what is told of it."""
    for table, indexes in _COUNTED.items():
        for index, figures in indexes.items():
            yield table, index, figures


def tell(connection: Connection) -> None:
    """Does nothing where it is known already, and on PostgreSQL, which counts for itself."""
    if connection.dialect.name != "sqlite":
        return
    told = set(counted())
    with connection.begin():
        if _known_to(connection) == told:
            return
        connection.execute(_MAKE_OR_READ)
        connection.execute(text("DELETE FROM sqlite_stat1"))
        connection.execute(
            text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)"),
            [{"tbl": table, "idx": index, "stat": figures} for table, index, figures in told],
        )
        connection.execute(_MAKE_OR_READ)


def _known_to(connection: Connection) -> set[Known]:
    there = connection.execute(text("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'"))
    if there.first() is None:
        return set()
    found = connection.execute(text("SELECT tbl, idx, stat FROM sqlite_stat1"))
    return {(row.tbl, row.idx, row.stat) for row in found}


_MAKE_OR_READ = text("ANALYZE sqlite_schema")
"""Counts nothing: it makes the table where it is missing, and reads what is in it."""
