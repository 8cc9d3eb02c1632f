"""Roles that come with groups of the directory: given and taken away as people come and go in them.
What was given by hand is left alone."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session

from app.errors import Fault, Invalid, Message
from app.eventlog.log import By
from app.people import service as people
from app.people.models import Person
from app.people.signed_in import Role, one_kind
from app.scim import queries
from app.scim.models import ScimAccount, ScimGroup
from app.settings import Settings
from app.text import folded


def by_group(settings: Settings) -> Mapping[str, Role]:
    """Role by the folded name of a group, or its id in the directory. Invalid where the settings
    name a role that there is none of."""
    unknown = set(settings.roles_by_group.values()) - set(Role)
    if unknown:
        raise Invalid(
            Fault(
                "enum",
                Message(
                    "GAVEBORD_GROUP_ROLES: rollerne er %(expected)s.", expected=", ".join(Role)
                ),
            )
        )
    return {folded(name): Role(role) for name, role in settings.roles_by_group.items()}


def role_of(session: Session, group: ScimGroup) -> Role | None:
    """Its id counts before its name: a name can be given to another group."""
    roles = by_group(session.info["settings"])
    by_id = roles.get(folded(group.external_id)) if group.external_id else None
    return by_id or roles.get(group.name_key or "")


def settle(session: Session, person_ids: Collection[int], *, by: By, now: datetime) -> None:
    """Gives each person the roles of the groups that they are in now, and takes away those that
    came with groups that they are not in any more. Conflict where nobody would be an
    administrator."""
    wanted: dict[int, set[str]] = {}
    for person_id, group in queries.groups_of(session, person_ids):
        if role := role_of(session, group):
            wanted.setdefault(person_id, set()).add(role)
    given = {
        account.person_id: account for account in queries.accounts_with_roles(session, person_ids)
    }
    for person_id in sorted(wanted.keys() | given.keys()):
        person = session.get_one(Person, person_id)
        account = given.get(person_id) or account_for(session, person_id, now=now)
        _settle(session, person, account, wanted.get(person_id, set()), by, now)


def account_for(session: Session, person_id: int, *, now: datetime) -> ScimAccount:
    """The row that a person has here, made if need be."""
    account = queries.account_of(session, person_id)
    if account is None:
        account = ScimAccount(person_id=person_id, created_at=now)
        session.add(account)
    return account


def _settle(
    session: Session,
    person: Person,
    account: ScimAccount,
    wanted: set[str],
    by: By,
    now: datetime,
) -> None:
    if person.has_left:
        account.group_roles = ""
        return
    held, given = set(person.roles.split()), set(account.group_roles.split())
    # A role that somebody gave by hand stays when the group that would have given it goes.
    account.group_roles = " ".join(sorted((wanted & given) | (wanted - held)))
    roles = one_kind({Role(role) for role in (held - (given - wanted)) | wanted})
    people.give_roles(session, person.key, roles, version=None, by=by, now=now)
