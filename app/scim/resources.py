"""People and groups as SCIM shows them: only what is kept here, so that nothing is promised that
would be thrown away."""

from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    Meta,
    Mutability,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    Uniqueness,
)

from app.scim.models import ScimGroup
from app.scim.queries import Found

WORK = "work"
USERS, GROUPS = "/Users", "/Groups"
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What Entra ID needs: it sends more than is kept here, and changes what is not there yet."""


class Mailbox(ComplexAttribute):
    value: str | None = None
    type: str | None = Field(None, examples=[WORK])


class Telephone(ComplexAttribute):
    value: str | None = None
    type: str | None = Field(None, examples=[WORK])


class User(Resource[Any]):
    """An employee."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    display_name: Annotated[str | None, Required.true] = None
    title: str | None = None
    preferred_language: Annotated[str | None, Required.true] = Field("da", examples=["da", "en"])
    active: Annotated[bool | None, Required.true] = True
    emails: list[Mailbox] | None = None
    phone_numbers: list[Telephone] | None = None


class Membership(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """A group of employees, which may give a role."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    members: list[Membership] | None = None


def user_of(found: Found, *, base: str) -> User:
    person, account = found.person, found.account
    return User(
        id=found.resource_id,
        external_id=account.external_id if account else None,
        meta=Meta(
            resource_type="User",
            created=person.created_at,
            location=f"{base}{USERS}/{found.resource_id}",
            version=found.etag,
        ),
        user_name=found.user_name,
        display_name=person.name,
        title=person.title or None,
        preferred_language=person.locale,
        active=not person.has_left,
        emails=[Mailbox(value=person.mail, type=WORK)] if person.mail else None,
        phone_numbers=[Telephone(value=person.phone, type=WORK)] if person.phone else None,
    )


def group_of(group: ScimGroup, member_ids: list[str] | None, *, base: str) -> Group:
    """With its members, where they are given."""
    return Group(
        id=str(group.key),
        external_id=group.external_id,
        meta=Meta(
            resource_type="Group",
            created=group.created_at,
            location=f"{base}{GROUPS}/{group.key}",
            version=etag_of(group),
        ),
        display_name=group.name,
        members=[
            Membership(value=member, ref=Reference(f"{base}{USERS}/{member}"), type="User")
            for member in member_ids or ()
        ]
        or None,
    )


def etag_of(group: ScimGroup) -> str:
    return f'W/"{group.version}"'
