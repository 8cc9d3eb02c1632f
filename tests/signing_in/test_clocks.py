"""Clocks differ: by a little it does not matter, and by much it is said that it is the clocks."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from app.signing_in.carried import Claims, Trip
from app.signing_in.provider import Provider
from app.signing_in.refusals import AnswerNotValid, Refusal
from tests.provider.forger import Forger

ComeBack = Callable[..., Claims]


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_clock_that_is_five_minutes_off_keeps_nobody_out(
    come_back: ComeBack, forged: Forger, trip: Trip, minutes: int
) -> None:
    """The provider's tokens live for five minutes, as Keycloak's do; it is our clock that errs."""
    now = clock.now()
    token = forged.sign(forged.claims(trip.nonce, at=now.timestamp(), nbf=int(now.timestamp())))
    late = timedelta(seconds=-2 if minutes > 0 else 0)
    assert come_back(now=now + timedelta(minutes=minutes) + late, token=token).subject == "signe"


@pytest.mark.parametrize("minutes", [-6, 11])
def test_a_clock_that_is_further_off_is_named(
    come_back: ComeBack, forged: Forger, trip: Trip, minutes: int
) -> None:
    now = clock.now()
    token = forged.sign(forged.claims(trip.nonce, at=now.timestamp()))
    with pytest.raises(AnswerNotValid) as refused:
        come_back(now=now + timedelta(minutes=minutes), token=token)
    assert refused.value.reason == Refusal.CLOCKS_DISAGREE
    assert "urene" in str(refused.value)


@pytest.mark.parametrize("minutes", [-5, 6])
def test_where_clocks_are_said_to_agree_they_must(
    come_back: ComeBack, forged: Forger, trip: Trip, minutes: int
) -> None:
    now = clock.now()
    token = forged.sign(forged.claims(trip.nonce, at=now.timestamp()))
    exact = Provider(forged.settings(oidc_clock_skew_seconds=10))
    with pytest.raises(AnswerNotValid) as refused:
        come_back(now=now + timedelta(minutes=minutes), token=token, provider=exact)
    assert refused.value.reason == Refusal.CLOCKS_DISAGREE


def test_an_expired_token_is_refused(come_back: ComeBack) -> None:
    long_ago = int(clock.now().timestamp()) - 3600
    with pytest.raises(AnswerNotValid) as refused:
        come_back(now=clock.now(), iat=long_ago, exp=long_ago + 300)
    assert refused.value.reason == Refusal.CLOCKS_DISAGREE
