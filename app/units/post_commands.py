"""`gavebord post`: who leads a unit or stands in, and when, set on the machine itself."""

from typing import Annotated

import typer

from app import clock
from app.errors import Message
from app.eventlog.log import By
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
from app.units import posts, queries
from app.units.models import PostKind

commands = typer.Typer(no_args_is_help=True, help="Fill, end and list the posts of units.")

UnitId = Annotated[int, number("The number of the unit.")]


@commands.command("fill")
def fill_post(
    mail: Mail, unit_id: UnitId, kind: PostKind, first: FirstDay = None, last: LastDay = None
) -> None:
    """Make a person leader of a unit, or substitute: from a day, and to one if it is set."""
    now = clock.now()
    with ready_database() as database, database.writing() as session:
        person = people.named(session, mail)
        post = posts.fill_post(
            session,
            unit_id,
            person_id=person.key,
            kind=kind,
            from_on=day_or_today(first, now=now),
            to_on=day(last),
            by=By(),
            now=now,
        )
        filled = Message("%(name)s har nu post nr. %(id)s.", name=person.name, id=post.id)
    say(filled)


@commands.command("end")
def end_post(
    unit_id: UnitId,
    post_id: Annotated[int, number("Its number, from the list.")],
    last: EndDay = None,
) -> None:
    """Set or move the last day of a post: today, if none is said."""
    now = clock.now()
    to_on = day_or_today(last, now=now)
    with ready_database() as database, database.writing() as session:
        posts.end_post(session, unit_id, post_id, to_on=to_on, by=By(), now=now)
    say(Message("Post nr. %(id)s slutter %(day)s.", id=post_id, day=to_on))


@commands.command("list")
def list_posts(unit_id: UnitId) -> None:
    """List who leads a unit or stands in, also those who did."""
    with ready_database() as database, database.reading() as session:
        queries.get(session, unit_id)
        for post in queries.posts(session, unit_id):
            person = people.get(session, post.person_id)
            typer.echo(
                f"{post.id:>5}  {post.kind}  {person.name}  {post.from_on}  {post.to_on or '-'}"
            )
