"""How SCIM comes in: with a key of the scope `scim`, in one hop, refused in words of its own."""

import json
from contextlib import AsyncExitStack
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Body, Request, Response
from pydantic import AfterValidator, ValidationError
from pydantic_core import PydanticCustomError
from scim2_models import Error, SCIMException

from app.errors import AppError
from app.people.call import CallRoute
from app.people.keys import Scope
from app.scim.refusals import PREFIX, Refused


def _can_be_written(sent: dict[str, Any]) -> dict[str, Any]:
    """JSON can escape halves of characters, which no text has and no database keeps."""
    try:
        json.dumps(sent, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "half a character") from None
    return sent


Sent = Annotated[dict[str, Any], Body(), AfterValidator(_can_be_written)]


class ScimRoute(CallRoute):
    to_read: ClassVar[Scope] = Scope.SCIM
    to_change: ClassVar[Scope] = Scope.SCIM
    # Clients send parameters of their own: Entra ID, for one, says which dialect it speaks.
    refuses_unknown: ClassVar[bool] = False
    # A directory that asks for what cannot be is wrong about somebody: people must be able to see.
    noted: ClassVar[type[AppError]] = AppError

    async def _called(self, request: Request, stack: AsyncExitStack) -> Response:
        try:
            return await super()._called(request, stack)
        except (SCIMException, ValidationError, RecursionError) as error:
            raise _refused(error) from error


def router(path: str) -> APIRouter:
    """Not in the OpenAPI document: SCIM is described by the standard, and by its own /Schemas."""
    return APIRouter(prefix=f"{PREFIX}v2{path}", route_class=ScimRoute, include_in_schema=False)


def _refused(error: SCIMException | ValidationError | RecursionError) -> Refused:
    """What the library says no with; the first thing, where there are several."""
    match error:
        case SCIMException():
            found = error.to_error()
        case ValidationError():
            found = Error.from_validation_error(error.errors(include_url=False)[0])
        case _:
            found = Error(status=400, scim_type="invalidSyntax", detail="Nested too deeply")
    return Refused(found.status or 400, found.scim_type, None, told=found.detail or "")
