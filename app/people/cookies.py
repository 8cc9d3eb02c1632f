"""The cookie that a browser is signed in by, for how long, and where the browser found us."""

from datetime import timedelta
from functools import lru_cache

from fastapi import Request, Response

from app.people.sessions import Lifetimes
from app.settings import Settings


def cookie_of(request: Request) -> str | None:
    return cookie(request, name_of(request.app.state.settings))


def cookie(request: Request, name: str) -> str | None:
    """The first of exactly this name. What parses cookies elsewhere takes more for blanks than
    browsers do, and so takes a cookie that anybody may set for one that is kept from them."""
    for part in request.headers.get("cookie", "").split(";"):
        found, _, value = part.strip(" \t").partition("=")
        if found == name:
            return value.strip(" \t")
    return None


def name_of(settings: Settings) -> str:
    """With `__Host-`, browsers keep it only from https, for every path, and from no subdomain."""
    return "__Host-gavebord" if settings.is_secure else "gavebord"


def set_cookie(response: Response, settings: Settings, secret: str) -> None:
    """It is forgotten with the browser; how long it is good for is ours to say."""
    response.set_cookie(
        name_of(settings),
        secret,
        path="/",
        secure=settings.is_secure,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        name_of(settings), path="/", secure=settings.is_secure, httponly=True, samesite="lax"
    )


def origin_of(request: Request) -> str:
    """Our own origin: as it is set, or as this browser calls us where nothing is set."""
    settings: Settings = request.app.state.settings
    if settings.public_url:
        return settings.public_url
    return f"{request.url.scheme}://{request.url.netloc}".lower()


@lru_cache(maxsize=8)
def lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(
        timedelta(hours=settings.session_idle_hours), timedelta(days=settings.session_days)
    )
