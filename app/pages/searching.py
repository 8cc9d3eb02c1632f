"""What somebody searches for on a page, as it stands in the address."""

from dataclasses import dataclass

from app.errors import Invalid
from app.i18n import translate
from app.people.typed import Typed, read_as
from app.people.visit import Visit
from app.rest.forms import Form
from app.text import Words


class _Search(Form):
    q: Words = ""


@dataclass(frozen=True)
class Search:
    """`typed` is what stands in the field; `q` is what to look for. Where there is a `fault`, there
    is nothing to look for."""

    typed: str
    q: str = ""
    fault: str = ""


def search_of(visit: Visit) -> Search:
    typed = visit.query.get("q", "")
    try:
        return Search(typed, read_as(_Search, Typed([("q", typed)])).q)
    except Invalid as invalid:
        return Search(typed, fault=translate(invalid.faults[0].detail, visit.locale))
