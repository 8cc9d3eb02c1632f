"""Where somebody goes once they are signed in: only to pages of ours. Pure."""

import re

HOME = "/"
_LOCAL = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def safe_path(wanted: str | None) -> str:
    """The path and query, where it is one of ours; else the front page. What a browser could read
    as another host, or as more than an address, is not ours."""
    if wanted is None or len(wanted) > 2000 or not _LOCAL.fullmatch(wanted):
        return HOME
    return wanted
