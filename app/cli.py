"""The `gavebord` command."""

import typer

cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    cli()
