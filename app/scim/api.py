"""People over SCIM (RFC 7644), for the organisation's directory."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header, Response
from scim2_models import Context, ResponseParameters

from app.people.call import Changing, Reading, slow_with
from app.rest.bodies import no_content
from app.scim import lists, queries, service
from app.scim.dialects import plain_user
from app.scim.forms import KeptUser, kept
from app.scim.patches import patched_user
from app.scim.queries import Found
from app.scim.resources import POLICY, USERS, User, user_of
from app.scim.route import Sent, router
from app.scim.schemas import answer, base_of, list_answer

IfMatch = Annotated[str | None, Header(alias="If-Match")]

scim_users = router(USERS)


@scim_users.get("")
@slow_with("filter", "sortBy", "startIndex", "count")
def list_users(call: Reading) -> Response:
    """People whom the directory knows."""
    return _listed(call, call.request.query_params)


@scim_users.post("/.search")
def search_users(call: Changing, sent: Sent) -> Response:
    """The same, asked for in the body."""
    return _listed(call, sent)


@scim_users.post("", status_code=201)
def create_user(call: Changing, sent: Sent) -> Response:
    """Register a person, or take one up again."""
    found = service.provision(call.session, kept(_user(sent)), by=call.by, now=call.now)
    return _shown(call, found, status=201)


@scim_users.get("/{user_id}")
def read_user(call: Reading, user_id: str) -> Response:
    """One person."""
    return _shown(call, queries.person(call.session, user_id))


@scim_users.put("/{user_id}")
def replace_user(call: Changing, user_id: str, sent: Sent, if_match: IfMatch = None) -> Response:
    """Make a person what is sent."""
    wanted = kept(_user(sent))
    found = service.change(
        call.session, user_id, lambda _: wanted, if_match=if_match, by=call.by, now=call.now
    )
    return _shown(call, found)


@scim_users.patch("/{user_id}")
def patch_user(call: Changing, user_id: str, sent: Sent, if_match: IfMatch = None) -> Response:
    """Change some of what is kept of a person."""
    base = base_of(call.request)

    def patched(found: Found) -> KeptUser:
        return kept(patched_user(user_of(found, base=base), sent))

    found = service.change(
        call.session, user_id, patched, if_match=if_match, by=call.by, now=call.now
    )
    return _shown(call, found)


@scim_users.delete("/{user_id}", status_code=204)
def remove_user(call: Changing, user_id: str, if_match: IfMatch = None) -> Response:
    """The person leaves, and the directory knows them no more."""
    service.remove(call.session, user_id, if_match=if_match, by=call.by, now=call.now)
    return no_content()


def _user(sent: Mapping[str, Any], context: Context = Context.RESOURCE_CREATION_REQUEST) -> User:
    return User.model_validate(plain_user(sent), scim_ctx=context, scim_policy=POLICY)


def _shown(call: Reading, found: Found, *, status: int = 200) -> Response:
    asked: ResponseParameters[User] = ResponseParameters[User].model_validate(
        dict(call.request.query_params), scim_policy=POLICY
    )
    user = user_of(found, base=base_of(call.request))
    return answer(user, status=status, parameters=asked)


def _listed(call: Reading, sent: Mapping[str, Any]) -> Response:
    search = lists.asked(User, sent)
    listed = lists.page(call.session, User, search)
    base = base_of(call.request)
    users = [user_of(Found(*row), base=base) for row in listed.rows]
    return list_answer(User, users, total=listed.total, start=listed.start, parameters=search)
