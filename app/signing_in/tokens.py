"""Whether a token that the identity provider signed is for us, for now and for this. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwt import JWTClaimsRegistry, Token

from app.signing_in.carried import LogoutNotice

LOGOUT_IS_FRESH_FOR = timedelta(minutes=2)
"""As long as OpenID Connect Back-Channel Logout advises that such a token lives."""
LONGEST_ID = 255
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_TYPES = ("logout+jwt", "jwt", None)


class NotForUs(Exception):
    """The token is not what it should be. It says which claim, never what stands in it."""

    def __init__(self, claim: str, *, is_about_time: bool = False) -> None:
        super().__init__(claim)
        self.is_about_time = is_about_time


@dataclass(frozen=True)
class Expected:
    """Who must have made the token, for whom, and how far the clocks may be apart."""

    issuer: str
    client_id: str
    skew: timedelta


def checked(
    token: Token, expected: Expected, *, nonce: str, access_token: str | None, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token that was fetched with a code."""
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={"iss": {"essential": True, "value": expected.issuer}},
        params={
            "nonce": nonce,
            "client_id": expected.client_id,
            "access_token": access_token or "",
        },
    )
    _validate(
        token.claims, lambda: claims.validate(now=_seconds(now), leeway=_whole(expected.skew))
    )
    _is_for_us_alone(token.claims, expected)
    # Authlib looks at it only where there is something to look at.
    if "at_hash" in token.claims and not (token.claims["at_hash"] and access_token):
        raise NotForUs("at_hash")
    return token.claims


def logout_notice(token: Token, expected: Expected, *, now: datetime) -> LogoutNotice:
    """What a logout token says. That it has not been used before, the database must say."""
    claims = token.claims
    kind = token.header.get("typ")
    if (kind.lower() if isinstance(kind, str) else kind) not in _LOGOUT_TYPES:
        raise NotForUs("typ")
    registry = JWTClaimsRegistry(
        now=_seconds(now),
        leeway=_whole(expected.skew),
        iss={"essential": True, "value": expected.issuer},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    _validate(claims, lambda: registry.validate(claims))
    _is_for_us_alone(claims, expected)
    # An ID token is signed with the same key. It has a nonce, and no event.
    if "nonce" in claims:
        raise NotForUs("nonce")
    _says_that_it_is_over(claims)
    fresh_until = _instant(claims["iat"]) + LOGOUT_IS_FRESH_FOR + expected.skew
    if fresh_until <= now:
        raise NotForUs("iat", is_about_time=True)
    return LogoutNotice(
        issuer=expected.issuer,
        id=claims["jti"],
        subject=claims.get("sub"),
        session=claims.get("sid"),
        expires_at=fresh_until,
    )


def session_of(claims: dict[str, Any]) -> str | None:
    """What the provider calls its session, where it says so."""
    return _word(claims, "sid") if claims.get("sid") is not None else None


def _validate(claims: dict[str, Any], validate: Callable[[], None]) -> None:
    try:
        validate()
    except ExpiredTokenError as error:
        raise NotForUs("exp", is_about_time=True) from error
    except InvalidClaimError as error:
        is_about_time = error.claim in ("iat", "nbf")
        is_written = isinstance(claims.get(error.claim), (int, float))
        raise NotForUs(error.claim, is_about_time=is_about_time and is_written) from error
    except (JoseError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise NotForUs(str(getattr(error, "claim", "malformed"))) from error


def _is_for_us_alone(claims: dict[str, Any], expected: Expected) -> None:
    """Others that a token is for too could use it here, so there may be none."""
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise NotForUs("aud")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise NotForUs("azp")
    if "sub" in claims:
        _word(claims, "sub")


def _says_that_it_is_over(claims: dict[str, Any]) -> None:
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT_EVENT), dict):
        raise NotForUs("events")
    if claims.get("sub") is None and claims.get("sid") is None:
        raise NotForUs("sub")
    for name in ("sub", "sid", "jti"):
        if claims.get(name) is not None:
            _word(claims, name)


def _word(claims: dict[str, Any], name: str) -> str:
    word = claims[name]
    if not isinstance(word, str) or not 0 < len(word) <= LONGEST_ID or not word.isprintable():
        raise NotForUs(name)
    return word


def _instant(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise NotForUs("iat") from None


def _seconds(now: datetime) -> int:
    return int(now.timestamp())


def _whole(duration: timedelta) -> int:
    return int(duration.total_seconds())
