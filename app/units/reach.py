"""Which units a person answers for, and which lie one level below, walked from the top down.

Level by level, with lists of ids: as one recursive statement, PostgreSQL reads the whole tree.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.rows import Prepared, Rows, Shown, among, listed
from app.units.line import is_held_on, is_led
from app.units.models import Post, Unit


@dataclass(frozen=True)
class Reach:
    """`led`: their own posts, and below each the units whose post is vacant. `below`: the units
    for which they are the next leader up, as `Line.next_up` has it: whose post is held one level
    below, and below each of those the vacant ones."""

    led: Collection[int]
    below: Collection[int]


def reach_of(rows: Rows, person_id: int, *, today: date) -> Reach:
    own = rows.all(_own(), {"person_id": person_id, "today": today})
    led = {row["unit_id"] for row in own}
    held, vacant = _parted(row for row in own if row["id"] is not None)
    held |= _walk(rows, vacant, into=led, today=today)
    below: set[int] = set()
    _walk(rows, held, into=below, today=today)
    return Reach(led, below)


def answered_through(rows: Rows, unit_id: int, *, today: date) -> Collection[int]:
    """The units for which whoever comes to its post answers: itself, and the vacant ones below."""
    through: set[int] = set()
    _walk(rows, [unit_id], into=through, today=today)
    return through


def _walk(rows: Rows, units: Iterable[int], *, into: set[int], today: date) -> set[int]:
    """Takes the units in, and those below whose post is vacant. The units where it ended, because
    somebody sits there."""
    ended: set[int] = set()
    level = set(units) - into
    while level:
        into |= level
        parameters = listed(level)
        found = rows.all(_children(len(parameters)), {**parameters, "today": today})
        held, vacant = _parted(found)
        ended |= held
        level = vacant - into
    return ended


def _parted(children: Iterable[Shown]) -> tuple[set[int], set[int]]:
    """Those where somebody sits, and those that are open and where nobody does."""
    held, vacant = set(), set()
    for child in children:
        if child["is_led"]:
            held.add(child["id"])
        elif child["closed_on"] is None:
            vacant.add(child["id"])
    return held, vacant


_child = aliased(Unit)
_shown = (
    col(_child.id),
    col(_child.closed_on),
    is_led(_child, bindparam("today")).label("is_led"),
)


@cache
def _own() -> Prepared:
    """The person's own units, each with every unit right below it."""
    with_children = (
        select(col(Post.unit_id), *_shown)
        .join(_child, col(_child.parent_id) == Post.unit_id, isouter=True)
        .where(col(Post.person_id) == bindparam("person_id"), is_held_on(bindparam("today")))
    )
    return Prepared(with_children)


@lru_cache(maxsize=32)
def _children(places: int) -> Prepared:
    return Prepared(select(*_shown).where(among(col(_child.parent_id), places)))
