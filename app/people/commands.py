"""`gavebord key`: API keys are made, listed and revoked from the machine itself."""

from datetime import timedelta
from typing import Annotated

import typer

from app import clock
from app.errors import Message
from app.eventlog.log import By
from app.people import keys, queries
from app.people.forms import NewKey
from app.people.keys import Scope
from app.terminal import number, ready_database, say

commands = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")


@commands.command("make")
def make_key(
    mail: Annotated[str, typer.Argument(help="The work mail of the person it is for.")],
    label: Annotated[str, typer.Option(help="What it is used for.")] = "API",
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it is good for; read and write if not said.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days until it expires.")] = 365,
) -> None:
    """Make a key. It is shown this once."""
    now = clock.now()
    last = clock.local_day(now + timedelta(days=days))
    scopes = scope or [Scope.READ, Scope.WRITE]
    form = NewKey(mail=mail, label=label, scopes=scopes, expires_on=last)
    with ready_database() as database, database.writing() as session:
        person = queries.named(session, form.mail)
        key, secret = keys.make(
            session,
            person.key,
            label=form.label,
            scopes=form.scopes,
            expires_at=now + timedelta(days=days),
            by=By(),
            now=now,
        )
        made = Message(
            "Nøgle nr. %(id)s til %(name)s, til og med %(day)s. Den vises kun denne ene gang:",
            id=key.id,
            name=person.name,
            day=last,
        )
    say(made)
    typer.echo(secret)


@commands.command("list")
def list_keys() -> None:
    """List the keys: who has them, what for, and when they were last used."""
    with ready_database() as database, database.reading() as session:
        for key, name in queries.keys_with_names(session):
            ends = key.revoked_at or key.expires_at
            used = key.last_used_at
            typer.echo(
                f"{key.id:>5}  {key.start}…  {name}  {key.label}  {key.scopes}"
                f"  {'revoked' if key.revoked_at else 'until'} {ends and ends.date()}"
                f"  used {used.isoformat(timespec='minutes') if used else '-'}"
            )


@commands.command("revoke")
def revoke_key(
    key_id: Annotated[int, number("Its number, from `gavebord key list`.")],
) -> None:
    """End a key at once."""
    with ready_database() as database, database.writing() as session:
        key = keys.revoke(session, key_id, by=By(), now=clock.now())
        revoked = Message(
            "Nøgle nr. %(id)s (%(start)s…) gælder ikke mere.", id=key_id, start=key.start
        )
    say(revoked)
