"""The municipality's look, as browsers fetch it: two colours in a stylesheet, and a logo."""

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from app.errors import NotFound
from app.logo import Logo, logo_at
from app.settings import Settings

look = APIRouter(include_in_schema=False)

# Whoever opens the logo by itself opens a document of ours: nothing in it may do anything.
_ONLY_A_PICTURE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True)
class Look:
    """What the pages link to. The addresses change with what is behind them."""

    colour: str
    colour_dark: str
    logo: Logo | None

    @cached_property
    def stylesheet(self) -> bytes:
        return f":root {{ --prim: {self.colour}; --prim-dark: {self.colour_dark} }}\n".encode()

    @cached_property
    def stylesheet_url(self) -> str:
        return f"/look.css?v={_digest(self.stylesheet)}"

    @cached_property
    def logo_url(self) -> str | None:
        return None if self.logo is None else f"/logo?v={_digest(self.logo.content)}"


def look_of(settings: Settings) -> Look:
    """Conflict where the logo cannot be used. The file is read once: another logo is shown when
    the product is started again."""
    return _look(settings.colour, settings.colour_dark, settings.logo)


@lru_cache(maxsize=8)
def _look(colour: str, colour_dark: str, logo: Path | None) -> Look:
    return Look(colour, colour_dark, None if logo is None else logo_at(logo))


@look.get("/look.css")
async def stylesheet(request: Request) -> Response:
    shown = _shown(request)
    return _file(request, shown.stylesheet, "text/css; charset=utf-8", policy="default-src 'none'")


@look.get("/logo")
async def logo(request: Request) -> Response:
    shown = _shown(request).logo
    if shown is None:
        raise NotFound
    return _file(request, shown.content, shown.media_type, policy=_ONLY_A_PICTURE)


def _shown(request: Request) -> Look:
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    return look_of(settings)


def _file(request: Request, content: bytes, media_type: str, *, policy: str) -> Response:
    """Kept for good only under its own digest: while several processes get new settings, one may
    be asked for what another has linked to."""
    digest = _digest(content)
    is_asked_for = request.query_params.get("v") == digest
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_asked_for else "no-cache",
        "ETag": f'"{digest}"',
        "Content-Security-Policy": policy,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, media_type)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
