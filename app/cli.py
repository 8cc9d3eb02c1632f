"""The `gavebord` command."""

import socket
from typing import Annotated

import typer
from pydantic import ValidationError

from app import clock
from app.backup.command import backup, restore
from app.db import Database
from app.demo import filling
from app.doctor import examine
from app.errors import AppError, Message
from app.eventlog.log import By
from app.importing.command import imports
from app.migrating import migrate as bring_up_to_date
from app.people import queries as people
from app.people.commands import commands as keys
from app.people.forms import NewPerson
from app.people.service import give_roles, register
from app.people.signed_in import Role
from app.rest.faults import sentence
from app.serving import listen, serve_on
from app.settings import Settings
from app.terminal import ready_database, say

cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
cli.add_typer(imports, name="import")
cli.add_typer(keys, name="key")
cli.command()(backup)
cli.command()(restore)

Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Instead of GAVEBORD_PORT.")]


def main() -> None:
    """What people can do something about is said in a line, without a traceback."""
    try:
        cli()
    except AppError as error:
        say(error.detail or error.title, err=True)
        raise SystemExit(1) from None
    except ValidationError as error:
        for fault in error.errors():
            name = "_".join(str(step) for step in fault["loc"])
            name = f"GAVEBORD_{name.upper()}" if error.title == Settings.__name__ else name
            told = sentence(fault["type"], fault.get("ctx") or {})
            say(Message("%(name)s: %(told)s", name=name, told=told), err=True)
        raise SystemExit(2) from None


@cli.command()
def run(
    port: Port = None,
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty database first.")] = False,
) -> None:
    """The whole product on one machine: migrate, then serve."""
    settings = _settings(port)
    listener = listen(settings)
    _migrate(settings)
    if demo:
        _fill(settings)
    _say_where(listener)
    serve_on(listener, settings)


@cli.command()
def serve(port: Port = None) -> None:
    """Serve from a database that is migrated already."""
    settings = _settings(port)
    with ready_database():
        pass
    listener = listen(settings)
    _say_where(listener)
    serve_on(listener, settings)


@cli.command()
def migrate() -> None:
    """Bring the database to the tables of this version."""
    _migrate(Settings())
    say(Message("Databasen er klar."))


@cli.command()
def demo() -> None:
    """Fill an empty database with the invented Lindborg Kommune."""
    settings = Settings()
    _migrate(settings)
    _fill(settings)


@cli.command()
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


@cli.command()
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


def _settings(port: int | None) -> Settings:
    return Settings() if port is None else Settings(port=port)


def _migrate(settings: Settings) -> None:
    database = Database(settings)
    try:
        bring_up_to_date(database)
    finally:
        database.close()


def _fill(settings: Settings) -> None:
    """Fills an empty database; where the demo is already, its keys are shown again."""
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
        return
    say(Message("  Nøgle, sekretariatet (%(name)s):", name=filling.SECRETARY))
    typer.echo(f"    {known.secretary}")
    say(Message("  Nøgle, enhedsleder (%(name)s):", name=filling.LEADER))
    typer.echo(f"    {known.leader}")


def _say_where(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    where = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    say(Message("Gavebordet er på %(where)s. API'et prøves på %(where)s/api", where=where))
    say(Message("Stop med Ctrl+C."))


if __name__ == "__main__":
    main()
