"""One visit of a browser to a page: who is signed in, in which language, and what was sent.

Handlers are plain functions, as those of the API. `PageRoute` runs each of them in one hop, and
turns what goes wrong into a page.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.routing import request_response

from app.browsers import STAY_ON_HTTPS
from app.errors import AppError, Message, NotAllowed, NotSignedIn, TooMany
from app.i18n import Locale
from app.people.asking import Asking, Result, change, note, read
from app.people.cookies import cookie_of, lifetimes, origin_of
from app.people.credentials import Shown, Use
from app.people.noted import note_of
from app.people.sessions import Lifetimes
from app.people.signed_in import SignedIn
from app.rest import origin
from app.rest.problems import Unreadable
from app.rest.throttle import Counted, must_be_few, place_of
from app.rows import rows_of
from app.running import settings_of
from app.web import error_page, language_of, page, speak

SIGN_IN = "/sign-in"


@dataclass
class Visit(Asking):
    """`person` is None where nobody is signed in, and is known within a hop. `form` is what was
    sent, `query` what stands in the address, and `told` the headers that the answer gets."""

    form: Mapping[str, str]
    secret: str | None
    person: SignedIn | None = None
    told: dict[str, str] = field(default_factory=dict)

    async def hop(self, work: Callable[["Visit"], Result]) -> Result:
        """Does the work in one transaction, where changes are made."""
        done: Result = await self.state.places.change(partial(change, self, _sign_in, work))
        return done

    @property
    def locale(self) -> Locale:
        return language_of(self.request)

    @property
    def lifetimes(self) -> Lifetimes:
        return lifetimes(self.settings)

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def here(self) -> str:
        """Where a form that changes only how the page looks leads back to."""
        if self.request.method not in origin.SAFE:
            return "/"
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def agent(self) -> str:
        """What the browser calls itself."""
        return self.request.headers.get("user-agent", "")

    @property
    def place(self) -> str:
        """Where the browser is, as far as limits go."""
        return place_of(self._host)

    @property
    def _host(self) -> str:
        """Its address, as far as the proxies that are believed tell."""
        client = self.request.client
        return client.host if client else ""

    @property
    def is_local(self) -> bool:
        """Whether the browser is on the machine itself, and no proxy stands between."""
        headers = self.request.headers
        is_passed_on = any(name in headers for name in ("forwarded", "x-forwarded-for", "via"))
        return self._host in _THIS_MACHINE and not is_passed_on

    @property
    def csrf(self) -> str:
        """What a form carries for browsers that do not say where it comes from."""
        return origin.token_of(self.secret) if self.secret else ""

    def page(self, template: str, *, status: int = 200, **context: object) -> Response:
        targets: tuple[str, ...] = self.state.form_targets
        return page(
            self.settings,
            template,
            locale=self.locale,
            status=status,
            form_targets=targets,
            visit=self,
            here=self.here,
            **context,
        )

    def must_be_signed_in(self) -> SignedIn:
        if self.person is None:
            raise NotSignedIn
        return self.person


def see_other(path: str, **query: str) -> RedirectResponse:
    """On to a page of ours after something was done, so that going back does not do it again."""
    where = f"{path}?{urlencode(query)}" if query else path
    return RedirectResponse(where, 303, headers={"Cache-Control": "no-store"})


Plain = Callable[[Visit], Response]
Handler = Plain | Callable[[Visit], Awaitable[Response]]
Limits = Callable[[Visit], Iterable[Counted]]
Page = TypeVar("Page", bound=Handler)
_limits: dict[Handler, Limits] = {}
_for_machines: set[Handler] = set()


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

        answer.__name__ = endpoint.__name__
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
    form = await _form(request)
    visit = Visit(request, state.clock(), form, cookie_of(request))
    if is_checked and not ours(token=form.get(origin.TOKEN_FIELD), secret=visit.secret):
        raise NotAllowed(_NOT_OURS)
    if endpoint in _limits:
        visit.told |= await state.places.change(partial(_counted, visit, _limits[endpoint]))
    response = await _response(visit, endpoint)
    response.headers.update(visit.told)
    return response


async def _response(visit: Visit, endpoint: Handler) -> Response:
    """Who asks somebody else on the way does it between two hops, and holds no transaction open."""
    if inspect.iscoroutinefunction(endpoint):
        answer: Response = await endpoint(visit)
        return answer
    plain = cast(Plain, endpoint)
    if visit.request.method not in origin.SAFE:
        return await visit.hop(plain)
    response: Response
    response, unnoted = await visit.state.places.read(partial(read, visit, _sign_in, plain))
    if unnoted is not None:
        response.background = BackgroundTask(note, visit, unnoted)
    return response


async def _form(request: Request) -> Mapping[str, str]:
    """Where a field is sent twice, the last one counts; what is not text, is not sent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return {}
    text = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=1000))
    except ValueError as error:
        raise Unreadable(Message("Formularen har for mange felter.")) from error


def _counted(visit: Visit, limits: Limits) -> dict[str, str]:
    with visit.state.database.writing() as session:
        return must_be_few(rows_of(session), limits(visit), now=visit.now)


def _sign_in(visit: Visit) -> Use | None:
    """A cookie that is no good any more is as none: the page says what it asks for."""
    visit.person = None
    if visit.secret is None:
        return None
    try:
        shown = Shown(visit.secret, True, visit.lifetimes)
        visit.person, use = shown.opens(visit.rows, now=visit.now)
    except NotSignedIn as ended:
        visit.request.state.refused_cookie = ended if note_of(ended) else None
        return None
    visit.request.state.person_id = visit.person.id
    speak(visit.request, use.locale)
    return use


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
    page = error_page(settings, error, locale=language_of(request), path=request.url.path)
    if isinstance(error, TooMany):
        page.headers.update(error.headers)
    return page


_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "testclient"})
_NOT_OURS = Message(
    "Formularen kom ikke fra Gavebordets egne sider. Intet er ændret. Gå tilbage, hent siden igen, "
    "og prøv så igen."
)
