"""`gavebord role`: roles across the municipality are given, taken and listed on the machine."""

from collections.abc import Callable

import typer

from app import clock
from app.errors import Conflict, Message
from app.eventlog.log import By
from app.people import queries
from app.people.models import Person
from app.people.service import give_roles
from app.people.signed_in import Role
from app.terminal import Mail, ready_database, say

commands = typer.Typer(no_args_is_help=True, help="Give, take and list roles.")

Roles = set[Role]


@commands.command("give")
def give_role(mail: Mail, role: Role) -> None:
    """Give a person a role. Somebody who has it already keeps it."""
    _set(mail, lambda person, roles: roles | {role})


@commands.command("take")
def take_role(mail: Mail, role: Role) -> None:
    """Take a role from a person, who is signed out everywhere. The last administrator stays."""

    def without(person: Person, roles: Roles) -> Roles:
        if role not in roles:
            raise Conflict(Message("%(name)s har ikke rollen.", name=person.name))
        return roles - {role}

    _set(mail, without)


@commands.command("list")
def list_roles() -> None:
    """List who has a role."""
    with ready_database() as database, database.reading() as session:
        for person in queries.with_roles(session):
            typer.echo(f"{person.mail or '-'}  {person.name}  {person.roles}")


def _set(mail: str, changed: Callable[[Person, Roles], Roles]) -> None:
    with ready_database() as database, database.writing() as session:
        person = queries.named(session, mail)
        roles = changed(person, {Role(role) for role in person.roles.split()})
        give_roles(session, person.key, roles, version=None, by=By(), now=clock.now())
        told = _told(person)
    say(told)


def _told(person: Person) -> Message:
    if not person.roles:
        return Message("%(name)s har nu ingen roller.", name=person.name)
    return Message("%(name)s har nu rollerne: %(roles)s.", name=person.name, roles=person.roles)
