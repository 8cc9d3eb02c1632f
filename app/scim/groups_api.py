"""Groups over SCIM (RFC 7644), for the organisation's directory."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response
from scim2_models import Context, Path, ResponseParameters

from app.people.call import Changing, Reading, slow_with
from app.rest.bodies import no_content
from app.scim import groups, lists, queries
from app.scim.api import IfMatch
from app.scim.forms import kept_group
from app.scim.groups import MemberChange, Wanted
from app.scim.models import ScimGroup
from app.scim.patches import ids_of, patched_group
from app.scim.resources import GROUPS, POLICY, Group, group_of
from app.scim.route import Sent, router
from app.scim.schemas import answer, base_of, list_answer

scim_groups = router(GROUPS)


@scim_groups.get("")
@slow_with("filter", "sortBy", "startIndex", "count")
def list_groups(call: Reading) -> Response:
    """Groups of the directory."""
    return _listed(call, call.request.query_params)


@scim_groups.post("/.search")
def search_groups(call: Changing, sent: Sent) -> Response:
    """The same, asked for in the body."""
    return _listed(call, sent)


@scim_groups.post("", status_code=201)
def create_group(call: Changing, sent: Sent) -> Response:
    """Make a group, with its members."""
    group = groups.make(call.session, _wanted(sent), by=call.by, now=call.now)
    return _shown(call, group, status=201)


@scim_groups.get("/{group_id}")
def read_group(call: Reading, group_id: str) -> Response:
    """One group, with its members unless they are left out."""
    return _shown(call, queries.group(call.session, group_id))


@scim_groups.put("/{group_id}")
def replace_group(call: Changing, group_id: str, sent: Sent, if_match: IfMatch = None) -> Response:
    """Make a group what is sent, with those members and no other."""
    wanted = _wanted(sent)
    group = groups.change(
        call.session, group_id, lambda _: wanted, if_match=if_match, by=call.by, now=call.now
    )
    return _shown(call, group)


@scim_groups.patch("/{group_id}")
def patch_group(call: Changing, group_id: str, sent: Sent, if_match: IfMatch = None) -> Response:
    """Change the name of a group, or some of its members."""
    base = base_of(call.request)

    def patched(group: ScimGroup) -> Wanted:
        return patched_group(group_of(group, None, base=base), sent)

    group = groups.change(
        call.session, group_id, patched, if_match=if_match, by=call.by, now=call.now
    )
    return _shown(call, group)


@scim_groups.delete("/{group_id}", status_code=204)
def remove_group(call: Changing, group_id: str, if_match: IfMatch = None) -> Response:
    """The group is gone, and with it the roles that it gave."""
    groups.remove(call.session, group_id, if_match=if_match, by=call.by, now=call.now)
    return no_content()


def _wanted(sent: Mapping[str, Any]) -> Wanted:
    members = next((value for name, value in sent.items() if name.lower() == "members"), None)
    plain = {name: value for name, value in sent.items() if name.lower() != "members"}
    group = Group.model_validate(
        plain, scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=POLICY
    )
    change = MemberChange(frozenset(ids_of(members)), is_everyone=True)
    return Wanted(kept_group(group), change)


def _shown(call: Reading, group: ScimGroup, *, status: int = 200) -> Response:
    asked: ResponseParameters[Group] = ResponseParameters[Group].model_validate(
        dict(call.request.query_params), scim_policy=POLICY
    )
    return answer(_with_members(call, [group], asked)[0], status=status, parameters=asked)


def _listed(call: Reading, sent: Mapping[str, Any]) -> Response:
    search = lists.asked(Group, sent)
    listed = lists.page(call.session, Group, search)
    shown = _with_members(call, listed.rows, search)
    return list_answer(Group, shown, total=listed.total, start=listed.start, parameters=search)


def _with_members(call: Reading, found: Any, asked: ResponseParameters[Group]) -> list[Group]:
    """A group may have thousands: they are read only where they are shown."""
    base = base_of(call.request)
    ids = [group.key for group in found] if _shows_members(asked) else []
    members = queries.members(call.session, ids)
    return [group_of(group, members.get(group.key), base=base) for group in found]


def _shows_members(asked: ResponseParameters[Group]) -> bool:
    if asked.attributes:
        return any(_named(path)[0] == "members" for path in asked.attributes)
    return ("members", None) not in map(_named, asked.excluded_attributes or ())


def _named(path: Path[Group]) -> tuple[str, str | None]:
    binding = path.resolve(Group)
    return (binding.field_name, binding.sub_field_name) if binding else ("", None)
