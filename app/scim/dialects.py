"""What clients send in ways of their own, said as the standard says it. Pure: the rest is up to the
library."""

from collections.abc import Iterator, Mapping
from typing import Any

_SINGLE = {"username", "externalid", "displayname", "title", "preferredlanguage", "active"}

Sent = Mapping[str, Any]


def plain_user(sent: Sent) -> dict[str, Any]:
    """A user whose null is as good as nothing, and whose name is somewhere: the one shown, or what
    it is made of, or else the user name."""
    plain = {name: value for name, value in sent.items() if value is not None}
    found = _by_name(plain)
    if not found.get("displayname"):
        plain = {name: value for name, value in plain.items() if name.lower() != "displayname"}
        plain["displayName"] = _full_name(found.get("name")) or found.get("username")
    return plain


def plain_patch(sent: Sent) -> dict[str, Any]:
    """A patch in which each change of one thing is an operation with a path."""
    plain = dict(sent)
    for name, value in sent.items():
        if name.lower() == "operations" and isinstance(value, list):
            plain[name] = [one for operation in value for one in _plain_operations(operation)]
    return plain


def _plain_operations(operation: Any) -> Iterator[Any]:
    if not isinstance(operation, dict):
        yield operation
        return
    said = _by_name(operation)
    path, value = said.get("path"), said.get("value")
    if not path and isinstance(value, dict):
        yield from _with_paths(said, value)
    elif isinstance(path, str) and path.rpartition(":")[2].lower() in _SINGLE:
        yield {**said, "value": _unwrapped(value)} if "value" in said else said
    else:
        yield said


def _with_paths(said: dict[str, Any], value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The library takes no filter in the name of what is changed, where there is no path."""
    filtered = {name: part for name, part in value.items() if "[" in name}
    rest = {name: part for name, part in value.items() if name not in filtered}
    if rest or not filtered:
        yield {**said, "value": rest}
    for name, part in filtered.items():
        yield {**said, "path": name, "value": part}


def _unwrapped(value: Any) -> Any:
    """Entra ID has sent `[{"$ref": null, "value": "Ungeenheden"}]` for a single name."""
    match value:
        case [{"value": only}]:
            return only
        case _:
            return value


def _full_name(name: Any) -> str | None:
    if not isinstance(name, dict):
        return None
    parts = _by_name(name)
    if isinstance(parts.get("formatted"), str) and parts["formatted"]:
        return str(parts["formatted"])
    both = [parts.get("givenname"), parts.get("familyname")]
    return " ".join(part for part in both if isinstance(part, str) and part) or None


def _by_name(sent: Sent) -> dict[str, Any]:
    """Names of attributes are the same whatever the case of their letters."""
    return {name.lower(): value for name, value in sent.items()}
