"""Why a backup or a restore was refused."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Conflict, Message
from app.unanswered import translated


class NotRestored(Conflict):
    """Nothing has been written."""


class NotAsCopied(Conflict):
    """The database has been written, and nobody knows that it is what was copied."""


class NotBackedUp(Conflict):
    """There is no archive."""


def unreadable(what: str) -> NotRestored:
    return NotRestored(
        Message(
            "Arkivet er ikke en hel sikkerhedskopi, som dette program kan læse (%(what)s). "
            "Intet er skrevet.",
            what=what,
        )
    )


def changed(name: str) -> NotBackedUp:
    return NotBackedUp(
        Message(
            "%(name)s er ikke, hvad den skulle være. Find den i en tidligere sikkerhedskopi.",
            name=name,
        )
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the disk and the database cannot do is said in a line."""
    try:
        with translated():
            yield
    except OSError as error:
        place = error.filename or path
        reason = error.strerror or str(error)
        raise Conflict(Message("%(path)s: %(reason)s", path=place, reason=reason)) from error
    except sqlite3.Error as error:
        raise Conflict(Message("%(path)s: %(reason)s", path=path, reason=error)) from error
