"""Every address that reads, with values that find something: what the attackers begin from."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx

LISTS = ("people", "units", "networks", "gifts", "handovers", "follow-ups")
WORDS = {"q": "a", "type": "handover.delivered", "limit": "5", "at_from": "2020-01-01T00:00:00Z"}

KINDS = {"boolean": "true", "date": "2020-01-01", "date-time": "2100-01-01T00:00:00Z"}


def targets(client: httpx.Client) -> Iterator[tuple[str, str | None]]:
    """Addresses, each with the parameter that is attacked there; None for its path."""
    document = client.get("/api/v1/openapi.json").json()
    ids = dict(_ids(client))
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        address = path.format(**{name: ids.get(name, 1) for name in _names(methods["get"], "path")})
        if "{" in path:
            yield address, None
        for parameter in methods["get"].get("parameters", []):
            if parameter["in"] == "query":
                name = parameter["name"]
                value = _value(client, address, name, parameter["schema"], ids, document)
                yield f"{address}?{urlencode({name: value})}", name


def _names(operation: dict[str, Any], place: str) -> list[str]:
    return [part["name"] for part in operation.get("parameters", []) if part["in"] == place]


def _ids(client: httpx.Client) -> Iterator[tuple[str, int]]:
    """The id of something that is there, by the name that paths and filters have for it."""
    singular = {"people": "person", "follow-ups": "follow_up"}
    for name in LISTS:
        first = client.get(f"/api/v1/{name}", params={"limit": 1}).json()["items"][0]
        yield f"{singular.get(name, name.removesuffix('s'))}_id", first["id"]


def _value(
    client: httpx.Client,
    address: str,
    name: str,
    schema: dict[str, Any],
    ids: dict[str, int],
    document: dict[str, Any],
) -> Any:
    if "items" in schema:
        schema = schema["items"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].split("/")[-1]]
    if name == "cursor":
        return client.get(address, params={"limit": 1}).json().get("next") or "A"
    if name in WORDS:
        return WORDS[name]
    if "enum" in schema:
        return schema["enum"][0]
    return KINDS.get(schema.get("format") or schema["type"], ids.get(name, 1))
