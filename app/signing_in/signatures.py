"""Whether the identity provider signed a token: with a key of its own, in a way that proves it."""

import base64
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from joserfc.jws import JWSRegistry

from app.signing_in.fetching import NoAnswer

ALGORITHMS = tuple(f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512))
"""Public keys only. With `HS256` anybody who knows the public key could sign, with `none` all."""
SHORTEST_RSA = 2048
LARGEST_TOKEN = 64 * 1024
_MOST_KEYS = 100


class NoKeyFits(Exception):
    """No known key fits: perhaps the provider has a new one."""


class NotSigned(Exception):
    """It is not a token that the provider can have signed. It says what is wrong, not for whom."""


class _Registry(JWSRegistry):
    max_header_length = 8 * 1024


_REGISTRY = _Registry(algorithms=ALGORITHMS, strict_check_header=False)
# What joserfc and the JSON and base64 modules under it say no with, when strangers write the token.
_REFUSALS = (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


def keys_of(document: Mapping[str, Any]) -> KeySet:
    """The keys that tokens may be signed with. NoAnswer where there are none."""
    listed = document.get("keys")
    found = [_key(entry) for entry in listed[:_MOST_KEYS]] if isinstance(listed, list) else []
    keys = [key for key in found if key is not None]
    if not keys:
        raise NoAnswer("it has no keys that can be used")
    return KeySet(keys)


def opened(token: str, keys: KeySet) -> jwt.Token:
    """The token, once its signature has been checked. Nothing in it has been looked at."""
    if len(token) > LARGEST_TOKEN:
        raise NotSigned("too long")
    try:
        return jwt.decode(token, keys, registry=_REGISTRY)
    except (BadSignatureError, InvalidKeyIdError) as error:
        raise NoKeyFits(error.error) from error
    except _REFUSALS as error:
        raise NotSigned(getattr(error, "error", "") or type(error).__name__) from error


def _key(entry: Any) -> Key | None:
    """None for what is no key for signatures, or too weak a one."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    if entry.get("kty") not in ("RSA", "EC") or "d" in entry:
        return None
    try:
        if entry["kty"] == "RSA" and _bits(entry["n"]) < SHORTEST_RSA:
            return None
        return JWKRegistry.import_key(entry)
    except _REFUSALS:
        return None


def _bits(number: str) -> int:
    padded = number + "=" * (-len(number) % 4)
    return int.from_bytes(base64.urlsafe_b64decode(padded), "big").bit_length()
