"""What a message is about that is about no handover: what it is called, and where it stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from app.eventlog.log import thing_of
from app.gifts import queries as gifts
from app.networks import queries as networks
from app.rows import Rows, Shown
from app.units import queries as units

PATHS = {
    "gift": "gifts",
    "network": "networks",
    "unit": "units",
    "webhook": "administration/webhooks",
}
"""The page of such a thing, by the first word of the event's type."""


def path_of(row: Shown) -> str:
    """Of the thing itself, where it has a page, or else where one begins."""
    page = PATHS.get(thing_of(row["type"]))
    return f"/{page}/{row['subject_id']}" if page else "/"


def names_of(rows: Rows, found: Sequence[Shown]) -> Mapping[int, str]:
    """By the ids of the messages: as it is called now, or else as it was when it happened."""
    others = [row for row in found if row["handover_id"] is None]
    ids: dict[str, set[int]] = defaultdict(set)
    for row in others:
        ids[thing_of(row["type"])].add(row["subject_id"])
    named: Mapping[str, Mapping[int, str]] = {
        "gift": gifts.titles(rows, ids["gift"]),
        "network": networks.names(rows, ids["network"]),
        "unit": units.names(rows, ids["unit"]),
    }
    return {
        row["id"]: named.get(thing_of(row["type"]), {}).get(row["subject_id"])
        or row["data"].get("name", "")
        for row in others
    }
