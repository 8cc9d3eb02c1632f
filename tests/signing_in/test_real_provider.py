"""Signing in and out at the certified provider, as a person does."""

import asyncio
import dataclasses
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from app import clock
from app.signing_in import trips
from app.signing_in.carried import Answer, Claims, Trip
from app.signing_in.provider import Provider
from app.signing_in.refusals import AnswerNotValid, ProviderDown, ProviderRefused, Refusal
from tests.provider.browser import Browser
from tests.provider.process import BACK, SIGNED_OUT, RealProvider, provider


def way_in(asked: Provider, trip: Trip) -> str:
    return asyncio.run(asked.way_in(trip, redirect_uri=BACK, locale="da", now=clock.now()))


def claims(
    asked: Provider, sent_back: dict[str, str], trip: Trip, *, later: timedelta = timedelta()
) -> Claims:
    answer, now = Answer.of(sent_back), clock.now() + later
    return asyncio.run(asked.claims(answer, trip, redirect_uri=BACK, now=now))


def signed_in(asked: Provider, trip: Trip, login: str = "signe") -> Claims:
    sent_back = Browser().sign_in(way_in(asked, trip), login)
    assert sent_back["state"] == trip.state
    return claims(asked, sent_back, trip)


def test_who_signs_in_is_told_of(real: RealProvider, trip: Trip) -> None:
    found = signed_in(Provider(real.settings()), trip)
    assert (found.issuer, found.subject) == (real.issuer, "signe")
    assert found.all["email"] == "signe@lindborg.example"
    assert found.all["roles"] == ["Gavebord-Sekretariat"]


def test_the_address_asks_for_no_more_than_is_needed(real: RealProvider, trip: Trip) -> None:
    asked = dict(parse_qsl(urlsplit(way_in(Provider(real.settings()), trip)).query))
    assert asked.pop("code_challenge") != trip.code_verifier
    assert asked == {
        "response_type": "code",
        "client_id": real.client_id,
        "redirect_uri": BACK,
        "scope": "openid profile email",
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge_method": "S256",
        "ui_locales": "da",
    }


@pytest.mark.parametrize(
    ("auth_method", "algorithm"),
    [("client_secret_post", "ES256"), ("none", "PS256")],
)
def test_the_secret_is_shown_as_the_provider_wants_it(
    trip: Trip, auth_method: str, algorithm: str
) -> None:
    with provider(auth_method=auth_method, algorithm=algorithm) as other:
        assert signed_in(Provider(other.settings()), trip).subject == "signe"


def test_a_wrong_secret_is_ours_to_mend_and_nobody_is_signed_in(
    real: RealProvider, trip: Trip
) -> None:
    asked = Provider(real.settings(oidc_client_secret="forkert"))
    with pytest.raises(ProviderDown) as refused:
        signed_in(asked, trip)
    assert refused.value.reason == Refusal.PROVIDER_UNUSABLE


def test_a_code_is_good_once(real: RealProvider, trip: Trip) -> None:
    asked = Provider(real.settings())
    sent_back = Browser().sign_in(way_in(asked, trip), "signe")
    claims(asked, sent_back, trip)
    with pytest.raises(AnswerNotValid):
        claims(asked, sent_back, trip)


def test_a_code_from_another_browser_is_good_for_nothing(real: RealProvider, trip: Trip) -> None:
    """Who has got hold of a code has not got the verifier that the trip keeps."""
    asked, another = Provider(real.settings()), trips.planned("/")
    sent_back = Browser().sign_in(way_in(asked, another), "mads")
    with pytest.raises(AnswerNotValid):
        claims(asked, sent_back, trip)


def test_a_token_for_another_trip_is_refused_by_its_nonce(real: RealProvider, trip: Trip) -> None:
    asked, another = Provider(real.settings()), trips.planned("/")
    sent_back = Browser().sign_in(way_in(asked, another), "mads")
    with pytest.raises(AnswerNotValid):
        claims(asked, sent_back, dataclasses.replace(another, nonce=trip.nonce))


def test_an_answer_that_another_provider_signs_for_is_refused(
    real: RealProvider, trip: Trip
) -> None:
    asked = Provider(real.settings())
    sent_back = Browser().sign_in(way_in(asked, trip), "signe")
    for issuer in ({"iss": "https://login.example"}, {}):
        answer = {"code": sent_back["code"], **issuer}
        with pytest.raises(AnswerNotValid):
            claims(asked, answer, trip)
    assert claims(asked, sent_back, trip).subject == "signe", "the code was never shown to anybody"


def test_who_changes_their_mind_is_not_signed_in(real: RealProvider, trip: Trip) -> None:
    asked = Provider(real.settings())
    sent_back = Browser().cancel(way_in(asked, trip))
    with pytest.raises(ProviderRefused) as refused:
        claims(asked, sent_back, trip)
    assert refused.value.reason == Refusal.CANCELLED


def test_the_provider_takes_no_return_address_that_it_was_not_told_of(
    real: RealProvider, trip: Trip
) -> None:
    asked = Provider(real.settings())
    address = urlsplit(way_in(asked, trip))
    query = dict(parse_qsl(address.query)) | {"redirect_uri": "https://ond.example/"}
    page = Browser().client.get(address._replace(query=urlencode(query)).geturl())
    assert page.status_code == 400


def test_new_keys_are_fetched_when_they_are_needed(trip: Trip) -> None:
    with provider() as rotating:
        asked = Provider(rotating.settings())
        signed_in(asked, trip)
        rotating.make_new_keys()
        another = trips.planned("/")
        sent_back = Browser().sign_in(way_in(asked, another), "signe")
        found = claims(asked, sent_back, another, later=timedelta(minutes=1))
        assert found.subject == "signe"


def test_a_provider_that_is_gone_is_down(trip: Trip) -> None:
    with provider() as ended:
        asked = Provider(ended.settings())
        sent_back = Browser().sign_in(way_in(asked, trip), "signe")
    with pytest.raises(ProviderDown):
        claims(asked, sent_back, trip)


@pytest.fixture
def letterbox() -> Iterator[tuple[str, list[str]]]:
    """Where logout tokens may be sent, and those that came."""
    came: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            came.extend(form["logout_token"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """The test says what matters."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", came
    server.shutdown()
    thread.join()
    server.server_close()


def test_signing_out_there_tells_us_of_the_session_that_is_over(
    trip: Trip, letterbox: tuple[str, list[str]]
) -> None:
    address, came = letterbox
    with provider(logout_uri=address) as telling:
        asked, browser = Provider(telling.settings()), Browser()
        found = claims(asked, browser.sign_in(way_in(asked, trip), "signe"), trip)
        out = asyncio.run(asked.way_out(found.id_token, back_to=SIGNED_OUT, now=clock.now()))
        assert out is not None
        browser.sign_out(out)
        (token,) = came
        notice = asyncio.run(asked.logout_notice(token, now=clock.now()))
        assert (notice.subject, notice.session) == ("signe", found.session)
        assert found.session
        with pytest.raises(AnswerNotValid):
            asyncio.run(asked.logout_notice(found.id_token, now=clock.now()))
