"""The key that comes with a request: asked for before anything else is looked at, and looked up
before a large body is read and before anybody is told what is wrong with what they sent."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from app.db import Database
from app.errors import Message, NotSignedIn
from app.people import keys
from app.rest.limits import is_small
from app.rows import Rows

SAFE = {"GET", "HEAD"}


class KeyBearer(HTTPBearer):
    """NotSignedIn where no key is shown, and, before a large body, where it is not a good one."""

    async def __call__(self, request: HTTPConnection) -> HTTPAuthorizationCredentials:
        shown = await self._shown(request)
        if request.scope["method"] not in SAFE and not is_small(request.headers):
            await self.must_be_good(request)
        return shown

    async def must_be_good(self, request: HTTPConnection) -> None:
        """NotSignedIn unless the key opens something now."""
        shown, state = await self._shown(request), request.app.state
        work = partial(_look_up, state.database, shown.credentials, now=state.clock())
        await state.places.read(work)

    async def _shown(self, request: HTTPConnection) -> HTTPAuthorizationCredentials:
        shown = await super().__call__(request)
        if shown is None:
            raise NotSignedIn(Message("Send din API-nøgle: Authorization: Bearer gvb_…"))
        return shown


def _look_up(database: Database, secret: str, *, now: datetime) -> None:
    with database.connected() as connection:
        keys.signed_in(Rows(connection), secret, now=now)


bearer = KeyBearer(
    scheme_name="HTTPBearer",
    auto_error=False,
    description="An API key, made with `gavebord key make`.",
)
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(bearer)]
