"""People over JSON. Everyone signed in may read; the register and roles have their keepers."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from app.people import policy, queries, service
from app.people.call import Changing, Posting, Reading, router
from app.people.forms import NewPerson, PersonChange, RolesForm
from app.people.looks import may_see_looks
from app.people.models import Person
from app.people.schemas import Me, People, PersonLooks, PersonOut, person_json
from app.people.signed_in import may_administer, may_register
from app.rest.bodies import resource
from app.rest.matching import RequiredVersion
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId, QueryId
from app.rest.problems import problems
from app.text import Words

people = router("/people", tag="people")
me = router("/me", tag="people")

_CHANGE = problems(404, 409, 412, 428)


@me.get("", response_model=Me)
def who_am_i(call: Reading) -> Response:
    """The person that the key belongs to."""
    return resource(
        {"id": call.person.id, "name": call.person.name, "roles": sorted(call.person.roles)}
    )


@people.get("", response_model=People)
def list_people(
    call: Reading,
    page: AskedPage,
    unit_id: QueryId = None,
    has_left: bool | None = None,
    q: Annotated[Words | None, Query(description="Part of name or mail.")] = None,
) -> Response:
    """People by id."""
    rows = queries.page(
        call.session,
        after_id=page.after_id,
        limit=page.limit + 1,
        unit_ids=None if unit_id is None else [unit_id],
        has_left=has_left,
        q=q,
    )
    return page_response(page, rows, key=_key, shown=person_json)


@people.post("", status_code=201, response_model=PersonOut, responses=problems(409))
def register_person(call: Posting, form: NewPerson) -> Response:
    """Register an employee."""
    may_register(call.person)
    person = service.register(call.session, form.model_dump(), by=call.by, now=call.now)
    return resource(person_json(person), status=201, location=f"/api/v1/people/{person.id}")


@people.get("/{person_id}", response_model=PersonOut, responses=problems(404))
def read_person(call: Reading, person_id: PathId) -> Response:
    """One person. That somebody looked is kept, without who it was."""
    person = queries.get(call.session, person_id)
    call.looked_at.append(person_id)
    return resource(person_json(person))


@people.get("/{person_id}/looks", response_model=PersonLooks, responses=problems(404))
def list_looks(call: Reading, person_id: PathId, page: AskedPage) -> Response:
    """How often the person was looked at on which days, newest first, and what the lookers were;
    never who. For the person, and for those who read everything."""
    queries.get(call.session, person_id)
    may_see_looks(call.person, person_id)
    before: date | None = None
    match page.keyed(date):
        case (date() as seen_on,):
            before = seen_on
    rows = queries.looks(
        call.session,
        person_id,
        before_on=before,
        limit=page.limit + 1,
    )
    return page_response(page, rows, key=lambda look: (look["seen_on"],), shown=lambda look: look)


@people.patch("/{person_id}", response_model=PersonOut, responses=_CHANGE)
def change_person(
    call: Changing, person_id: PathId, form: PersonChange, version: RequiredVersion
) -> Response:
    """Change the fields that are sent."""
    policy.may_touch(call.session, call.person, person_id)
    person = service.change(
        call.session, person_id, form.said(), version=version, by=call.by, now=call.now
    )
    return _stored(call, person)


@people.put("/{person_id}/roles", response_model=PersonOut, responses=_CHANGE)
def set_roles(
    call: Changing, person_id: PathId, form: RolesForm, version: RequiredVersion
) -> Response:
    """Set the roles a person holds across the municipality."""
    may_administer(call.person)
    person = service.give_roles(
        call.session, person_id, form.roles, version=version, by=call.by, now=call.now
    )
    return _stored(call, person)


@people.post("/{person_id}/departure", response_model=PersonOut, responses=_CHANGE)
def note_departure(call: Posting, person_id: PathId, version: RequiredVersion) -> Response:
    """The person has left: keys and roles end at once."""
    policy.may_touch(call.session, call.person, person_id)
    person = service.leave(call.session, person_id, version=version, by=call.by, now=call.now)
    return _stored(call, person)


@people.post("/{person_id}/return", response_model=PersonOut, responses=_CHANGE)
def note_return(call: Posting, person_id: PathId, version: RequiredVersion) -> Response:
    """The person is back, without the roles they had."""
    may_register(call.person)
    person = service.come_back(call.session, person_id, version=version, by=call.by, now=call.now)
    return _stored(call, person)


@people.post("/{person_id}/pseudonymisation", response_model=PersonOut, responses=_CHANGE)
def pseudonymise_person(call: Posting, person_id: PathId, version: RequiredVersion) -> Response:
    """Remove name, mail and phone of a person who has left. This cannot be undone."""
    may_administer(call.person)
    person = service.pseudonymise(
        call.session, person_id, version=version, by=call.by, now=call.now
    )
    return _stored(call, person)


def _stored(call: Reading, person: Person) -> Response:
    call.session.flush()
    return resource(person_json(person))


def _key(person: Person) -> tuple[int]:
    return (person.key,)
