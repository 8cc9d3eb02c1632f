"""One request as the domain sees it: who asks, when, and the open transaction.

Handlers are plain functions. `CallRoute` runs each of them, with its key check, its transaction
and its Idempotency-Key, in one hop. Nothing else in a request touches the database, but for the
key of who sends a large body, or what cannot be right.
"""

import functools
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.background import BackgroundTask
from starlette.routing import request_response

from app.clock import local_day
from app.errors import AppError, Invalid, MatchRequired, Message, NotAllowed
from app.eventlog.log import By
from app.people import keys
from app.people.asking import Asking, Result, change, note, note_looks, read
from app.people.bearer import SAFE, Bearer, bearer
from app.people.credentials import Shown, Use
from app.people.key_limits import ShareNeeded
from app.people.noted import note_of
from app.people.signed_in import Role, SignedIn, may_change
from app.rest import idempotency
from app.rest.parameters import Parameters
from app.rest.places import Places
from app.rest.problems import problem_response, problems


@dataclass
class Call(Asking):
    """`person` is there when the handler runs. It says in `looked_at` whose data it shows for their
    own sake: one person, or everybody in an export; and in `said_again` what is answered the next
    time to the same Idempotency-Key, where that is not the same."""

    shown: Shown
    idempotency_key: str | None = None
    person: SignedIn = field(init=False)
    looked_at: list[int] = field(default_factory=list)
    said_again: Response | None = None

    @cached_property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def by(self) -> By:
        return By(self.person.id)


async def reading(request: Request, shown: Bearer) -> Call:
    return Call(request, request.app.state.clock(), shown)


async def posting(
    request: Request,
    shown: Bearer,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            pattern=r"^[\x21-\x7e]+$",
            description="Any text of your own. The same key and body again gives the same answer"
            " and no second effect.",
            examples=["0b5e1f1c-6d2f-4c86-9a3e-0f5a3b1f2f11"],
        ),
    ] = None,
) -> Call:
    return Call(request, request.app.state.clock(), shown, idempotency_key)


Reading = Annotated[Call, Depends(reading)]
Changing = Annotated[Call, Depends(reading)]
Posting = Annotated[Call, Depends(posting)]

Handler = Callable[..., Response]
_WRONGLY_SENT = (RequestValidationError, Invalid, MatchRequired, HTTPException)


class CallRoute(APIRoute):
    """FastAPI documents the route; what it asks for is worked out by `Parameters`. The key must be
    good for `to_read` where it only reads, and for `to_change` where it changes something. Refusals
    that are `noted` are told of in the log, like those that always are."""

    to_read: ClassVar[keys.Scope] = keys.Scope.READ
    to_change: ClassVar[keys.Scope] = keys.Scope.WRITE
    refuses_unknown: ClassVar[bool] = True
    noted: ClassVar[type[AppError]] = NotAllowed

    def __init__(self, path: str, endpoint: Handler, **options: Any) -> None:
        super().__init__(path, _in_one_hop(endpoint, self.to_read, self.to_change), **options)
        self.asked = Parameters(self, refuses_unknown=self.refuses_unknown)
        self.app = request_response(self._answer)

    async def _answer(self, request: Request) -> Response:
        try:
            async with AsyncExitStack() as stack:
                response = await self._called(request, stack)
        except AppError as refusal:
            if not isinstance(refusal, self.noted) and note_of(refusal) is None:
                raise
            told: AppError = refusal
            if isinstance(refusal, keys.KeyRefused):
                told = await request.app.state.wrong_keys.weighed(request, refusal)
            response = problem_response(request, told)
            noting = partial(request.app.state.refusals.note, request, refusal, self.name)
            response.background = BackgroundTask(noting)
            return response
        if allowance := getattr(request.state, "allowance", None):
            response.raw_headers.extend(allowance.raw_headers)
        return response

    async def _called(self, request: Request, stack: AsyncExitStack) -> Response:
        try:
            values = await self.asked.of(request, stack)
        except _WRONGLY_SENT:
            use = await bearer.must_be_good(request)
            await _within_quota(request, partial(_spent, request, use))
            raise
        response: Response = await self.endpoint(**values)
        return response


def slow_with(*parameters: str) -> Callable[[Handler], Handler]:
    """Says that the read may go through many rows where one of these query parameters is sent, so
    that on SQLite nobody else waits for it. Searching, which is `q`, always may."""

    def told(endpoint: Handler) -> Handler:
        _slow_with[endpoint] = _SEARCHES.union(parameters)
        return endpoint

    return told


