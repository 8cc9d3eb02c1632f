"""Refusals as problem documents (RFC 9457), in the caller's language."""

import logging
import sqlite3
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.errors import (
    AppError,
    Busy,
    Conflict,
    Fault,
    Invalid,
    Message,
    NotSignedIn,
    TooMany,
    TooSlow,
)
from app.i18n import Locale, locale_of, translate
from app.rest.bodies import dumped
from app.rest.faults import invalid

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)


class ProblemError(BaseModel):
    """One thing that is wrong with the input."""

    code: str = Field(examples=["missing"])
    detail: str = Field(examples=["The field is missing."])
    pointer: str | None = Field(
        None, description="JSON pointer into the body.", examples=["#/owner_id"]
    )
    parameter: str | None = Field(
        None, description="Name of the query parameter or header.", examples=["cursor"]
    )


class Problem(BaseModel):
    """Why the request was refused. `code` is stable; `title` and `detail` are for people."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:gavebord:problem:illegal_step"])
    title: str = Field(examples=["That is not possible now"])
    status: int = Field(examples=[409])
    code: str = Field(examples=["illegal_step"])
    detail: str | None = Field(None, examples=["The handover is declined: it cannot be accepted."])
    instance: str | None = Field(None, examples=["/api/v1/handovers/7/receipt"])
    errors: list[ProblemError] | None = None


_WHEN = {
    400: ("unreadable", "The request cannot be read."),
    401: ("not_signed_in", "No valid API key."),
    403: ("not_allowed", "You may see it, but this is not yours to do."),
    404: ("not_found", "It does not exist, or you may not see it."),
    408: ("too_slow", "The body did not come in time; nothing was changed."),
    409: ("illegal_step", "Not possible in the present state."),
    412: ("stale", "Somebody changed it since you read it."),
    413: ("too_large", "The body is larger than allowed."),
    415: ("unsupported_file", "The kind of file is not accepted."),
    416: ("no_such_part", "The file has no such part; Content-Range says how long it is."),
    422: ("invalid", "Something in the input must be corrected; `errors` says what and where."),
    429: ("too_many", "So often in so short a time; see Retry-After."),
    428: ("match_required", "If-Match is required: send the ETag of what you have read."),
    503: (
        "busy",
        "It cannot be done now, see Retry-After. Nothing was changed; but where `code` is"
        " `unsettled`, it may have been.",
    ),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route, for its OpenAPI description."""
    return {
        status: {
            "description": _WHEN[status][1],
            "content": {MEDIA_TYPE: {"schema": _PROBLEM, "example": _example(status)}},
        }
        for status in sorted({400, 401, 403, 422, 429, 503, *statuses})
    }


_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def _example(status: int) -> dict[str, Any]:
    code, title = _WHEN[status]
    return {
        "type": f"urn:gavebord:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
    }


Shown = Callable[[Request, AppError, Response], Response]
_shown_under: dict[str, Shown] = {}


def shown_under(prefix: str, shown: Shown) -> None:
    """Under this prefix of addresses a refusal is shown in another way: made of the problem that it
    would be elsewhere."""
    _shown_under[prefix] = shown


def problem_response(request: Request, error: AppError) -> Response:
    response = _problem(request, error)
    for prefix, shown in _shown_under.items():
        if request.scope["path"].startswith(prefix):
            return shown(request, error, response)
    return response


def plain_problem(error: AppError) -> Response:
    """Where there is no request yet that could say in which language, or for what."""
    return _problem(Request({"type": "http", "headers": [], "path": "", "server": None}), error)


def _problem(request: Request, error: AppError) -> Response:
    locale = locale_of(request.headers.get("accept-language", ""))
    body: dict[str, Any] = {
        "type": f"urn:gavebord:problem:{error.code}",
        "title": translate(error.title, locale),
        "status": error.status,
        "code": error.code,
        "instance": request.url.path.encode("utf-8", "replace").decode()[:300],
    }
    if error.detail:
        body["detail"] = translate(error.detail, locale)
    if isinstance(error, Invalid):
        body["errors"] = [_fault_json(fault, locale) for fault in error.faults]
    if isinstance(error, Unexpected):
        body["request_id"] = request_id_of(request)
    body |= error.members
    allowance = getattr(request.state, "allowance", None)
    headers = {
        "Cache-Control": "no-store",
        "Content-Language": locale,
        "X-Content-Type-Options": "nosniff",
        **(allowance.headers if allowance else {}),
    }
    match error:
        case NotSignedIn():
            headers["WWW-Authenticate"] = "Bearer"
        case Busy():
            headers["Retry-After"] = str(error.retry_after)
        case TooSlow():
            headers["Connection"] = "close"
        case TooMany():
            headers |= error.headers
    return Response(dumped(body), error.status, headers, MEDIA_TYPE)


