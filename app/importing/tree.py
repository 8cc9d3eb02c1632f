"""Whether units lie under each other in circles, and who lies deepest. Pure."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

Place = TypeVar("Place", int, str, int | str)


def circles(parents: Mapping[Place, Place | None]) -> list[Sequence[Place]]:
    """Each circle once, as the places in it; the parent of each is the next, of the last the
    first."""
    found: list[Sequence[Place]] = []
    walked: set[Place] = set()
    for start in parents:
        line: dict[Place, None] = {}
        place: Place | None = start
        while place is not None and place not in walked:
            walked.add(place)
            line[place] = None
            place = parents.get(place)
        if place is not None and place in line:
            places = list(line)
            found.append(places[places.index(place) :])
    return found


def depths(parents: Mapping[Place, Place | None]) -> dict[Place, int]:
    """How many lie above each place. There must be no circles."""
    depth: dict[Place, int] = {}
    for start in parents:
        line: list[Place] = []
        place: Place | None = start
        while place is not None and place not in depth:
            line.append(place)
            place = parents.get(place)
        above = -1 if place is None else depth[place]
        for step, passed in enumerate(reversed(line), start=1):
            depth[passed] = above + step
    return depth
