"""The way to the municipality's own identity provider, and back."""

from functools import partial
from typing import TYPE_CHECKING

from fastapi import Response

from app.errors import NotFound
from app.people import sessions
from app.people.cookies import clear_cookie, cookie, origin_of
from app.people.page_route import for_machines, limited, pages
from app.people.sessions import AtProvider, Ending, Way
from app.people.visit import Visit, elsewhere, see_other
from app.signing_in import limits, logout, trips, who
from app.signing_in.carried import Answer, Claims, Trip
from app.signing_in.entering import begin_session
from app.signing_in.places import safe_path

if TYPE_CHECKING:  # Loaded where a provider is configured, and not for everybody.
    from app.signing_in.provider import Provider

CALLBACK = "/sign-in/callback"
provided = pages()


@provided.post("/sign-in/trip")
@limited(limits.tries)
async def go_there(visit: Visit) -> Response:
    """The provider is asked first, so that nothing is kept where it is down."""
    provider = _provider(visit)
    name = trips.cookie_name(visit.settings)
    trip = trips.planned(safe_path(visit.form.get("back_to")), browser=cookie(visit.request, name))
    where = await provider.way_in(
        trip, redirect_uri=_address(visit, CALLBACK), locale=visit.locale, now=visit.now
    )
    await visit.hop(lambda visit: trips.begin(visit.session, trip, now=visit.now))
    response = elsewhere(where)
    response.set_cookie(
        name,
        trip.browser,
        max_age=round(trips.LASTS.total_seconds()),
        secure=visit.settings.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


@provided.get(CALLBACK)
@limited(limits.returns)
async def come_back(visit: Visit) -> Response:
    """The one address that changes something when it is opened, as the protocol has it: but only
    in the browser that set out, only once, and only with what the provider has signed."""
    provider = _provider(visit)
    trip = await visit.hop(_taken)
    claims = await provider.claims(
        Answer.of(visit.query), trip, redirect_uri=_address(visit, CALLBACK), now=visit.now
    )
    return await visit.hop(partial(_entered, trip, claims))


@provided.post("/sign-out")
async def sign_out(visit: Visit) -> Response:
    """Here first, and then at the provider, so that the next one at the machine is not let in by
    it. Twice is the same as once."""
    id_token = await visit.hop(_ended)
    provider: Provider | None = visit.request.app.state.provider
    back_to = _address(visit, "/signed-out")
    there = None
    if provider is not None and id_token is not None:
        there = await provider.way_out(id_token, back_to=back_to, now=visit.now)
    response = see_other("/signed-out") if there is None else elsewhere(there)
    clear_cookie(response, visit.settings)
    return response


@provided.post("/sign-in/back-channel")
@for_machines
@limited(limits.notices)
async def obey_provider(visit: Visit) -> Response:
    """The provider says that a session is over, with its signature under it."""
    notice = await _provider(visit).logout_notice(visit.form.get("logout_token", ""), now=visit.now)
    await visit.hop(lambda visit: logout.obey(visit.session, notice, now=visit.now))
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


def _taken(visit: Visit) -> Trip:
    browser = cookie(visit.request, trips.cookie_name(visit.settings))
    return trips.take(visit.session, state=visit.query.get("state"), browser=browser, now=visit.now)


def _entered(trip: Trip, claims: Claims, visit: Visit) -> Response:
    person = who.recognised(visit.session, claims, now=visit.now)
    at_provider = AtProvider(claims.issuer, claims.session, claims.id_token)
    return begin_session(visit, person, Way.PROVIDER, back_to=trip.back_to, at_provider=at_provider)


def _ended(visit: Visit) -> str | None:
    """What the provider wants to have back, where the session came from one."""
    if visit.secret is None:
        return None
    row = sessions.by_secret(visit.session, visit.secret)
    id_token = None if row is None else row.id_token
    sessions.end_by_secret(visit.session, visit.secret, ending=Ending.SIGNED_OUT, now=visit.now)
    return id_token


def _provider(visit: Visit) -> "Provider":
    provider: Provider | None = visit.request.app.state.provider
    if provider is None:
        raise NotFound
    return provider


def _address(visit: Visit, path: str) -> str:
    return f"{origin_of(visit.request)}{path}"
