"""What this SCIM server can do, and what it does not."""

from fastapi import Response
from scim2_models import NotFoundException, ResourceType, Schema

from app.errors import Message
from app.people.call import Changing, Reading
from app.scim import discovery
from app.scim.refusals import Refused
from app.scim.route import Sent, router
from app.scim.schemas import answer, base_of, list_answer

scim = router("")


@scim.get("/ServiceProviderConfig")
def read_config(call: Reading) -> Response:
    """What this server can do."""
    return answer(discovery.config(base_of(call.request)))


@scim.get("/ResourceTypes")
def list_resource_types(call: Reading) -> Response:
    """People and groups, and where they are."""
    return list_answer(ResourceType, discovery.resource_types(base_of(call.request)))


@scim.get("/ResourceTypes/{name}")
def read_resource_type(call: Reading, name: str) -> Response:
    """One of them."""
    for known in discovery.resource_types(base_of(call.request)):
        if known.id == name:
            return answer(known)
    raise NotFoundException


@scim.get("/Schemas")
def list_schemas(call: Reading) -> Response:
    """What is kept of people and groups."""
    return list_answer(Schema, discovery.schemas(base_of(call.request)))


@scim.get("/Schemas/{urn}")
def read_schema(call: Reading, urn: str) -> Response:
    """What is kept of one of them."""
    for known in discovery.schemas(base_of(call.request)):
        if str(known.id).lower() == urn.lower():
            return answer(known)
    raise NotFoundException


@scim.post("/.search")
def search_everything(call: Changing, sent: Sent) -> Response:
    """People and groups in one list: not here."""
    raise _NOT_HERE


@scim.post("/Bulk")
def do_many_things(call: Changing, sent: Sent) -> Response:
    """Several requests in one: not here."""
    raise _NOT_HERE


_NOT_HERE = Refused(501, None, Message("Det kan denne server ikke."))