def request_id_of(request: Request) -> str:
    """What the request is called in the log."""
    return str(getattr(request.state, "request_id", ""))


def _fault_json(fault: Fault, locale: Locale) -> dict[str, str]:
    place = {}
    if fault.pointer is not None:
        place["pointer"] = f"#{fault.pointer}"
    if fault.parameter is not None:
        place["parameter"] = fault.parameter
    return {"code": fault.code, "detail": translate(fault.detail, locale), **place}


class Unreadable(AppError):
    status = 400
    title = Message("Det kunne ikke læses")


class NoSuchPage(AppError):
    status = 404
    title = Message("Adressen findes ikke")


class WrongMethod(AppError):
    status = 405
    title = Message("Det kan man ikke gøre her")


class Unexpected(AppError):
    status = 500
    title = Message("Noget gik galt hos os")


_BY_STATUS = {400: Unreadable, 404: NoSuchPage, 405: WrongMethod}


async def on_app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    return problem_response(request, error)


async def on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem_response(request, invalid(error.errors()))


async def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _BY_STATUS.get(error.status_code, Unexpected)
    response = problem_response(request, kind())
    response.headers.update(error.headers or {})
    if "Allow" in response.headers:
        response.headers["Allow"] = ", ".join(_methods_at(request))
    return response


def _methods_at(request: Request) -> list[str]:
    """Every method of the address: the router, whichever it was, names only those of one route."""
    router = request.scope.get("router", request.app)
    found = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in router.routes
        )
    ]
    return ["GET", "HEAD", *found[1:]] if "GET" in found else found


async def on_constraint(request: Request, error: Exception) -> Response:
    """The last guard: two requests that both looked first, and the database let one through; or
    a row that may not be, which is ours to mend."""
    assert isinstance(error, IntegrityError)
    rule = _rule_of(error)
    if not _is_about_another_row(error):
        # Without the values: they may say who somebody is.
        told = {"request_id": request_id_of(request)}
        _log.error("the database refused a row: %s", rule, extra=told)
        return problem_response(request, Unexpected(_NOTHING_CHANGED))
    _log.warning("the database refused a change: %s", rule)
    return problem_response(
        request,
        Conflict(Message("Nogen ændrede det samme lige nu. Hent det igen, og prøv så igen.")),
    )


async def on_gone(request: Request, error: Exception) -> Response:
    """The client went away while it was sending; nobody is there to read this."""
    return problem_response(request, Unreadable())


async def on_unexpected(request: Request, error: Exception) -> Response:
    request_id = request_id_of(request)
    _log.error("unexpected error", exc_info=error, extra={"request_id": request_id})
    response = problem_response(request, Unexpected(_NOTHING_CHANGED))
    # This one is sent past the middleware that puts the id on every other answer.
    response.headers["X-Request-Id"] = request_id
    return response


_NOTHING_CHANGED = Message("Intet er ændret. Fejlen er skrevet i loggen.")
_ABOUT_ANOTHER_ROW = (
    "23505",  # PostgreSQL: not unique
    "23503",  # PostgreSQL: a foreign key
    "SQLITE_CONSTRAINT_UNIQUE",
    "SQLITE_CONSTRAINT_PRIMARYKEY",
    "SQLITE_CONSTRAINT_FOREIGNKEY",
)


def _is_about_another_row(error: IntegrityError) -> bool:
    return _kind_of(error) in _ABOUT_ANOTHER_ROW


def _kind_of(error: IntegrityError) -> str:
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorname
    return str(getattr(error.orig, "sqlstate", ""))


def _rule_of(error: IntegrityError) -> str:
    """The rule's name; SQLite says it in its one line, which holds no values."""
    if isinstance(error.orig, sqlite3.Error):
        return str(error.orig)
    return str(getattr(getattr(error.orig, "diag", None), "constraint_name", "?"))
