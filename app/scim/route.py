"""How SCIM comes in: with a key of the scope `scim`, in one hop, refused in words of its own."""

from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Body, Request, Response
from pydantic import ValidationError
from scim2_models import SCIMException

from app.people.call import CallRoute
from app.people.keys import Scope
from app.rest import problems
from app.scim.refusals import PREFIX, refused, shown

Sent = Annotated[dict[str, Any], Body()]

problems.shown_under(PREFIX, shown)


class ScimRoute(CallRoute):
    to_read: ClassVar[Scope] = Scope.SCIM
    to_change: ClassVar[Scope] = Scope.SCIM
    # Clients send parameters of their own: Entra ID, for one, says which dialect it speaks.
    refuses_unknown: ClassVar[bool] = False

    async def _answer(self, request: Request) -> Response:
        try:
            return await super()._answer(request)
        except (SCIMException, ValidationError, RecursionError) as error:
            raise refused(error) from error


def router(path: str) -> APIRouter:
    """Not in the OpenAPI document: SCIM is described by the standard, and by its own /Schemas."""
    return APIRouter(prefix=f"/scim/v2{path}", route_class=ScimRoute, include_in_schema=False)
