"""Giving a whole file its name, which nothing has until then."""

import errno
import os
from pathlib import Path

from app.gifts.files import sync


def give_name(path: Path, unfinished: Path) -> None:
    """FileExistsError where something has the name. It is on disk afterwards; `unfinished` may
    still be there under its own name too."""
    try:
        os.link(unfinished, path)
    except OSError as error:
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        # A file system where a file has one name only.
        os.rename(unfinished, path)
    sync(path.parent)
