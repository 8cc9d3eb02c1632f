"""Units to choose among: in the order of the tree, or those that were found. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.text import in_danish_order
from app.units.models import Unit

DEEPEST = 5
"""What lies deeper is drawn no further in."""


@dataclass(frozen=True)
class Leaf:
    """`depth` is how far in it is drawn, and `under` the name above it, where it is alone."""

    unit_id: int
    name: str
    depth: int = 0
    under: str = ""


def as_tree(units: Sequence[Unit]) -> Sequence[Leaf]:
    """Each below the one that it lies under; at the top, where that one is not there."""
    there = {unit.key for unit in units}
    children: dict[int | None, list[Unit]] = {}
    for unit in _sorted(units):
        parent_id = unit.parent_id if unit.parent_id in there else None
        children.setdefault(parent_id, []).append(unit)
    found: list[Leaf] = []
    waiting = [(unit, 0) for unit in reversed(children.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        found.append(Leaf(unit.key, unit.name, min(depth, DEEPEST)))
        waiting += [(child, depth + 1) for child in reversed(children.get(unit.key, []))]
    return found


def as_found(units: Sequence[Unit], names: Mapping[int, str]) -> Sequence[Leaf]:
    """One after the other; `names` are those of the units above them."""
    return [
        Leaf(unit.key, unit.name, under=names.get(unit.parent_id or 0, ""))
        for unit in _sorted(units)
    ]


def _sorted(units: Sequence[Unit]) -> Sequence[Unit]:
    return sorted(units, key=lambda one: (in_danish_order(one.name), one.key))
