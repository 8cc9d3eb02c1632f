"""Choosing a person in a form: by name or mail, and one of those found where several fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.errors import Fault, Invalid, Message
from app.people import queries as people
from app.people.models import Person
from app.people.typed import Typed
from app.people.visit import Visit
from app.rest.forms import Form
from app.text import folded, unreadable_position

MOST_FOUND = 10
LONGEST = 100
Filled = TypeVar("Filled", bound=Form)


@dataclass(frozen=True)
class Found:
    """`words` are what is looked for, and `people` some of those whom they fit."""

    words: str = ""
    people: Sequence[Person] = ()
    has_more: bool = False


def words_in(text: str) -> str | None:
    """What can be looked for; None where nothing has such a name."""
    text = text.strip()
    return None if len(text) > LONGEST or unreadable_position(text) else text


def found_for(visit: Visit, at: str, name: str) -> Found:
    """What is shown below the field: for what was typed in it, or for what the address says."""
    typed = visit.typed if visit.acted == at else Typed(tuple(visit.query.items()))
    return _found(visit, typed.get(f"{name}_words"))


def read_with(visit: Visit, kind: type[Filled], name: str, /, **say: Message) -> Filled:
    """The form, whose field `name` is the person who was chosen. Invalid where nobody is, or where
    it could be several, together with all else that is wrong."""
    faults: Sequence[Fault] = ()
    try:
        typed = visit.typed.but(**{name: _chosen(visit, name)})
    except Invalid as invalid:
        faults, typed = invalid.faults, visit.typed.but(**{name: ""})
    try:
        form = visit.read(kind, typed, **say)
    except Invalid as invalid:
        others = [one for one in invalid.faults if not (faults and one.pointer == f"/{name}")]
        raise Invalid(*others, *faults) from None
    if faults:
        raise Invalid(*faults)
    return form


def _chosen(visit: Visit, name: str) -> str:
    """The id of the one who was ticked, if they were found for what stands in the field now; else
    of the only one whom it fits."""
    sought = visit.typed.get(f"{name}_words").strip()
    ticked = visit.typed.get(name)
    if ticked and visit.typed.get(f"{name}_found") == sought:
        return ticked
    if not sought:
        return ""
    found = _found(visit, sought)
    named = [one for one in found.people if folded(one.name) == folded(sought)]
    fitting = named if len(named) == 1 else found.people
    if len(fitting) == 1:
        return str(fitting[0].key)
    raise Invalid.at(f"/{name}", _SEVERAL if fitting else _NOBODY)


def _found(visit: Visit, sought: str) -> Found:
    words = words_in(sought)
    if not words:
        return Found(sought)
    found = people.page(visit.session, after_id=0, limit=MOST_FOUND + 1, has_left=False, q=words)
    return Found(words, found[:MOST_FOUND], len(found) > MOST_FOUND)


_SEVERAL = Message("Flere passer på det. Vælg den rigtige herunder.")
_NOBODY = Message("Ingen passer på det. Skriv en del af navnet eller mailadressen.")
