"""Units that were written by name, from a list that the browser suggests."""

from collections.abc import Mapping

from app.errors import Fault, Invalid, Message
from app.people.typed import Typed
from app.people.visit import Visit
from app.text import folded
from app.units import queries as units

MOST_UNITS = 2000
NAMES, IDS = "unit_names", "unit_ids"


def unit_names(visit: Visit) -> Mapping[int, str]:
    """The open units by id, as they are suggested."""
    return units.open_ones(visit.session, most=MOST_UNITS)


def with_units(visit: Visit, typed: Typed, part: str = "ripple") -> Typed:
    """What was typed, with the ids of the units that were written by name. Invalid at the field
    where there is no open unit of a name."""
    names = [name.strip() for name in typed.all(f"{part}.{NAMES}") if name.strip()]
    if not names:
        return typed
    by_name = {folded(name): unit_id for unit_id, name in unit_names(visit).items()}
    unknown = [name for name in names if folded(name) not in by_name]
    if unknown:
        raise Invalid(*(no_such_unit(name, f"/{part}/{NAMES}") for name in unknown))
    ids = {*typed.all(f"{part}.{IDS}"), *(str(by_name[folded(name)]) for name in names)}
    return typed.also(f"{part}.{IDS}", sorted(ids))


def no_such_unit(name: str, pointer: str) -> Fault:
    say = Message("Enheden »%(name)s« findes ikke. Vælg den på listen.", name=name[:100])
    return Fault("unknown", say, pointer=pointer)
