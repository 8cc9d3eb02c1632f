"""Tokens that the real provider cannot be made to sign: each is wrong in one way, and refused."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable

import pytest

from app import clock
from app.signing_in.carried import Claims, Trip
from app.signing_in.refusals import AnswerNotValid, Refusal
from app.signing_in.signatures import ALGORITHMS
from tests.provider.forger import EC, OTHER_RSA, RSA, Forger

ComeBack = Callable[..., Claims]
# Of the access token "access", as RS256 has it: half of its SHA-256.
AT_HASH = "oFYf1knNtrqnhAVfBRuteQ"


def test_a_good_token_is_believed(come_back: ComeBack) -> None:
    assert come_back(now=clock.now(), sid="s-1").session == "s-1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://login.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["gavebord", "another"]},
        {"aud": []},
        {"aud": None},
        {"azp": "another"},
        {"azp": 7},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "a\x00b"},
        {"exp": None},
        {"exp": "2050"},
        {"exp": float("nan")},
        {"exp": True},
        {"iat": None},
        {"iat": {}},
        {"at_hash": "of another"},
        {"at_hash": ""},
        {"at_hash": 7},
        {"sid": 7},
        {"amr": "pwd"},
    ],
    ids=str,
)
def test_a_token_that_is_wrong_in_one_way_is_refused(come_back: ComeBack, wrong: dict) -> None:
    with pytest.raises(AnswerNotValid) as refused:
        come_back(now=clock.now(), **wrong)
    assert refused.value.reason == Refusal.NOT_VALID


def test_the_issuer_is_compared_letter_by_letter(come_back: ComeBack, forged: Forger) -> None:
    with pytest.raises(AnswerNotValid):
        come_back(now=clock.now(), iss=f"{forged.address}/")


def test_one_audience_may_be_a_list(come_back: ComeBack) -> None:
    assert come_back(now=clock.now(), aud=["gavebord"], azp="gavebord").subject == "signe"


def signed(forged: Forger, trip: Trip, **how: object) -> str:
    return forged.sign(forged.claims(trip.nonce), **how)


def test_an_unsigned_token_is_refused(come_back: ComeBack, forged: Forger, trip: Trip) -> None:
    with pytest.warns(Warning, match="none"):
        token = signed(forged, trip, alg="none")
    assert token.endswith(".")
    for unsigned in (token, f"{token}AAAA"):
        with pytest.raises(AnswerNotValid):
            come_back(now=clock.now(), token=unsigned)


def test_the_public_key_is_no_secret_to_sign_with(
    come_back: ComeBack, forged: Forger, trip: Trip
) -> None:
    header = {"alg": "HS256", "typ": "JWT", "kid": RSA.thumbprint()}
    parts = b".".join(base64(json.dumps(part)) for part in (header, forged.claims(trip.nonce)))
    for public in (RSA.as_pem(private=False), RSA.as_der(private=False)):
        signature = base64(hmac.digest(public, parts, "sha256"))
        with pytest.raises(AnswerNotValid):
            come_back(now=clock.now(), token=f"{parts.decode()}.{signature.decode()}")


def base64(content: str | bytes) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    return urlsafe_b64encode(content).rstrip(b"=")


def test_a_key_that_the_provider_does_not_have_signs_nothing(
    come_back: ComeBack, forged: Forger, trip: Trip
) -> None:
    for kid in (OTHER_RSA.thumbprint(), RSA.thumbprint()):
        with pytest.raises(AnswerNotValid):
            come_back(now=clock.now(), token=signed(forged, trip, key=OTHER_RSA, kid=kid))


def test_a_key_that_came_with_the_token_signs_nothing(
    come_back: ComeBack, forged: Forger, trip: Trip
) -> None:
    brought = {"jwk": OTHER_RSA.as_dict(private=False), "jku": "https://ond.example/keys"}
    with pytest.raises(AnswerNotValid):
        come_back(now=clock.now(), token=signed(forged, trip, key=OTHER_RSA, **brought))


def test_a_changed_token_is_refused(come_back: ComeBack, forged: Forger, trip: Trip) -> None:
    head, _, signature = signed(forged, trip).split(".")
    other = forged.sign(forged.claims(trip.nonce, sub="mads")).split(".")[1]
    with pytest.raises(AnswerNotValid):
        come_back(now=clock.now(), token=f"{head}.{other}.{signature}")


def test_a_key_of_another_kind_does_not_fit_the_algorithm(
    come_back: ComeBack, forged: Forger, trip: Trip
) -> None:
    forged.keys = [RSA, EC]
    token = signed(forged, trip, key=EC, alg="ES256", kid=RSA.thumbprint())
    with pytest.raises(AnswerNotValid):
        come_back(now=clock.now(), token=token)
    token = signed(forged, trip, key=EC, alg="ES256")
    assert come_back(now=clock.now(), token=token).subject == "signe"


def test_a_token_that_names_no_key_fits_only_an_only_key(
    come_back: ComeBack, forged: Forger, trip: Trip
) -> None:
    token = forged.sign(forged.claims(trip.nonce), key=None)
    assert come_back(now=clock.now(), token=token).subject == "signe"
    forged.keys = [EC, RSA]
    with pytest.raises(AnswerNotValid):
        come_back(now=clock.now(), token=token)


@pytest.mark.parametrize(
    "token",
    ["", "a.b.c", "..", "eyJhbGciOiJSUzI1NiJ9", "x" * 70_000, "æ.ø.å", "W10.W10.W10", "NQ.e30.AA"],
)
def test_what_is_no_token_is_refused(come_back: ComeBack, forged: Forger, token: str) -> None:
    with pytest.raises(AnswerNotValid):
        come_back(now=clock.now(), token=token or " ")


@pytest.mark.parametrize("given", [{}, {"id_token": None}, {"id_token": 7}])
def test_no_token_is_no_sign_in(
    come_back: ComeBack, forged: Forger, given: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forged, "tokens", _Stubborn(given))
    with pytest.raises(AnswerNotValid):
        come_back(now=clock.now())


class _Stubborn(dict):
    """Stays as it was made."""

    def __setitem__(self, name: object, value: object) -> None:
        pass


def test_the_access_token_is_the_one_that_the_token_vouches_for(
    come_back: ComeBack, forged: Forger
) -> None:
    forged.tokens["access_token"] = "access"
    assert come_back(now=clock.now(), at_hash=AT_HASH).subject == "signe"
    forged.tokens["access_token"] = "another"
    with pytest.raises(AnswerNotValid):
        come_back(now=clock.now(), at_hash=AT_HASH)


def test_only_public_keys_prove_anything() -> None:
    assert {name[:2] for name in ALGORITHMS} == {"RS", "PS", "ES"}
