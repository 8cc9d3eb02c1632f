"""The description of the API, and the page on which it can be tried."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response

from app import examples
from app.browsers import page_headers
from app.errors import AppError, Message
from app.rest.matching import ETAG_PATTERN
from app.rest.problems import Problem, problems
from app.static_files import PageFiles

STATIC = Path(__file__).parent / "static"
OPENAPI = "/api/v1/openapi.json"
READS = ["GET", "HEAD"]
_ABOUT = """
Gavebordet knows every network, gift, receiving unit and handover: who has answered, who owns it,
when the next sign of life is due, and what has gone quiet.

- **Sign in** with an API key: `Authorization: Bearer gvb_…`, made with `gavebord key make`.
- **Lists** come in pages: pass `next` as `cursor`. **Changes** need `If-Match` with the ETag you
  have read; of the steps, the receipt alone does not.
- **Every POST** takes an `Idempotency-Key`: the same key and body gives the same answer again.
- **Refusals** are `application/problem+json` (RFC 9457) with a stable `code`; texts are Danish or
  English by `Accept-Language`.
- Times are RFC 3339 in UTC, days are ISO dates in Denmark. Unknown fields are refused.
"""


_TAGS = {
    "overview": "What waits, what is at the door, what is on the shelf, and what happened.",
    "handovers": "One gift to one unit: who has it, who owns it, what is next.",
    "steps": "The steps of a handover, each as a noun. The answers are here.",
    "follow-ups": "Short check-ins by the owner.",
    "gifts": "Solutions that networks give, with editions, contact persons and materials.",
    "networks": "Temporary groups around one stubborn problem.",
    "units": "The base organisation: the tree, its leaders and substitutes.",
    "imports": "Files of units, people and gifts: sent, looked through, and applied.",
    "settings": "The municipality's numbers and texts, which may change while the product runs.",
    "notifications": "What I have been told, and that I have read it.",
    "stalled-work": "What the product was to do by itself and gave up.",
    "webhooks": "Addresses that are called when something happens, and how that went.",
    "people": "Employees, and who the key belongs to.",
    "health": "For those who watch over the server.",
}


class NotFetched(AppError):
    """The page needs files that are fetched when the product is installed, and were not."""

    status = 503
    title = Message("Siden er ikke sat op")


NOT_FETCHED = Message("Filerne er ikke hentet, så siden /api kan ikke vises.")


def docs(app: FastAPI) -> None:
    """Adds the API page at `/api`, and the files that pages need."""

    async def page(request: Request) -> Response:
        swagger = _swagger_folder()
        html = _PAGE.format(folder=f"/static/vendor/{swagger}")
        # The stylesheet of Swagger UI carries its icons within itself.
        is_secure = request.app.state.settings.is_secure
        return HTMLResponse(html, headers=page_headers(is_secure=is_secure, images=["data:"]))

    async def openapi() -> Response:
        return Response(
            _written(app), media_type="application/json", headers={"Cache-Control": "no-cache"}
        )

    app.add_api_route("/api", page, methods=READS, include_in_schema=False)
    app.add_api_route(OPENAPI, openapi, methods=READS, include_in_schema=False)
    app.mount("/static", PageFiles(directory=STATIC), name="static")


@cache
def _written(app: FastAPI) -> bytes:
    """Once: it is half a megabyte, and anybody may ask for it."""
    return json.dumps(app.openapi(), ensure_ascii=False, separators=(",", ":")).encode()


def describe(app: FastAPI) -> None:
    """Makes the OpenAPI document complete: problems and their schema, and examples."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title="Gavebordet",
        version="1",
        description=_ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": about} for name, about in _TAGS.items()],
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    schemas = document["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in document["paths"].values():
        for method, operation in path.items():
            operation["operationId"] = re.split("_api_v1|_health_", operation["operationId"])[0]
            _may_also_answer(method, operation)
            _say_what_is_sent(operation)
            _say_in_a_line(operation)
    for name, schema in schemas.items():
        _give_examples(name, schema)
    _say_what_leads_on(document)
    return document


def _may_also_answer(method: str, operation: dict[str, Any]) -> None:
    """What every change can be refused with: by its body, or by another change at that moment."""
    if method == "get":
        return
    also = problems(408, 409, 413) if "requestBody" in operation else problems(409)
    for status, refusal in also.items():
        operation["responses"].setdefault(str(status), refusal)


def _say_what_is_sent(operation: dict[str, Any]) -> None:
    """A header or a query is left out, never null; If-Match is required where 428 is an answer;
    and an Idempotency-Key that everybody copied from the page would be used by everybody."""
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        match [part for part in schema.get("anyOf", []) if part != {"type": "null"}]:
            case [only]:
                del schema["anyOf"]
                schema |= only
        match parameter["name"]:
            case "If-Match":
                schema |= {"pattern": ETAG_PATTERN, "examples": ['"3"']}
                parameter["required"] = "428" in operation["responses"]
            case "Idempotency-Key":
                schema.pop("examples", None)


def _say_in_a_line(operation: dict[str, Any]) -> None:
    """The first sentence of what a route promises is its line on the page."""
    promise = " ".join(operation.get("description", "").split())
    if promise:
        first, stop, rest = promise.partition(". ")
        operation["summary"] = first + stop.strip() if rest else first
        operation["description"] = rest


def _say_what_leads_on(document: dict[str, Any]) -> None:
    """An answer that has a version says it as ETag, and leads on to the changes that need it."""
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            status = next(status for status in operation["responses"] if status[0] == "2")
            answer = operation["responses"][status]
            content = answer.get("content", {}).get("application/json", {}).get("schema", {})
            name = content.get("$ref", "").split("/")[-1]
            if status == "201":
                answer.setdefault("headers", {})["Location"] = _LOCATION
            if "version" not in schemas.get(name, {}).get("properties", {}):
                continue
            answer.setdefault("headers", {})["ETag"] = _ETAG
            if (method, status) == ("get", "200"):
                answer["links"] = _changes_of(path, document)


def _changes_of(path: str, document: dict[str, Any]) -> dict[str, Any]:
    """A link to every operation at the path or below it that needs the version."""
    return {
        operation["operationId"]: {
            "operationId": operation["operationId"],
            "parameters": {
                **{
                    f"path.{name}": f"$request.path.{name}"
                    for name in re.findall(r"\{(\w+)\}", path)
                },
                "header.If-Match": "$response.header.ETag",
            },
        }
        for below, methods in document["paths"].items()
        if below == path or below.startswith(f"{path}/")
        for operation in methods.values()
        if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", []))
    }


_ETAG = {"description": "Its version.", "schema": {"type": "string", "pattern": ETAG_PATTERN}}
_LOCATION = {"description": "Where it is.", "schema": {"type": "string"}}


def _give_examples(name: str, schema: dict[str, Any]) -> None:
    if name in examples.FORMS:
        schema["examples"] = [examples.FORMS[name]]
        return
    for field, described in schema.get("properties", {}).items():
        if "examples" not in described and (found := examples.of_field(field)):
            described["examples"] = list(found)


def _swagger_folder() -> str:
    manifest = STATIC / "vendor" / "manifest.json"
    if not manifest.exists():
        raise NotFetched(NOT_FETCHED)
    return str(json.loads(manifest.read_text())["swagger-ui"])


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gavebordet: API</title>
<link rel="stylesheet" href="{folder}/swagger-ui.css">
<link rel="icon" href="{folder}/favicon-32x32.png">
</head>
<body>
<div id="swagger"></div>
<script src="{folder}/swagger-ui-bundle.js"></script>
<script src="/static/api.js"></script>
</body>
</html>
"""
