"""What the board can be narrowed to: an area, a network, an owner. It all stands in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import NotFound
from app.handovers.owners import owners
from app.networks import queries as networks
from app.people import queries as people
from app.people.signed_in import SignedIn
from app.people.visit import Visit
from app.text import in_danish_order
from app.units import queries as units
from app.units.tree import Branch, tree

MOST_AREAS, MOST_NETWORKS, MOST_OWNERS = 400, 400, 300
NAMES = ("unit_id", "network_id", "owner_id")

Choice = tuple[int, str]


@dataclass(frozen=True)
class Filters:
    """`asked` are those that are set. `departments` lie at the top of the tree, `units` below
    them; there are `more_owners` where they were too many to choose from, until an area is
    chosen."""

    asked: Mapping[str, int]
    departments: Sequence[Choice]
    units: Sequence[Choice]
    networks: Sequence[Choice]
    owners: Sequence[Choice]
    more_owners: bool


def filters_of(visit: Visit, me: SignedIn) -> Filters:
    """NotFound where what the address names is not there."""
    given = {name: visit.asked(name) for name in NAMES}
    asked = {name: value for name, value in given.items() if value is not None}
    departments, below = _areas(visit, asked.get("unit_id"))
    found, more_owners = _owners(visit, me, asked)
    return Filters(asked, departments, below, _networks(visit, asked), found, more_owners)


def _areas(visit: Visit, chosen: int | None) -> tuple[Sequence[Choice], Sequence[Choice]]:
    """A municipality that is itself a unit, is all there is: its departments are below it."""
    branches = tree(visit.rows, most=MOST_AREAS)
    if len(branches) == 1 and branches[0].children:
        branches = branches[0].children
    departments = [(branch.id, branch.name) for branch in branches]
    below = [(one.id, one.name) for branch in branches for one in _under(branch)]
    if chosen is not None and chosen not in {key for key, _ in (*departments, *below)}:
        below.append(_named(units.names(visit.rows, [chosen]), chosen))
    return departments, _by_name(below)


def _under(branch: Branch) -> Sequence[Branch]:
    return [one for one in branch.walked() if one is not branch]


def _networks(visit: Visit, asked: Mapping[str, int]) -> Sequence[Choice]:
    found = networks.page(visit.session, after_id=0, limit=MOST_NETWORKS)
    choices = [(network.key, network.name) for network in found]
    chosen = asked.get("network_id")
    if chosen is not None and chosen not in dict(choices):
        choices.append((chosen, networks.get(visit.session, chosen).name))
    return _by_name(choices)


def _owners(visit: Visit, me: SignedIn, asked: Mapping[str, int]) -> tuple[Sequence[Choice], bool]:
    """Those of the area and the network, and whoever looks."""
    narrowed = {name: value for name, value in asked.items() if name != "owner_id"}
    found = owners(visit.rows, filters=narrowed, most=MOST_OWNERS + 1)
    is_cut = len(found) > MOST_OWNERS
    choices = {} if is_cut else {row["id"]: row["name"] for row in found}
    chosen = asked.get("owner_id")
    if chosen is not None and chosen not in choices:
        choices |= [_named(people.names(visit.rows, [chosen]), chosen)]
    if is_cut:
        choices[me.id] = me.name
    return _by_name(list(choices.items())), is_cut


def _named(names: Mapping[int, str], chosen: int) -> Choice:
    if chosen not in names:
        raise NotFound
    return chosen, names[chosen]


def _by_name(choices: list[Choice]) -> Sequence[Choice]:
    return sorted(choices, key=lambda choice: in_danish_order(choice[1]))
