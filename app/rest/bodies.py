"""JSON out of Python values, as bytes, and the headers that go with a resource."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Response


def dumped(body: object) -> bytes:
    """Instants as RFC 3339 in UTC with `Z`, days as ISO dates."""
    return orjson.dumps(body, option=_OPTIONS)


_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_NON_STR_KEYS


def resource(
    body: Mapping[str, Any], *, status: int = 200, location: str | None = None
) -> Response:
    """One resource, with its version as ETag where it has one."""
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    if "version" in body:
        headers["ETag"] = f'"{body["version"]}"'
    if location:
        headers["Location"] = location
    return Response(dumped(body), status, headers, "application/json")


def no_content() -> Response:
    return Response(status_code=204)
