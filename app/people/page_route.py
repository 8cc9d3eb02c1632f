"""The routes of pages: who may send them what, and how what goes wrong is told on a page.

Handlers are plain functions, as those of the API. Each runs in one hop. A form that is refused is
drawn again on the page that it stands on, with what was typed in it.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.routing import request_response

from app.browsers import STAY_ON_HTTPS
from app.clock import local_day
from app.errors import (
    AppError,
    Conflict,
    Invalid,
    Message,
    NotAllowed,
    NotSignedIn,
    OnWhoseBehalf,
    Stale,
    TooMany,
)
from app.people import file_forms, kept_forms
from app.people.asking import note, note_looks, read
from app.people.cookies import cookie_of, origin_of
from app.people.noted import note_of
from app.people.typed import Typed
from app.people.visit import Visit, see_other, sign_in
from app.rest import idempotency, origin
from app.rest.throttle import Counted, must_be_few
from app.rows import rows_of
from app.running import settings_of
from app.web import error_page, language_of, written_in

SIGN_IN = "/sign-in"
KEPT = "kept"
"""In the address of a page on which there is a form that was kept."""
DRAWN_FOR = "drawn_for"
"""The field that says who was signed in when the form was drawn."""
ONCE = "once"
"""The field that makes pressing a button twice the same as once."""

Plain = Callable[[Visit], Response]
Handler = Plain | Callable[[Visit], Awaitable[Response]]
Limits = Callable[[Visit], Iterable[Counted]]
Page = TypeVar("Page", bound=Handler)
_limits: dict[Handler, Limits] = {}
_for_machines: set[Handler] = set()
_stands_on: dict[Handler, Plain] = {}
_addresses: dict[Handler, str] = {}


def limited(limits: Limits) -> Callable[[Page], Page]:
    """Counts each time that it is asked for, also when it is refused."""

    def told(endpoint: Page) -> Page:
        _limits[endpoint] = limits
        return endpoint

    return told


def for_machines(endpoint: Page) -> Page:
    """Not sent by a form of ours: what is sent must speak for itself."""
    _for_machines.add(endpoint)
    return endpoint


def stands_on(show: Plain) -> Callable[[Page], Page]:
    """Draws the page again, on which the form stands, when what was sent is refused."""

    def told(endpoint: Page) -> Page:
        _stands_on[endpoint] = show
        return endpoint

    return told


class PageRoute(APIRoute):
    def __init__(self, path: str, endpoint: Handler, **options: Any) -> None:
        async def answer(request: Request) -> Response:
            try:
                response = await _answer(endpoint, request)
            except AppError as error:
                response = _refused(request, error)
                if isinstance(error, NotAllowed) or note_of(error):
                    _also(response, request.app.state.refusals.note, request, error, self.name)
            if cookie := getattr(request.state, "refused_cookie", None):
                _also(response, request.app.state.refusals.note, request, cookie, self.name)
            if request.app.state.settings.is_secure:
                response.headers["Strict-Transport-Security"] = STAY_ON_HTTPS
            return response

        _addresses[endpoint] = path
        answer.__name__ = endpoint.__name__
        if options.get("methods") == ["GET"]:
            # What looks at the links in mails asks so first.
            options["methods"] = ["GET", "HEAD"]
        super().__init__(path, answer, **options)
        self.app = request_response(answer)


def pages() -> APIRouter:
    """A router whose handlers take a visit; it is no part of the API's description."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)


async def _answer(endpoint: Handler, request: Request) -> Response:
    """A form that comes from elsewhere is refused before it is read."""
    state = request.app.state
    is_checked = endpoint not in _for_machines
    ours = partial(origin.is_ours, request.method, request.headers, origin=origin_of(request))
    if is_checked and origin.says_where(request.headers) and not ours(token=None, secret=None):
        raise NotAllowed(_NOT_OURS)

    def must_be_ours(visit: Visit) -> None:
        token = visit.typed.get(origin.TOKEN_FIELD) or None
        if is_checked and not ours(token=token, secret=visit.secret):
            raise NotAllowed(_NOT_OURS)
        request.state.written = visit.typed.prose

    visit = Visit(request, state.clock(), Typed(), cookie_of(request))
    request.state.visit = visit
    with ExitStack() as until_answered:
        try:
            if file_forms.is_with_file(endpoint):
                await file_forms.receive(visit, endpoint, must_be_ours, until_answered)
            else:
                visit.typed = await _typed(request)
                must_be_ours(visit)
            if endpoint in _limits:
                visit.told |= await state.places.change(partial(_counted, visit, _limits[endpoint]))
            response = await _response(visit, endpoint)
        except (Invalid, Stale, Conflict, NotSignedIn, OnWhoseBehalf) as error:
            response = await _drawn_again(visit, endpoint, error)
    response.headers.update(visit.told)
    return response


async def _response(visit: Visit, endpoint: Handler) -> Response:
    """Who asks somebody else on the way does it between two hops, and holds no transaction open."""
    if inspect.iscoroutinefunction(endpoint):
        answer: Response = await endpoint(visit)
        return answer
    plain = cast(Plain, endpoint)
    if visit.request.method not in origin.SAFE:
        return await visit.hop(partial(_theirs, partial(_once, plain)))
    return await _shown(visit, plain)


