"""The settings of single sign-on with OpenID Connect. Pure: the provider is asked elsewhere."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

ROLE_WORDS = frozenset({"secretariat", "administrator", "auditor"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class OidcSettings(BaseSettings):
    """Without an issuer there is no single sign-on, and nothing else here matters."""

    oidc_issuer: str = Field(
        "", description="The identity provider, exactly as it calls itself. Empty: there is none."
    )
    oidc_client_id: str = Field(
        "", description="What the identity provider calls Gavebordet.", validate_default=True
    )
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="The secret shared with the provider. Empty: a public client."
    )
    oidc_scopes: str = Field(
        "openid profile email", description="What the provider is asked for, by spaces."
    )
    oidc_trust_mail: bool = Field(
        False,
        description="Whether a mail address that the provider does not call verified tells who it"
        " is. Only where the municipality itself decides every address.",
    )
    oidc_register_unknown: bool = Field(
        False, description="Whether somebody not known yet is registered at the first sign-in."
    )
    oidc_roles_claim: str = Field(
        "roles", description="The claim that holds the roles. A dot leads into an object."
    )
    oidc_role_names: str = Field(
        "",
        description="JSON object: the role for each value of the claim. Empty: roles are given"
        " here alone.",
    )
    oidc_clock_skew_seconds: int = Field(
        300, ge=0, le=600, description="How far the provider's clock and ours may be apart."
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, value: str) -> str:
        if value and not is_safe_address(value):
            raise PydanticCustomError("oidc_issuer", "https, without a query")
        return value

    @field_validator("oidc_client_id")
    @classmethod
    def _is_with_the_issuer(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not value.strip():
            raise PydanticCustomError("oidc_client_id", "missing beside the issuer")
        return value

    @field_validator("oidc_scopes")
    @classmethod
    def _asks_who_it_is(cls, value: str) -> str:
        if "openid" not in value.split():
            raise PydanticCustomError("oidc_scopes", "openid must be among them")
        return value

    @field_validator("oidc_role_names")
    @classmethod
    def _names_roles(cls, value: str) -> str:
        try:
            names = json.loads(value or "{}")
        except (ValueError, RecursionError):
            names = None
        if not isinstance(names, dict) or not all(_is_role(role) for role in names.values()):
            raise PydanticCustomError(
                "oidc_role_names",
                "a JSON object from values of the claim to: {expected}",
                {"expected": ", ".join(sorted(ROLE_WORDS))},
            )
        return value

    @property
    def role_names(self) -> Mapping[str, str]:
        names: Mapping[str, str] = json.loads(self.oidc_role_names or "{}")
        return names


def _is_role(word: object) -> bool:
    return isinstance(word, str) and word in ROLE_WORDS


def is_safe_address(text: str) -> bool:
    """Whether nobody on the way can read or change what is sent there: https, or this machine."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    is_whole = bool(host) and not (parts.username or parts.password or parts.fragment)
    is_readable = text.isprintable() and " " not in text
    is_private = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    return is_whole and is_readable and is_private
