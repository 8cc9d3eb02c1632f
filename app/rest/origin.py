"""Whether an unsafe request that rides on a cookie was made by our own pages. Pure."""

import hashlib
import hmac
from collections.abc import Mapping

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105 - the name of a header  # nosec B105
TOKEN_FIELD = "csrf"  # noqa: S105 - the name of a field  # nosec B105


def is_ours(
    method: str, headers: Mapping[str, str], *, origin: str, token: str | None, secret: str | None
) -> bool:
    """Browsers say where a form came from, and neither pages nor forms elsewhere can say otherwise:
    `Origin`, and where that is not sent, `Sec-Fetch-Site`. A browser that says neither, or hides
    it, must send the token that our pages carry. A sibling subdomain is somebody else."""
    if method in SAFE:
        return True
    said = headers.get("origin")
    if said is not None and said != "null":
        return said.lower() == origin
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    if token is None or secret is None:
        return False
    return hmac.compare_digest(token.encode(), token_of(secret).encode())


def says_where(headers: Mapping[str, str]) -> bool:
    """Whether the browser tells where the request came from, so that no token is asked for."""
    return headers.get("origin", "null") != "null" or "sec-fetch-site" in headers


def token_of(secret: str) -> str:
    """What a form of ours carries for who holds the cookie; nobody gets the cookie back from it."""
    return hmac.new(secret.encode(), b"our own form", hashlib.sha256).hexdigest()
