"""Pages: the Jinja environment, the two languages in it, and what every page carries."""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import spoken
from app.browsers import page_headers
from app.errors import AppError, Message
from app.i18n import Locale, translate
from app.look import look_of
from app.running import settings_of
from app.settings import Settings

_HERE = Path(__file__).parent
LANGUAGE_COOKIE = "gavebord_language"


def language_of(request: Request) -> Locale:
    """The language that was chosen in this browser, else that of the person who is signed in, as
    far as it is known by now. What the browser itself asks for is no choice: many work in Danish on
    a computer that was set up in English."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen not in {"da", "en"}:
        chosen = getattr(request.state, "locale", None)
    return "en" if chosen == "en" else "da"


def speak(request: Request, locale: Locale | None) -> None:
    """The person who is signed in has chosen this language."""
    request.state.locale = locale


def page(
    settings: Settings,
    template: str,
    *,
    locale: Locale,
    status: int = 200,
    form_targets: tuple[str, ...] = (),
    **context: object,
) -> Response:
    """The page in the language, with the headers that every page has."""
    shown = {
        "settings": settings,
        "look": look_of(settings),
        "visit": None,
        "here": "/",
        "status": status,
        "written": (),
        **context,
    }
    html = rendered(template, locale, **shown)
    headers = page_headers(is_secure=settings.is_secure, form_targets=form_targets)
    headers["Content-Language"] = locale
    return Response(html, status, headers, "text/html; charset=utf-8")


def rendered(template: str, locale: Locale, **context: object) -> str:
    """What the template says in the language."""
    return _environment(locale).get_template(template).render(context)


def error_page(
    settings: Settings,
    error: AppError,
    *,
    locale: Locale,
    path: str = "",
    is_kept: bool = False,
    written: Sequence[str] = (),
    visit: object = None,
) -> Response:
    """What went wrong, what to do, and the way on: to `path`, where there is somebody to sign in,
    and there what they had typed, if it `is_kept`; else what they had `written` is given back. Of a
    `visit` it has the menu, and the name of who is signed in."""
    return page(
        settings,
        "error.html",
        locale=locale,
        status=error.status,
        leads_to=error.leads_to,
        title=translate(error.title, locale),
        detail=translate(error.detail, locale) if error.detail else "",
        path=path,
        is_kept=is_kept,
        written=() if is_kept else written,
        visit=visit,
        here="" if visit else "/",
    )


def written_in(request: Request) -> Sequence[str]:
    """What somebody had written in the form of ours that was sent."""
    written: Sequence[str] = getattr(request.state, "written", ())
    return written


def form_targets(settings: Settings) -> tuple[str, ...]:
    """Where a form of ours may lead on to: browsers hold also what answers it to that."""
    if not settings.oidc_issuer:
        return ()
    issuer = urlsplit(settings.oidc_issuer)
    return (f"{issuer.scheme}://{issuer.netloc}",)


Told = Callable[[Request, Exception], Awaitable[Response]]


def shown_to_people(told: Told) -> Told:
    """Those who asked for a page are told what went wrong on a page, and others as JSON."""

    async def shown(request: Request, error: Exception) -> Response:
        if not _is_for_a_person(request):
            return await told(request, error)
        settings, locale = settings_of(request.app.state), language_of(request)
        problem = await told(_asking_in(locale, request), error)
        said = orjson.loads(problem.body)
        refusal = page(
            settings,
            "error.html",
            locale=locale,
            status=problem.status_code,
            title=said["title"],
            detail=said.get("detail", ""),
            path=request.url.path,
            leads_to="",
            is_kept=False,
            written=written_in(request),
        )
        for name in ("Allow", "Retry-After"):
            if name in problem.headers:
                refusal.headers[name] = problem.headers[name]
        return refusal

    return shown


def _asking_in(locale: Locale, request: Request) -> Request:
    """What went wrong is said in the language of the page around it, not of the browser."""
    others = [header for header in request.scope["headers"] if header[0] != b"accept-language"]
    headers = [*others, (b"accept-language", locale.encode())]
    return Request({**request.scope, "headers": headers}, request.receive)


def _is_for_a_person(request: Request) -> bool:
    path, accepted = request.url.path, request.headers.get("accept", "")
    return "text/html" in accepted and not path.startswith(_FOR_MACHINES)


_FOR_MACHINES = ("/api/", "/scim/", "/health/", "/static/")


@cache
def _environment(locale: Locale) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def translated(text: str, **values: object) -> str:
        """Markup in the sentence is ours; what is put into it is not."""
        escaped = {name: Markup.escape(value) for name, value in values.items()}
        return Markup(translate(Message(text, **escaped), locale))  # noqa: S704  # nosec B704

    environment.filters["markup"] = lambda text, *values: Markup(text) % values  # noqa: S704  # nosec B704
    environment.globals |= {
        "_": translated,
        "say": lambda message: translate(message, locale),
        "once": lambda: secrets.token_urlsafe(12),
        "moment": partial(spoken.moment, locale),
        "day": partial(spoken.day, locale),
        "short_day": partial(spoken.short_day, locale),
        "span": partial(spoken.span, locale),
        "size": partial(spoken.size, locale),
        "amount": partial(spoken.amount, locale),
        "locale": locale,
        "asset": _asset,
    }
    return environment


def _asset(name: str) -> str:
    """The address of a file that is fetched at set-up: `dkfds/dkfds.min.css`."""
    package, _, file = name.partition("/")
    return f"/static/vendor/{_folders()[package]}/{file}"


@cache
def _folders() -> Mapping[str, Any]:
    folders: Mapping[str, Any] = json.loads(
        (_HERE / "static" / "vendor" / "manifest.json").read_text("utf-8")
    )
    return folders