_SEARCHES = frozenset({"q"})
_slow_with: dict[Handler, frozenset[str]] = {}


def _is_slow(request: Request, parameters: frozenset[str]) -> bool:
    query = request.scope["query_string"]
    return bool(query) and not parameters.isdisjoint(request.query_params)


def _in_one_hop(
    endpoint: Handler, to_read: keys.Scope, to_change: keys.Scope
) -> Callable[..., Any]:
    slow = _slow_with.get(endpoint, _SEARCHES)

    @functools.wraps(endpoint)
    async def handler(call: Call, **values: Any) -> Response:
        places: Places = call.state.places

        def work(call: Call) -> Response:
            return endpoint(call, **values)

        if call.request.method not in SAFE:
            changing = partial(change, call, partial(_may_change, to_change), partial(_once, work))
            return await _within_quota(call.request, lambda: places.change(changing))
        reading = partial(read, call, partial(_sign_in, to_read), work)
        is_slow = _is_slow(call.request, slow)
        response, unnoted = await _within_quota(
            call.request, lambda: places.read(reading, is_slow=is_slow)
        )
        if call.looked_at:
            call.state.looks.add(call.person, call.looked_at, on=call.today)
        if call.looked_at or unnoted is not None:
            response.background = BackgroundTask(_note, call, unnoted)
        return response

    return handler


async def _within_quota(request: Request, hop: Callable[[], Awaitable[Result]]) -> Result:
    """Goes again where the key's share was spent, which is said before anything else is done."""
    state = request.app.state
    while True:
        try:
            return await hop()
        except ShareNeeded as needed:
            await state.quotas.take(
                state.places,
                state.database,
                needed.key_id,
                now=needed.now,
                is_read=request.method in SAFE,
            )


async def _spent(request: Request, use: Use) -> None:
    """Also what cannot be done is a request of the key."""
    _spend(request, use, now=request.app.state.clock())


def _spend(request: Request, use: Use, *, now: datetime) -> None:
    if not use.shown.is_cookie:
        request.state.allowance = request.app.state.quotas.spend(use.row_id, now=now)


def router(path: str, *, tag: str) -> APIRouter:
    """A router whose handlers take a `call` and run in one hop."""
    return APIRouter(
        prefix=f"/api/v1{path}", tags=[tag], route_class=CallRoute, responses=problems()
    )


def _once(work: Callable[[Call], Response], call: Call) -> Response:
    """With an Idempotency-Key: the answer that was given, where there was one."""
    if call.idempotency_key is None:
        return work(call)
    url = call.request.url
    replayed = idempotency.replay(
        call.session,
        call.person.id,
        call.idempotency_key,
        roles=call.person.roles,
        request=f"{call.request.method} {url.path}?{url.query}",
        digest=call.request.state.body_digest.hexdigest(),
        now=call.now,
        keep_days=call.settings.idempotency_days,
    )
    if replayed is not None:
        return replayed
    response = work(call)
    call.session.flush()
    kept = call.said_again or response
    idempotency.keep(call.rows, call.person.id, call.idempotency_key, kept, roles=call.person.roles)
    return response


async def _note(call: Call, unnoted: Use | None) -> None:
    if call.looked_at:
        await note_looks(call)
    if unnoted is not None:
        await note(call, unnoted)


def _may_change(needed: keys.Scope, call: Call) -> Use:
    use = _sign_in(needed, call)
    may_change(call.person)
    return use


def _sign_in(needed: keys.Scope, call: Call) -> Use:
    call.person, use = call.shown.opens(call.rows, now=call.now)
    call.request.state.person_id = call.person.id
    _spend(call.request, use, now=call.now)
    if needed not in use.scopes:
        raise NotAllowed(
            Message("Nøglen må ikke gøre dette: den mangler »%(scope)s«.", scope=needed)
        )
    call.person = _narrowed(call.person, use.scopes)
    return use


def _narrowed(person: SignedIn, scopes: frozenset[str]) -> SignedIn:
    """Without the `admin` scope a key does not carry its person's administrator role."""
    if keys.Scope.ADMIN in scopes:
        return person
    return SignedIn(person.id, person.name, person.roles - {Role.ADMINISTRATOR})
