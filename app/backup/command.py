"""`gavebord backup` and `gavebord restore`."""

from pathlib import Path
from typing import Annotated

import typer

from app import clock
from app.backup import service
from app.backup.manifest import Manifest
from app.backup.restoring import restore as put_back
from app.errors import Message
from app.revisions import newest_revision
from app.settings import Settings
from app.terminal import say

commands = typer.Typer()


@commands.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The new archive, or a folder to make it in.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only read an archive that is there, to its last byte.")
    ] = False,
) -> None:
    """Write the database and the uploaded files to one archive, while the product runs."""
    if check:
        manifest = service.check(target)
        say(Message("Sikkerhedskopien er hel: %(what)s.", what=_in_words(manifest)))
        return
    made, manifest = service.back_up(Settings(), target, now=clock.now())
    say(Message("%(path)s: %(what)s.", path=made, what=_in_words(manifest)))


@commands.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="An archive that gavebord backup has made.")],
) -> None:
    """Put an archive back into an empty database and data folder."""
    manifest = put_back(Settings(), archive)
    say(
        Message(
            "Lagt tilbage, og alt stemmer med kopien: %(what)s.",
            what=_in_words(manifest),
        )
    )
    if manifest.revision != newest_revision():
        say(Message("Tabellerne er fra en tidligere udgave. Kør gavebord migrate."))


def _in_words(manifest: Manifest) -> Message:
    return Message(
        "%(rows)s rækker i %(tables)s tabeller og %(files)s filer, fra %(made_at)s, "
        "udgave %(version)s, tabeller %(revision)s",
        rows=manifest.rows,
        tables=len(manifest.tables),
        files=len(manifest.files),
        made_at=manifest.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        version=manifest.version,
        revision=manifest.revision,
    )
