"""Refusals as SCIM tells them (RFC 7644, section 3.12), whoever it was that refused."""

from fastapi import Request, Response

from app.errors import AppError, Invalid, Message
from app.i18n import locale_of, translate
from app.rest.bodies import dumped

MEDIA_TYPE = "application/scim+json"
PREFIX = "/scim/"
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
_LONGEST_DETAIL = 1000


class Refused(AppError):
    """Said in SCIM's own words: what the library found, or what only SCIM asks for."""

    def __init__(
        self, answer: int, scim_type: str | None, detail: Message | None, *, told: str = ""
    ) -> None:
        super().__init__(detail)
        self.answer, self.scim_type, self.told = answer, scim_type, told


def shown(request: Request, error: AppError, response: Response) -> Response:
    """The refusal as SCIM shows it, with the headers of `response`, the problem that it is
    elsewhere."""
    status, scim_type = _in_scim(error)
    body = {"schemas": [_ERROR], "status": str(status), "detail": _detail(request, error)}
    if scim_type:
        body["scimType"] = scim_type
    headers = {name: value for name, value in response.headers.items() if name not in _OF_THE_BODY}
    return Response(dumped(body), status, headers, MEDIA_TYPE)


_OF_THE_BODY = {"content-type", "content-length"}


def _in_scim(error: AppError) -> tuple[int, str | None]:
    if isinstance(error, Refused):
        return error.answer, error.scim_type
    if isinstance(error, Invalid):
        codes = {fault.code for fault in error.faults}
        if "taken" in codes:
            return 409, "uniqueness"
        return 400, "invalidSyntax" if "json_invalid" in codes else "invalidValue"
    return error.status, "invalidSyntax" if error.status == 400 else None


def _detail(request: Request, error: AppError) -> str:
    """What came from the client may hold anything, also what no answer can be written with."""
    locale = locale_of(request.headers.get("accept-language", ""))
    if isinstance(error, Refused) and error.told:
        text = error.told
    elif isinstance(error, Invalid):
        places = [(fault.pointer or "").strip("/") for fault in error.faults]
        told = [translate(fault.detail, locale) for fault in error.faults]
        text = " ".join(
            f"{place}: {detail}" if place else detail
            for place, detail in zip(places, told, strict=True)
        )
    else:
        text = translate(error.detail or error.title, locale)
    return text[:_LONGEST_DETAIL].encode("utf-8", "replace").decode()
