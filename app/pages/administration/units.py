"""Units: those that nobody leads first, then all; and new ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from app.errors import Message
from app.eventlog.log import By
from app.pages.administration.naming import with_unit
from app.pages.administration.searching import cut, next_of, search_of
from app.pages.drawn import drawn, today_of
from app.pages.units_by_name import unit_names
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_register
from app.people.visit import Visit, see_other
from app.units import queries, service
from app.units.forms import NewUnit
from app.units.models import Unit

all_units = pages()
SHOWN, SHOWN_VACANT = 50, 10
WRITE_NAME = Message("Skriv enhedens navn.")


@all_units.get("/administration/units")
def show_units(visit: Visit) -> Response:
    may_register(visit.must_be_signed_in())
    searched, which = search_of(visit), visit.query.get("which", "")
    today, after_id = today_of(visit), visit.asked("after") or 0
    is_first = not (searched.q or which or after_id)
    vacant: Sequence[Unit] = []
    if is_first:
        vacant = queries.page(visit.session, after_id=0, limit=SHOWN_VACANT + 1, is_vacant_on=today)
    vacant, is_more_vacant = cut(vacant, SHOWN_VACANT)
    found, is_more = cut(
        queries.page(
            visit.session,
            after_id=after_id,
            limit=SHOWN + 1,
            is_closed=which == "closed",
            is_vacant_on=today if which == "vacant" else None,
            q=searched.q,
        ),
        SHOWN,
    )
    asked = {"q": searched.q, "which": which}
    return drawn(
        visit,
        "administration/units.html",
        vacant=vacant,
        is_more_vacant=is_more_vacant,
        units=found,
        **_around(visit, [*vacant, *found]),
        q=searched.q,
        which=which,
        next=next_of(visit, **asked, after=found[-1].key) if is_more else None,
        first=next_of(visit, **asked) if after_id else None,
    )


@all_units.get("/administration/units/new")
def show_new_unit(visit: Visit) -> Response:
    may_register(visit.must_be_signed_in())
    return drawn(visit, "administration/unit_new.html", names=unit_names(visit).values())


@all_units.post("/administration/units/new")
@stands_on(show_new_unit)
def register_unit(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    may_register(me)
    typed = with_unit(visit, "parent_id").filled_in("external_id", "parent_id")
    form = visit.read(NewUnit, typed, name=WRITE_NAME)
    unit = service.register(visit.session, form.model_dump(), by=By(me.id), now=visit.now)
    return see_other(f"/administration/units/{unit.id}", done="registered")


def _around(visit: Visit, found: Sequence[Unit]) -> Mapping[str, Any]:
    """The units above, and who sits on the posts."""
    above = {unit.parent_id for unit in found if unit.parent_id is not None}
    after = {unit.successor_id for unit in found if unit.successor_id is not None}
    return {
        "above": queries.names(visit.rows, above | after),
        "seats": queries.seats(visit.session, {unit.key for unit in found}, today=today_of(visit)),
    }
