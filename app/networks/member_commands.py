"""`gavebord member`: who is what in a network, from a day to a day, set on the machine itself."""

from typing import Annotated

import typer

from app import clock
from app.errors import Message
from app.networks import queries, service
from app.networks.models import NetworkRole
from app.people import queries as people
from app.terminal import (
    EndDay,
    FirstDay,
    LastDay,
    Mail,
    day,
    day_or_today,
    number,
    ready_database,
    say,
)

commands = typer.Typer(no_args_is_help=True, help="Let people into networks, end it, and list it.")

NetworkId = Annotated[int, number("The number of the network.")]


@commands.command("join")
def join(
    mail: Mail,
    network_id: NetworkId,
    role: NetworkRole,
    first: FirstDay = None,
    last: LastDay = None,
) -> None:
    """Give a person a role in a network: from a day, and to one if it is set."""
    now = clock.now()
    with ready_database() as database, database.writing() as session:
        person = people.named(session, mail)
        member = service.join(
            session,
            None,
            network_id,
            member_id=person.key,
            role=role,
            from_on=day_or_today(first, now=now),
            to_on=day(last),
            now=now,
        )
        joined = Message("%(name)s er nu medlem nr. %(id)s.", name=person.name, id=member.id)
    say(joined)


@commands.command("end")
def end(
    network_id: NetworkId,
    member_id: Annotated[int, number("Its number, from the list.")],
    last: EndDay = None,
) -> None:
    """Set or move the last day of a role in a network: today, if none is said."""
    now = clock.now()
    to_on = day_or_today(last, now=now)
    with ready_database() as database, database.writing() as session:
        service.end_membership(session, None, network_id, member_id, to_on=to_on, now=now)
    say(Message("Medlem nr. %(id)s slutter %(day)s.", id=member_id, day=to_on))


@commands.command("list")
def list_members(network_id: NetworkId) -> None:
    """List who is what in a network, also those who were."""
    with ready_database() as database, database.reading() as session:
        queries.get(session, network_id)
        for member, name in queries.members(session, network_id):
            typer.echo(
                f"{member.id:>5}  {member.role}  {name}  {member.from_on}  {member.to_on or '-'}"
            )
