"""A later version of the product: a copy of this one, with one more migration."""

from pathlib import Path
from shutil import copytree, ignore_patterns

from app.revisions import newest_revision
from tests.processes import ROOT

NEXT = f"{int((newest_revision() or '0')[:4]) + 1:04}"

_MIGRATION = '''"""One more."""

import os
import time
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
{body}
'''


def later_version(folder: Path, *body: str, revision: str = NEXT) -> Path:
    """Where it lies: a folder in which `python -m app` is the later version."""
    for part in ("app", "migrations"):  # With what was compiled: that alone takes seconds.
        copytree(ROOT / part, folder / part, ignore=ignore_patterns("vendor"))
    text = _MIGRATION.format(
        revision=revision,
        before=newest_revision(),
        body="\n".join(f"    {line}" for line in body),
    )
    (folder / "migrations" / "versions" / f"{revision}_one_more.py").write_text(text, "utf-8")
    return folder
