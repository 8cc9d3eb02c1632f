"""Where somebody goes once they are signed in: only to pages of ours. Pure."""

import unicodedata

HOME = "/"
_LONGEST = 2000


def safe_path(wanted: str | None) -> str:
    """The path and query where they lead nowhere but here; else the front page."""
    path = wanted or HOME
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path
    # A browser drops tabs and line breaks before it reads an address: "/\t/host" is "//host".
    is_plain = not any(unicodedata.category(sign)[0] in "CZ" for sign in path)
    return path if is_local and is_plain and len(path) <= _LONGEST else HOME
