"""The commands that get the product ready, and look after it: not needed while it serves."""

from typing import Annotated

import typer

from app import clock
from app.db import Database
from app.demo import filling
from app.doctor import examine
from app.errors import Message
from app.eventlog.log import By
from app.migrating import migrate as bring_up_to_date
from app.people import queries as people
from app.people.forms import NewPerson
from app.people.service import give_roles, register
from app.people.signed_in import Role
from app.serving import listen, on_one_machine, serve_on
from app.settings import Settings
from app.terminal import Port, ready_database, say, settings_at

commands = typer.Typer()


@commands.command()
def run(
    port: Port = None,
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty database first.")] = False,
) -> None:
    """The whole product on one machine: migrate, then serve."""
    settings = on_one_machine(settings_at(port))
    listener = listen(settings)
    _migrate(settings)
    if demo:
        is_demo = _fill(settings)
        settings = settings.model_copy(update={"demo_sign_in": is_demo})
    serve_on(listener, settings, is_whole=True)


@commands.command()
def migrate() -> None:
    """Bring the database to the tables of this version."""
    _migrate(Settings())
    say(Message("Databasen er klar."))


@commands.command()
def demo() -> None:
    """Fill an empty database with the invented Lindborg Kommune."""
    settings = Settings()
    _migrate(settings)
    _fill(settings)


@commands.command()
def administrator(
    mail: Annotated[str, typer.Argument(help="Work mail.")],
    name: Annotated[str | None, typer.Option(help="For a person who is not there yet.")] = None,
) -> None:
    """Make a person an administrator: how the first one comes to be."""
    now = clock.now()
    with ready_database() as database, database.writing() as session:
        person = people.by_mail(session, mail)
        if person is None:
            form = NewPerson(name=name or mail, mail=mail)
            person = register(session, form.model_dump(), by=By(), now=now)
        roles = {Role(role) for role in person.roles.split()} | {Role.ADMINISTRATOR}
        give_roles(session, person.key, roles, version=None, by=By(), now=now)
        made = Message("%(name)s er administrator.", name=person.name)
    say(made)


@commands.command()
def doctor() -> None:
    """Say what is wrong, and how to mend it."""
    is_well = True
    for finding in examine(Settings()):
        if finding.trouble is None or finding.remedy is None:
            say(Message("  godt      %(subject)s", subject=finding.subject))
            continue
        is_well = False
        say(Message("  galt      %(subject)s", subject=finding.subject))
        say(Message("            %(trouble)s", trouble=finding.trouble))
        say(Message("            %(remedy)s", remedy=finding.remedy))
    if not is_well:
        raise typer.Exit(1)


def _migrate(settings: Settings) -> None:
    database = Database(settings)
    try:
        bring_up_to_date(database)
    finally:
        database.close()


def _fill(settings: Settings) -> bool:
    """Fills an empty database; where the demo is already, its keys are shown again. Whether this is
    the demo, and not somebody's own data."""
    now = clock.now()
    database = Database(settings)
    try:
        if filling.is_empty(database):
            say(Message("Lægger Lindborg Kommune ind …"))
            filling.fill(database, data_dir=settings.data_dir, now=now)
        known = filling.remembered(database, data_dir=settings.data_dir, now=now)
    finally:
        database.close()
    if known is None:
        say(Message("Databasen har sine egne data. Lav en nøgle med gavebord key make."))
        return False
    say(Message("  Nøgle, sekretariatet (%(name)s):", name=filling.SECRETARY))
    typer.echo(f"    {known.secretary}")
    say(Message("  Nøgle, enhedsleder (%(name)s):", name=filling.LEADER))
    typer.echo(f"    {known.leader}")
    return True
