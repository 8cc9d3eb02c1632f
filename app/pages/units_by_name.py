"""Units that were written by name, from a list that the browser suggests."""

from collections.abc import Collection, Mapping

from app.errors import Fault, Invalid, Message
from app.handovers.models import Ripple
from app.notifications.facts import MOST_AFFECTED
from app.people.typed import Typed
from app.people.visit import Visit
from app.text import digits, folded
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


def units_said(visit: Visit, typed: Typed, part: str) -> Collection[int] | None:
    """The units that will feel it, as far as the form has been filled in; None where it does not
    say, or names a unit that is not there."""
    match typed.get(f"{part}.answer"):
        case Ripple.NONE:
            return ()
        case Ripple.UNITS:
            try:
                chosen = with_units(visit, typed, part).all(f"{part}.{IDS}")
            except Invalid:
                return None
            ids = [unit_id for unit_id in map(digits, chosen) if unit_id is not None]
            return ids[:MOST_AFFECTED] or None
    return None


def no_such_unit(name: str, pointer: str) -> Fault:
    say = Message("Enheden »%(name)s« findes ikke. Vælg den på listen.", name=name[:100])
    return Fault("unknown", say, pointer=pointer)
