"""The API as its OpenAPI document describes it: routes, fields, and what each field may hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.main import create_app
from app.settings import Settings
from app.text import LARGEST_ID

DOCUMENT = create_app(Settings(database_url="sqlite:///:memory:", _env_file=None)).openapi()
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    parameters: list[Schema]
    body: Schema | None
    needs_body: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/v1')}"

    def named(self, place: str) -> list[Schema]:
        return [parameter for parameter in self.parameters if parameter["in"] == place]


def operations(*methods: str) -> list[Operation]:
    return [
        Operation(
            method,
            path,
            operation.get("parameters", []),
            body.get("content", {}).get("application/json", {}).get("schema"),
            body.get("required", False),
        )
        for path, methods_of_path in DOCUMENT["paths"].items()
        for method, operation in methods_of_path.items()
        for body in [operation.get("requestBody", {})]
        if method in methods and path.startswith("/api/")
    ]


def alternatives(schema: Schema) -> Iterator[Schema]:
    """The schemas that a value may follow, with references looked up."""
    if "$ref" in schema:
        yield from alternatives(DOCUMENT["components"]["schemas"][schema["$ref"].split("/")[-1]])
    elif "anyOf" in schema:
        for part in schema["anyOf"]:
            yield from alternatives(part)
    else:
        yield schema


def kinds(schema: Schema) -> set[str]:
    """What a field may hold: text, date, choice, integer, number, boolean, array, object, null."""
    found = {_kind(part) for part in alternatives(schema)}
    return found - {"text"} if "number" in found else found


def fields(schema: Schema) -> Mapping[str, Schema]:
    """The fields of the object that the schema, or one of its alternatives, describes."""
    return next((part["properties"] for part in alternatives(schema) if "properties" in part), {})


def items(schema: Schema) -> Schema | None:
    return next((part["items"] for part in alternatives(schema) if "items" in part), None)


def right(schema: Schema, name: str = "") -> Any:
    """A value that is right by its description; ids are of something that does not exist."""
    part = next(iter(alternatives(schema)))
    match _kind(part):
        case "object":
            return {field: right(inner, field) for field, inner in part["properties"].items()}
        case "array":
            return [right(part["items"])]
        case "choice":
            return part["enum"][0]
        case "integer":
            return LARGEST_ID
        case "number":
            return 1
        case "date":
            return "2026-04-01"
    return _TEXTS.get(name, "Det aftalte vi.")


_TEXTS = {"mail": "ny@lindborg.example", "phone": "72 30 41 17", "url": "https://a.example/b"}


def _kind(part: Schema) -> str:
    if "enum" in part or "const" in part:
        return "choice"
    if part["type"] == "string":
        return {"date": "date", "date-time": "instant"}.get(part.get("format", ""), "text")
    return str(part["type"])
