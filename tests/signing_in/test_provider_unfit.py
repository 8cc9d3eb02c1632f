"""A provider that answers, and is not one that anybody can be signed in by."""

import asyncio
import json
from collections.abc import Callable

import pytest

from app import clock
from app.signing_in.carried import Answer, Claims, Trip
from app.signing_in.provider import Provider
from app.signing_in.refusals import ProviderDown, Refusal
from tests.provider.forger import RSA, Forger
from tests.provider.process import BACK

ComeBack = Callable[..., Claims]
NOW = clock.now()


def way_in(provider: Provider, trip: Trip) -> str:
    return asyncio.run(provider.way_in(trip, redirect_uri=BACK, locale="en", now=NOW))


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://login.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://login.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://user:word@login.example/"},
        {"end_session_endpoint": "https://login.example/\n"},
    ],
    ids=str,
)
def test_a_provider_that_is_not_what_it_should_be_is_not_used(
    forged: Forger, trip: Trip, described: dict
) -> None:
    forged.described = described
    provider = Provider(forged.settings())
    for _ in range(2):
        with pytest.raises(ProviderDown) as refused:
            way_in(provider, trip)
        assert refused.value.reason == Refusal.PROVIDER_UNUSABLE


@pytest.mark.parametrize(
    "keys",
    [
        None,
        [],
        ["a key"],
        [{"kty": "oct", "k": "AAAA"}],
        [{"kty": "RSA"}],
        [{"kty": "RSA", "n": 7, "e": "AQAB"}],
        [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}],
        [{**RSA.as_dict(private=False), "use": "enc"}],
        [RSA.as_dict(private=True)],
    ],
    ids=["none", "no list", "text", "shared", "empty", "number", "short", "other use", "private"],
)
def test_keys_that_prove_nothing_are_not_used(
    come_back: ComeBack, forged: Forger, keys: object
) -> None:
    forged.answers["/keys"] = (200, json.dumps({"keys": keys}).encode())
    with pytest.raises(ProviderDown):
        come_back(now=NOW)


def test_a_provider_that_takes_no_secret_is_not_given_it(
    come_back: ComeBack, forged: Forger
) -> None:
    forged.described = {"token_endpoint_auth_methods_supported": ["private_key_jwt"]}
    with pytest.raises(ProviderDown) as refused:
        come_back(now=NOW, provider=Provider(forged.settings(oidc_client_secret="hemmelig")))
    assert refused.value.reason == Refusal.PROVIDER_UNUSABLE
    assert "/token" not in forged.asked


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("access_denied", Refusal.CANCELLED),
        ("temporarily_unavailable", Refusal.PROVIDER_DOWN),
        ("unauthorized_client", Refusal.PROVIDER_UNUSABLE),
        ("login_required", Refusal.PROVIDER_REFUSED),
        ("<script>\n", Refusal.PROVIDER_REFUSED),
        ("", Refusal.PROVIDER_REFUSED),
    ],
)
def test_the_providers_no_is_told_apart(
    forged: Forger, trip: Trip, error: str, reason: Refusal, caplog: pytest.LogCaptureFixture
) -> None:
    provider, answer = Provider(forged.settings()), Answer(error=error, code="a code")
    with pytest.raises(Exception) as refused:  # noqa: PT011 - the reason is what tells
        asyncio.run(provider.claims(answer, trip, redirect_uri=BACK, now=NOW))
    assert refused.value.reason == reason
    assert "script" not in caplog.text
    assert "/token" not in forged.asked
