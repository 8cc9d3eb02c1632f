"""What an identity provider says of somebody, as far as it can be used here. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.text import Line, Mail

_LINE, _MAIL = TypeAdapter(Line), TypeAdapter(Mail)
_YES = (True, 1, "1", "true", "True")
_MAIL_CLAIMS = ("email", "preferred_username", "upn")
_TOO_MANY_GROUPS = "_claim_names"


@dataclass(frozen=True)
class Said:
    """A `mail` is one that can be relied on; `has_unproven_mail` when there is only another.
    `roles` are the values of the roles claim, None when the provider holds them back."""

    name: str | None
    mail: str | None
    has_unproven_mail: bool
    locale: str
    roles: frozenset[str] | None


def said(claims: Mapping[str, Any], *, roles_claim: str, trusts_mail: bool) -> Said:
    mails = [mail for name in _MAIL_CLAIMS if (mail := _fitting(_MAIL, claims.get(name)))]
    mail = _proven_mail(claims, mails, trusts_mail=trusts_mail)
    return Said(
        name=next(_names(claims, mails), None),
        mail=mail,
        has_unproven_mail=mail is None and bool(mails),
        locale="en" if str(claims.get("locale", "")).lower().startswith("en") else "da",
        roles=_roles(claims, roles_claim),
    )


def _proven_mail(claims: Mapping[str, Any], mails: list[str], *, trusts_mail: bool) -> str | None:
    """Entra ID has no `email_verified`; its `xms_edov` says that the domain's owner stands for the
    address. Who says of an address that it is not verified, is not overruled."""
    said_of_it = claims.get("email_verified", claims.get("xms_edov"))
    if said_of_it in _YES:
        return _fitting(_MAIL, claims.get("email"))
    if said_of_it is None and trusts_mail and mails:
        return mails[0]
    return None


def _names(claims: Mapping[str, Any], mails: list[str]) -> Iterator[str]:
    parts = (claims.get("given_name"), claims.get("family_name"))
    whole = " ".join(part for part in parts if isinstance(part, str))
    for name in (claims.get("name"), whole, claims.get("preferred_username"), *mails):
        if fitting := _fitting(_LINE, name):
            yield fitting


def _roles(claims: Mapping[str, Any], path: str) -> frozenset[str] | None:
    """A provider that leaves the claim out says that there are none. Entra ID says so of whoever
    is in too many groups too, but names the claim as held back."""
    value = claims[path] if path in claims else _inside(claims, path)
    held_back = claims.get(_TOO_MANY_GROUPS)
    if value is None and isinstance(held_back, dict) and path in held_back:
        return None
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(value for value in values if isinstance(value, str))


def _inside(claims: Mapping[str, Any], path: str) -> Any:
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _fitting(kind: TypeAdapter[str], value: Any) -> str | None:
    """The value as our own forms would have taken it; a provider's people write what they like."""
    try:
        return kind.validate_python(value, strict=True)
    except ValidationError:
        return None
