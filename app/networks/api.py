"""Networks over JSON. Everyone signed in may read; the secretariat registers."""

from typing import Annotated

from fastapi import Query, Response

from app.networks import queries, service
from app.networks.forms import MemberEnding, NetworkChange, NewMember, NewNetwork
from app.networks.models import Member, NetworkKind
from app.networks.schemas import (
    MemberOut,
    Members,
    NetworkOut,
    Networks,
    member_json,
    network_json,
)
from app.people import queries as people
from app.people.call import Changing, Posting, Reading, router
from app.people.signed_in import must_be_secretariat
from app.rest.bodies import resource
from app.rest.matching import RequiredVersion
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId, QueryId
from app.rest.problems import problems
from app.text import Words

networks = router("/networks", tag="networks")


@networks.get("", response_model=Networks)
def list_networks(
    call: Reading,
    page: AskedPage,
    kind: NetworkKind | None = None,
    person_id: Annotated[QueryId, Query(description="Networks this person is or was in.")] = None,
    is_running: Annotated[bool, Query(description="Only those that run today.")] = False,
    q: Annotated[Words | None, Query(description="In name or question.")] = None,
) -> Response:
    """Networks by id."""
    rows = queries.page(
        call.session,
        after_id=page.after_id,
        limit=page.limit + 1,
        kind=kind,
        person_id=person_id,
        running_on=call.today if is_running else None,
        q=q,
    )
    return page_response(page, rows, key=lambda row: (row.key,), shown=network_json)


@networks.post("", status_code=201, response_model=NetworkOut)
def register_network(call: Posting, form: NewNetwork) -> Response:
    """Register a network."""
    must_be_secretariat(call.person)
    network = service.register(call.session, form.model_dump(), by=call.by, now=call.now)
    location = f"/api/v1/networks/{network.id}"
    return resource(network_json(network), status=201, location=location)


@networks.get("/{network_id}", response_model=NetworkOut, responses=problems(404))
def read_network(call: Reading, network_id: PathId) -> Response:
    """One network."""
    return resource(network_json(queries.get(call.session, network_id)))


@networks.patch("/{network_id}", response_model=NetworkOut, responses=problems(404, 412, 428))
def change_network(
    call: Changing, network_id: PathId, form: NetworkChange, version: RequiredVersion
) -> Response:
    """Change the fields that are sent."""
    network = service.change(
        call.session, call.person, network_id, form.said(), version=version, now=call.now
    )
    return resource(network_json(network))


@networks.get("/{network_id}/members", response_model=Members, responses=problems(404))
def list_members(call: Reading, network_id: PathId) -> Response:
    """Members past and present, in the order they came."""
    queries.get(call.session, network_id)
    rows = queries.members(call.session, network_id)
    return resource({"items": [member_json(member, name) for member, name in rows]})


@networks.post(
    "/{network_id}/members",
    status_code=201,
    response_model=MemberOut,
    responses=problems(404, 409),
)
def add_member(call: Posting, network_id: PathId, form: NewMember) -> Response:
    """Give a person a role in the network."""
    member = service.join(
        call.session,
        call.person,
        network_id,
        member_id=form.person_id,
        role=form.role,
        from_on=form.from_on or call.today,
        to_on=form.to_on,
        now=call.now,
    )
    return _member(call, member, status=201)


@networks.post(
    "/{network_id}/members/{member_id}/ending",
    response_model=MemberOut,
    responses=problems(404, 409),
)
def end_membership(
    call: Posting, network_id: PathId, member_id: PathId, form: MemberEnding
) -> Response:
    """Set the last day of a role in the network."""
    member = service.end_membership(
        call.session,
        call.person,
        network_id,
        member_id,
        to_on=form.to_on or call.today,
        now=call.now,
    )
    return _member(call, member, status=200)


def _member(call: Posting, member: Member, *, status: int) -> Response:
    name = people.names(call.rows, [member.person_id])[member.person_id]
    location = f"/api/v1/networks/{member.network_id}/members"
    return resource(member_json(member, name), status=status, location=location)
