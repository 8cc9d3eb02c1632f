"""`gavebord release`: a person's account at the identity provider is forgotten."""

from typing import Annotated

import typer

from app import clock
from app.errors import Message
from app.eventlog.log import By
from app.people import queries
from app.signing_in import who
from app.terminal import ready_database, say

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def single_sign_on() -> None:
    """Without this, Typer would make a command of the only one."""


@commands.command()
def release(mail: Annotated[str, typer.Argument(help="The person's work mail.")]) -> None:
    """Forget a person's account at the identity provider. The next sign-in goes by their mail."""
    with ready_database() as database, database.writing() as session:
        person = queries.named(session, mail)
        who.release(session, person.key, by=By(), now=clock.now())
        released = Message("Næste gang kendes %(name)s på sin mailadresse.", name=person.name)
    say(released)
