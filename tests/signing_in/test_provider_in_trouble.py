"""A provider that is down, slow, too talkative or not what it says: nobody waits long, and nobody
is signed in."""

import asyncio
import gzip
import json
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from fastapi import Request

from app import clock
from app.rest.problems import problem_response
from app.signing_in import fetching, remembered
from app.signing_in.carried import Claims, Trip
from app.signing_in.fetching import NoAnswer
from app.signing_in.provider import Provider
from app.signing_in.refusals import ProviderDown, ProviderRefused, Refusal
from tests.provider.forger import EC, Forger
from tests.provider.process import BACK

ComeBack = Callable[..., Claims]
DESCRIPTION = "/.well-known/openid-configuration"
NOW = clock.now()


def way_in(provider: Provider, trip: Trip, *, now=NOW) -> str:
    return asyncio.run(provider.way_in(trip, redirect_uri=BACK, locale="en", now=now))


def hanging(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(1)


def dripping(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        for _ in range(200):
            request.wfile.write(b" ")
            threading.Event().wait(0.05)
    except OSError:
        return


def compressed(request: BaseHTTPRequestHandler) -> None:
    content = gzip.compress(b"{" + b" " * 10_000_000)
    request.send_response(200)
    request.send_header("Content-Encoding", "gzip")
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)


def elsewhere(request: BaseHTTPRequestHandler) -> None:
    request.send_response(302)
    request.send_header("Location", "/elsewhere")
    request.end_headers()


IN_TROUBLE = {
    "hanging": hanging,
    "dripping": dripping,
    "500": (500, b"{}"),
    "404": (404, b"{}"),
    "huge": (200, b'{"issuer": "' + b"x" * fetching.LARGEST_ANSWER + b'"}'),
    "compressed": compressed,
    "redirecting": elsewhere,
    "not JSON": (200, b"<html>"),
    "not an object": (200, b"[]"),
    "deep": (200, b"[" * 100_000),
    "empty": (200, b""),
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WITHIN_SECONDS", 0.5)


@pytest.mark.parametrize("trouble", IN_TROUBLE)
@pytest.mark.parametrize("path", [DESCRIPTION, "/keys", "/token"])
def test_a_provider_in_trouble_is_down(
    come_back: ComeBack, forged: Forger, path: str, trouble: str
) -> None:
    forged.answers[path] = IN_TROUBLE[trouble]
    began = time.monotonic()
    with pytest.raises((ProviderDown, ProviderRefused)) as refused:
        come_back(now=NOW)
    assert time.monotonic() - began < 5
    assert "/elsewhere" not in forged.asked
    is_no = path == "/token" and trouble == "404"
    assert refused.value.reason == (Refusal.PROVIDER_REFUSED if is_no else Refusal.PROVIDER_DOWN)


def test_a_provider_that_nobody_answers_for_is_down(forged: Forger, trip: Trip) -> None:
    nobody = Provider(forged.settings(oidc_issuer="http://127.0.0.1:9"))
    with pytest.raises(ProviderDown):
        way_in(nobody, trip)


def test_it_is_asked_once_more_before_it_is_called_down(forged: Forger, trip: Trip) -> None:
    def once_busy(request: BaseHTTPRequestHandler) -> None:
        del forged.answers[DESCRIPTION]
        request.send_response(503)
        request.send_header("Content-Length", "0")
        request.end_headers()

    forged.answers[DESCRIPTION] = once_busy
    assert way_in(Provider(forged.settings()), trip).startswith(f"{forged.address}/auth?")


def test_a_code_is_sent_only_once(come_back: ComeBack, forged: Forger) -> None:
    forged.answers["/token"] = (500, b"")
    with pytest.raises(ProviderDown):
        come_back(now=NOW)
    assert forged.asked.count("/token") == 1


def test_who_comes_while_it_is_down_is_told_at_once(forged: Forger, trip: Trip) -> None:
    forged.answers[DESCRIPTION] = (500, b"")
    provider = Provider(forged.settings())
    for _ in range(3):
        with pytest.raises(ProviderDown):
            way_in(provider, trip)
    assert len(forged.asked) == 2
    del forged.answers[DESCRIPTION]
    assert way_in(provider, trip, now=NOW + 2 * remembered.ASKED_AGAIN_AFTER)


def test_those_who_come_together_ask_once(forged: Forger, trip: Trip) -> None:
    """Also the very first, who all find nothing remembered."""
    provider = Provider(forged.settings())

    async def together() -> set[str]:
        ways = (provider.way_in(trip, redirect_uri=BACK, locale="da", now=NOW) for _ in range(5))
        return set(await asyncio.gather(*ways))

    assert len(asyncio.run(together())) == 1
    assert forged.asked == [DESCRIPTION]


def test_what_it_said_lately_is_used_while_it_is_down(forged: Forger, trip: Trip) -> None:
    provider = Provider(forged.settings())
    way_in(provider, trip)
    forged.answers[DESCRIPTION] = (500, b"")
    assert way_in(provider, trip, now=NOW + timedelta(minutes=59))
    assert len(forged.asked) == 1
    assert way_in(provider, trip, now=NOW + timedelta(hours=23))
    assert len(forged.asked) == 3
    with pytest.raises(ProviderDown):
        way_in(provider, trip, now=NOW + timedelta(hours=25))


def test_tokens_that_fit_no_key_cannot_make_us_ask_and_ask(
    come_back: ComeBack, forged: Forger, trip: Trip
) -> None:
    provider = Provider(forged.settings())
    come_back(now=NOW, provider=provider)
    stranger = forged.sign(forged.claims(trip.nonce, at=NOW.timestamp()), key=EC, alg="ES256")
    later = NOW + timedelta(minutes=1)
    for seconds in range(20):
        with pytest.raises(Exception, match="godkendes"):
            come_back(now=later + timedelta(seconds=seconds), provider=provider, token=stranger)
    assert forged.asked.count("/keys") == 2
    forged.keys = [EC]
    come_back(now=later + timedelta(seconds=40), provider=provider, token=stranger)


def test_who_finds_it_down_is_told_when_to_try_again(forged: Forger, trip: Trip) -> None:
    forged.answers[DESCRIPTION] = (500, b"")
    with pytest.raises(ProviderDown) as refused:
        way_in(Provider(forged.settings()), trip)
    request = Request({"type": "http", "path": "/sign-in", "headers": []})
    told = problem_response(request, refused.value)
    assert (told.status_code, told.headers["Retry-After"]) == (503, "30")
    assert json.loads(told.body)["reason"] == "provider_down"


def test_signing_out_here_does_not_wait_for_it(forged: Forger) -> None:
    provider = Provider(forged.settings())
    out = provider.way_out("a token", back_to="https://gave.example/", now=NOW)
    assert asyncio.run(out) is None, "it has no such place"
    forged.answers[DESCRIPTION] = (500, b"")
    later = NOW + timedelta(days=2)
    out = provider.way_out("a token", back_to="https://gave.example/", now=later)
    assert asyncio.run(out) is None, "it is down"


def test_a_token_that_is_too_long_for_an_address_is_left_out(forged: Forger) -> None:
    forged.described = {"end_session_endpoint": f"{forged.address}/out?tenant=1"}
    for token, hint in (("kort", "&id_token_hint=kort"), ("x" * 5000, "")):
        out = Provider(forged.settings()).way_out(token, back_to="https://gave.example/", now=NOW)
        assert asyncio.run(out) == (
            f"{forged.address}/out?tenant=1&client_id=gavebord"
            f"&post_logout_redirect_uri=https%3A%2F%2Fgave.example%2F{hint}"
        )


def test_those_who_wait_while_it_is_silent_do_not_wait_one_after_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remembered, "ASKED_AGAIN_AFTER", timedelta(seconds=0.1))
    asked = []

    async def silent(now: datetime) -> str:
        asked.append(now)
        await asyncio.sleep(0.3)
        raise NoAnswer("silence")

    async def all_of_them() -> list[object]:
        thing = remembered.Remembered(silent)

        async def came(number: int) -> object:
            await asyncio.sleep(number * 0.05)
            return await thing.get(NOW + timedelta(seconds=number * 0.05))

        return await asyncio.gather(*(came(n) for n in range(6)), return_exceptions=True)

    told = asyncio.run(all_of_them())

    assert [type(answer) for answer in told] == [NoAnswer] * 6
    assert len(asked) == 1
