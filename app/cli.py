"""The `gavebord` command. The others' modules are loaded when they are asked for: nobody waits
for the demo, the importer and the migrations in order to serve."""

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from app.errors import AppError, Message
from app.lazily import loaded
from app.rest.faults import sentence
from app.serving import listen, serve_on
from app.settings import Settings
from app.terminal import Port, ready_database, say, settings_at

_ELSEWHERE = {
    "run": "app.commands:commands",
    "worker": "app.working:commands",
    "migrate": "app.commands:commands",
    "demo": "app.commands:commands",
    "administrator": "app.commands:commands",
    "doctor": "app.commands:commands",
    "backup": "app.backup.command:commands",
    "restore": "app.backup.command:commands",
    "import": "app.importing.command:imports",
    "key": "app.people.commands:commands",
    "role": "app.people.role_commands:commands",
    "post": "app.units.post_commands:commands",
    "member": "app.networks.member_commands:commands",
    "release": "app.signing_in.command:commands",
}


class _Lazily(TyperGroup):
    """Has the commands of `_ELSEWHERE` too: a command out of a group, or the group itself."""

    # Typer keeps its own copy of click, whose types have no public name.
    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *_ELSEWHERE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        group = typer.main.get_group(loaded(_ELSEWHERE[cmd_name]))
        group.name = cmd_name
        return group.commands.get(cmd_name, group)


cli = typer.Typer(
    cls=_Lazily, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
)


@cli.callback()
def gavebord(
    settings: Annotated[
        Path | None,
        typer.Option(
            envvar="GAVEBORD_SETTINGS",
            exists=True,
            dir_okay=False,
            readable=True,
            help="Read the settings from this file, and not from .env.",
        ),
    ] = None,
) -> None:
    """Follows what networks give to units, from the handover until it is part of the day."""
    if settings is not None:
        Settings.model_config["env_file"] = settings


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
def serve(port: Port = None) -> None:
    """Serve from a database that is migrated already."""
    settings = settings_at(port)
    with ready_database():
        pass
    serve_on(listen(settings), settings)
