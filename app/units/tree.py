"""The tree of open units, level by level from the top, as far as so many units reach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from app.rows import Prepared, Rows, Shown, among, listed
from app.text import in_danish_order
from app.units.line import TOP
from app.units.models import Unit


@dataclass
class Branch:
    """A unit with those right below it, by name. `hidden` are so many that were too many to show:
    either all of a level is there, or none of it."""

    id: int
    name: str
    children: list["Branch"] = field(default_factory=list)
    hidden: int = 0

    def walked(self) -> Iterator["Branch"]:
        """It, and what is under it."""
        yield self
        for child in self.children:
            yield from child.walked()


def tree(rows: Rows, *, most: int) -> Sequence[Branch]:
    """The units at the top, with theirs, for as many whole levels as have no more than `most`
    units. Of the top itself, the first so many."""
    return _grown(rows, rows.all(_top(), {"most": most}), most)


def tree_below(rows: Rows, unit_id: int, *, most: int) -> Sequence[Branch]:
    """The same of the units under this one."""
    parents = listed([unit_id])
    return _grown(rows, rows.all(_below(1), {**parents, "most": most}), most)


def _grown(rows: Rows, first: Sequence[Shown], most: int) -> Sequence[Branch]:
    roots = [Branch(row["id"], row["name"]) for row in first]
    level, room = {branch.id: branch for branch in roots}, most - len(roots)
    for _ in range(TOP):
        if not level:
            break
        parents = listed(level)
        found = rows.all(_below(len(parents)), {**parents, "most": room + 1})
        if len(found) > room:
            for row in rows.all(_counts(len(parents)), parents):
                level[row["parent_id"]].hidden = row["units"]
            break
        below = {row["id"]: Branch(row["id"], row["name"]) for row in found}
        for row in found:
            level[row["parent_id"]].children.append(below[row["id"]])
        level, room = below, room - len(found)
    return _by_name(roots)


def _by_name(branches: list[Branch]) -> list[Branch]:
    for branch in branches:
        _by_name(branch.children)
    branches.sort(key=lambda branch: in_danish_order(branch.name))
    return branches


_shown = select(col(Unit.id), col(Unit.name), col(Unit.parent_id)).where(
    col(Unit.closed_on).is_(None)
)


@cache
def _top() -> Prepared:
    top = _shown.where(col(Unit.parent_id).is_(None))
    return Prepared(top.order_by(col(Unit.id)).limit(bindparam("most")))


@lru_cache(maxsize=32)
def _below(places: int) -> Prepared:
    below = _shown.where(among(col(Unit.parent_id), places))
    return Prepared(below.order_by(col(Unit.id)).limit(bindparam("most")))


@lru_cache(maxsize=32)
def _counts(places: int) -> Prepared:
    counted = select(col(Unit.parent_id), func.count().label("units")).where(
        col(Unit.closed_on).is_(None), among(col(Unit.parent_id), places)
    )
    return Prepared(counted.group_by(col(Unit.parent_id)))
