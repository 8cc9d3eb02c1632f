"""Lists that are searched: what was asked for stands in the address, and each page leads on."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from app.errors import Invalid
from app.people.typed import Typed
from app.people.visit import Visit
from app.rest.forms import Form
from app.text import Day, Words

Row = TypeVar("Row")


class Search(Form):
    q: Words = ""
    from_on: Day | None = None


def search_of(visit: Visit) -> Search:
    """What is searched for. Where it cannot be, that is said at the field, and all is shown."""
    typed = Typed(list(visit.query.items()))
    try:
        return visit.read(Search, typed)
    except Invalid as refusal:
        visit.refusal, visit.acted, visit.typed = refusal, visit.path, typed
        return Search()


def cut(rows: Sequence[Row], most: int) -> tuple[Sequence[Row], bool]:
    """No more than `most`, and whether there are more."""
    return rows[:most], len(rows) > most


def next_of(visit: Visit, **asked: Any) -> str:
    """The address of the page after this one; what is nothing is not in it."""
    said = {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in asked.items()
        if value not in (None, "", False)
    }
    return f"{visit.path}?{urlencode(said)}"
