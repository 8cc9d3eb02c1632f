"""How answers look: SCIM's JSON, as the library writes it."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from scim2_models import Context, ListResponse, Resource, ResponseParameters, SearchRequest

from app.rest.bodies import dumped
from app.scim.refusals import MEDIA_TYPE

_HOST = re.compile(r"[A-Za-z0-9_.\-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?", re.ASCII)
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def base_of(request: Request) -> str:
    """The address of this SCIM server, as the client wrote it."""
    host = request.headers.get("host", "")
    origin = f"{request.scope['scheme']}://{host}" if _HOST.fullmatch(host) else ""
    return f"{origin}/scim/v2"


def answer(
    resource: Resource[Any],
    *,
    status: int = 200,
    parameters: ResponseParameters[Any] | None = None,
) -> Response:
    """One resource, with its version as ETag and its address."""
    body = resource.model_dump(
        scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=parameters
    )
    headers = dict(_HEADERS)
    if resource.meta and resource.meta.version:
        headers["ETag"] = resource.meta.version
    if resource.meta and resource.meta.location:
        headers["Content-Location"] = resource.meta.location
        if status == 201:
            headers["Location"] = resource.meta.location
    return Response(dumped(body), status, headers, MEDIA_TYPE)


def list_answer(
    kind: type[Resource[Any]],
    resources: Sequence[Resource[Any]],
    *,
    total: int | None = None,
    start: int = 1,
    parameters: SearchRequest[Any] | None = None,
) -> Response:
    listed: Any = ListResponse.__class_getitem__(kind)
    body = listed(
        total_results=len(resources) if total is None else total,
        start_index=start,
        items_per_page=len(resources),
        resources=list(resources),
    ).model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=parameters)
    # The library leaves an empty list out, and some clients look for it.
    return Response(dumped({"Resources": [], **body}), 200, _HEADERS, MEDIA_TYPE)
