"""The key or cookie that comes with a request: asked for before anything else is looked at, and
looked up before a large body is read and before anybody is told what is wrong with what they sent.
"""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.db import Database
from app.errors import Message, NotAllowed, NotSignedIn
from app.people.cookies import cookie_of, lifetimes, origin_of
from app.people.credentials import Shown, Use
from app.rest import origin
from app.rest.limits import is_small
from app.rows import Rows

SAFE = {"GET", "HEAD"}


class KeyBearer(HTTPBearer):
    """NotSignedIn where nothing is shown, and, before a large body, where it is not good.
    NotAllowed where a change rides on a cookie and does not come from our own pages."""

    async def __call__(self, request: Request) -> Shown:  # type: ignore[override]
        shown = await self._shown(request)
        if request.method not in SAFE and not is_small(request.headers):
            await self.must_be_good(request)
        return shown

    async def must_be_good(self, request: Request) -> Use:
        """What it is a use of. NotSignedIn unless what is shown opens something now."""
        shown, state = await self._shown(request), request.app.state
        use: Use = await state.places.read(
            partial(_look_up, state.database, shown, now=state.clock())
        )
        return use

    async def _shown(self, request: Request) -> Shown:
        settings = request.app.state.settings
        if "authorization" in request.headers:
            key = await super().__call__(request)
            if key is not None:
                return Shown(key.credentials, False, lifetimes(settings))
        elif cookie := cookie_of(request):
            _must_be_ours(request, cookie)
            return Shown(cookie, True, lifetimes(settings))
        raise NotSignedIn(Message("Send din API-nøgle: Authorization: Bearer gvb_…"))


def _must_be_ours(request: Request, cookie: str) -> None:
    token = request.headers.get(origin.TOKEN_HEADER)
    if not origin.is_ours(
        request.method, request.headers, origin=origin_of(request), token=token, secret=cookie
    ):
        raise NotAllowed(Message("Kaldet kom ikke fra Gavebordets egne sider. Intet er ændret."))


def _look_up(database: Database, shown: Shown, *, now: datetime) -> Use:
    with database.connected() as connection:
        return shown.opens(Rows(connection), now=now)[1]


bearer = KeyBearer(
    scheme_name="HTTPBearer",
    auto_error=False,
    description="An API key, made with `gavebord key make`.",
)
Bearer = Annotated[Shown, Depends(bearer)]