async def _shown(visit: Visit, show: Plain) -> Response:
    response: Response
    show = partial(_with_what_was_kept, show)
    response, unnoted = await visit.state.places.read(partial(read, visit, sign_in, show))
    if unnoted is not None:
        response.background = BackgroundTask(note, visit, unnoted)
    if visit.person is not None and visit.looked_at:
        visit.state.looks.add(visit.person, visit.looked_at, on=local_day(visit.now))
        _also(response, note_looks, visit)
    return response


def _with_what_was_kept(show: Plain, visit: Visit) -> Response:
    if visit.person is not None and KEPT in visit.query and not visit.acted:
        kept = kept_forms.find(visit.rows, visit.person.id, visit.path, now=visit.now)
        if kept is not None:
            visit.acted, visit.typed, visit.is_kept = kept.action, Typed(kept.fields), True
    return show(visit)


def _theirs(change: Plain, visit: Visit) -> Response:
    """Nobody sends in their own name what was begun in the name of another."""
    drawn_for = visit.typed.get(DRAWN_FOR)
    if visit.person is not None and drawn_for not in ("", str(visit.person.id)):
        raise Conflict(Message(_OF_ANOTHER.text, name=visit.person.name))
    return change(visit)


def _once(change: Plain, visit: Visit) -> Response:
    """Pressed twice is pressed once: the second press gets the first one's answer. Who goes back
    and writes something else, or chooses another file, says something else."""
    if visit.person is None or not visit.typed.get(ONCE):
        return change(visit)
    person_id, roles = visit.person.id, visit.person.roles
    key = f"form:{visit.typed.digest}"
    if visit.file is not None:
        key = f"{key}:{visit.file.digest}"
    told = idempotency.replay(
        visit.session,
        person_id,
        key,
        roles=roles,
        request=f"{visit.request.method} {quote(visit.path)}",
        digest="",
        now=visit.now,
        keep_days=visit.settings.idempotency_days,
    )
    if told is not None:
        return told
    response = change(visit)
    visit.session.flush()
    idempotency.keep(visit.rows, person_id, key, response, roles=roles)
    kept_forms.forget(visit.rows, person_id, visit.path)
    return response


async def _drawn_again(visit: Visit, endpoint: Handler, error: AppError) -> Response:
    """The page that the form stands on, with what was typed in it and what is wrong with it."""
    show = _stands_on.get(endpoint)
    if show is None:
        raise error
    if isinstance(error, NotSignedIn):
        visit.request.state.stands_on = _addresses[show].format(**visit.request.path_params)
        await visit.hop(partial(_keep, visit.request.state.stands_on))
        raise error
    visit.refusal, visit.acted = error, visit.path
    visit.stands_on = _addresses[show].format(**visit.request.path_params)
    return await _shown(visit, show)


def _keep(page: str, visit: Visit) -> None:
    """What was typed survives signing in again; where it can be found then, the refusal says."""
    if visit.secret is None or not visit.typed.fields:
        return
    if kept_forms.keep(
        visit.rows,
        visit.secret,
        page=page,
        action=visit.path,
        fields=visit.typed.fields,
        drawn_for=visit.typed.get(DRAWN_FOR),
        now=visit.now,
    ):
        visit.request.state.kept_on = page


async def _typed(request: Request) -> Typed:
    """What is not sent as the text of a form is not what a form of ours sends."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return Typed()
    return Typed.of(await request.body())


def _counted(visit: Visit, limits: Limits) -> dict[str, str]:
    with visit.state.database.writing() as session:
        return must_be_few(rows_of(session), limits(visit), now=visit.now)


def _also(response: Response, work: Callable[..., Any], *values: object) -> None:
    """After the answer, and after what else is done then."""
    tasks = BackgroundTasks([response.background] if response.background else None)
    tasks.add_task(work, *values)
    response.background = tasks


def _refused(request: Request, error: AppError) -> Response:
    """Who is not signed in is shown the way, and comes back to where they were."""
    if isinstance(error, NotSignedIn) and request.method in origin.SAFE:
        query = f"?{request.url.query}" if request.url.query else ""
        return see_other(SIGN_IN, back_to=f"{request.url.path}{query}")
    settings = settings_of(request.app.state)
    kept_on = getattr(request.state, "kept_on", None)
    stands_on = getattr(request.state, "stands_on", request.url.path)
    visit = getattr(request.state, "visit", None)
    page = error_page(
        settings,
        error,
        locale=language_of(request),
        path=f"{kept_on}?{KEPT}=1" if kept_on else stands_on,
        is_kept=kept_on is not None,
        written=written_in(request),
        visit=visit if visit and visit.person else None,
    )
    if isinstance(error, TooMany):
        page.headers.update(error.headers)
    return page


_OF_ANOTHER = Message(
    "Siden blev åbnet af en anden, og nu er %(name)s logget ind. Intet er sendt. Se det igennem, "
    "og send det kun, hvis det er dit."
)
_NOT_OURS = Message(
    "Formularen kom ikke fra Gavebordets egne sider. Intet er ændret. Gå tilbage, hent siden igen, "
    "og prøv så igen."
)
