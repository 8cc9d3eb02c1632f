"""People: found by name or mail, and registered."""

from collections.abc import Sequence

from fastapi import Response

from app.errors import Message
from app.eventlog.log import By
from app.pages.administration.naming import with_unit
from app.pages.administration.searching import cut, next_of, search_of
from app.pages.drawn import drawn
from app.pages.units_by_name import unit_names
from app.people import queries, service
from app.people.forms import NewPerson
from app.people.models import Person
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_register
from app.people.visit import Visit, see_other
from app.units import queries as units

all_people = pages()
SHOWN = 50
WRITE_NAME = Message("Skriv personens navn.")
MAY_BE_EMPTY = ("mail", "phone", "unit_id")


@all_people.get("/administration/people")
def show_people(visit: Visit) -> Response:
    may_register(visit.must_be_signed_in())
    searched, has_left = search_of(visit), visit.query.get("has_left") == "1"
    found, is_more = cut(
        queries.page_by_name(
            visit.session,
            after_id=visit.asked("after"),
            limit=SHOWN + 1,
            has_left=has_left,
            q=searched.q,
        ),
        SHOWN,
    )
    asked = {"q": searched.q, "has_left": 1 if has_left else None}
    return drawn(
        visit,
        "administration/people.html",
        people=found,
        unit_names=_units_of(visit, found),
        q=searched.q,
        has_left=has_left,
        next=next_of(visit, **asked, after=found[-1].key) if is_more else None,
        first=next_of(visit, **asked) if "after" in visit.query else None,
        done=visit.query.get("done", ""),
    )


@all_people.get("/administration/people/new")
def show_new_person(visit: Visit) -> Response:
    may_register(visit.must_be_signed_in())
    return drawn(visit, "administration/person_new.html", names=unit_names(visit).values())


@all_people.post("/administration/people/new")
@stands_on(show_new_person)
def register_person(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    may_register(me)
    typed = with_unit(visit, "unit_id").filled_in(*MAY_BE_EMPTY)
    form = visit.read(NewPerson, typed, name=WRITE_NAME)
    person = service.register(visit.session, form.model_dump(), by=By(me.id), now=visit.now)
    return see_other(f"/administration/people/{person.id}", done="registered")


def _units_of(visit: Visit, found: Sequence[Person]) -> dict[int, str]:
    return units.names(visit.rows, {one.unit_id for one in found if one.unit_id is not None})
