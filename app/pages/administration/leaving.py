"""A person leaves, comes back, or has their name taken away for good."""

from fastapi import Response

from app.errors import Invalid, Message
from app.eventlog import queries as eventlog
from app.eventlog.log import By
from app.pages.administration.person import HERE, meanwhile, show_person
from app.pages.drawn import drawn
from app.people import policy, queries, service
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_administer, may_register
from app.people.visit import Visit, see_other
from app.text import folded

leaving = pages()


@leaving.post(f"{HERE}/departure")
@stands_on(show_person)
def note_departure(visit: Visit) -> Response:
    me, person_id = visit.must_be_signed_in(), visit.id("person_id")
    policy.may_touch(visit.session, me, person_id)
    service.leave(visit.session, person_id, version=visit.version, by=By(me.id), now=visit.now)
    return see_other(f"/administration/people/{person_id}", done="left")


@leaving.post(f"{HERE}/return")
@stands_on(show_person)
def note_return(visit: Visit) -> Response:
    me, person_id = visit.must_be_signed_in(), visit.id("person_id")
    may_register(me)
    service.come_back(visit.session, person_id, version=visit.version, by=By(me.id), now=visit.now)
    return see_other(f"/administration/people/{person_id}", done="returned")


@leaving.get(f"{HERE}/pseudonymisation")
def show_pseudonymisation(visit: Visit) -> Response:
    """What will be gone, and what stays."""
    person_id = visit.id("person_id")
    may_administer(visit.must_be_signed_in())
    person = queries.get(visit.session, person_id)
    return drawn(
        visit,
        "administration/pseudonymisation.html",
        person=person,
        at=f"/administration/people/{person_id}",
        seen=eventlog.last_about(visit.rows, "person", person_id),
        meanwhile=meanwhile(visit, "person", person_id),
    )


@leaving.post(f"{HERE}/pseudonymisation")
@stands_on(show_pseudonymisation)
def pseudonymise_person(visit: Visit) -> Response:
    """Only where the name was typed that is about to be forgotten."""
    me, person_id = visit.must_be_signed_in(), visit.id("person_id")
    may_administer(me)
    person = queries.get(visit.session, person_id)
    if " ".join(folded(visit.typed.get("name")).split()) != " ".join(folded(person.name).split()):
        say = Message("Skriv navnet, præcis som det står: %(name)s.", name=person.name)
        raise Invalid.at("/name", say, code="another_name")
    service.pseudonymise(
        visit.session, person_id, version=visit.version, by=By(me.id), now=visit.now
    )
    return see_other(f"/administration/people/{person_id}", done="pseudonymised")
