"""Which tables a database has, and which this version needs: without the machinery of migrations,
which only those who migrate have to wait for."""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

FOLDER = Path(__file__).parent.parent / "migrations"
_REVISION = re.compile(r"(?P<number>\d{4})(_since_(?P<since>\d{4}))?")
_WRITTEN = re.compile(r'^revision = "(.+)"$', re.MULTILINE)


def is_current(connection: Connection) -> bool:
    """Whether the database has exactly the tables that this version knows."""
    return revision_of(connection) == newest_revision()


def can_serve(connection: Connection) -> bool:
    """Whether this version works with the tables that are there: its own, or later ones that
    have only been added to."""
    return works_with(revision_of(connection), newest_revision())


def works_with(there: str | None, mine: str | None) -> bool:
    """Migrations are numbered, and add. One that takes something away from older versions names,
    after `_since_`, the oldest whose program still works; later ones repeat it."""
    if there == mine:
        return True
    theirs, own = _REVISION.fullmatch(there or ""), _REVISION.fullmatch(mine or "")
    if theirs is None or own is None:
        return False
    return theirs["number"] > own["number"] >= (theirs["since"] or own["number"])


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables that are there; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    there: str | None = connection.execute(_THERE).scalar_one_or_none()
    return there


def newest_revision() -> str | None:
    """The revision that this version brings a database to."""
    return max(known_revisions(), default=None)


@cache
def known_revisions() -> frozenset[str]:
    """Every revision that this version can bring to its newest. Read once: the folder does not
    change while the program runs."""
    written = (path.read_text("utf-8") for path in (FOLDER / "versions").glob("*.py"))
    return frozenset(found[1] for text in written if (found := _WRITTEN.search(text)))


_THERE = text("SELECT version_num FROM alembic_version")
