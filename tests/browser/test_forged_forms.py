"""Pages of somebody else send forms to Gavebordet, in a browser that is signed in to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

SIBLING = "andet.lindborg.localhost"
STRANGER = "stranger.localhost"
SECRETARY = "Karin Solbjerg"
DEEDS = [("/sign-out", {}), ("/me/sessions/ending", {"session_id": "all"})]


class _Forger(BaseHTTPRequestHandler):
    """A page that sends a form to `to` as soon as it is opened."""

    def do_GET(self) -> None:
        if urlsplit(self.path).query:
            self._say(self._form())
        else:
            self._say("<!doctype html><title>x</title>")

    def _form(self) -> str:
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{value}">'
            for name, value in wanted.items()
            if name not in ("to", "referrer")
        )
        return (
            f'<!doctype html><title>x</title><meta name="referrer" content="{wanted["referrer"]}">'
            f'<form method="post" action="{wanted["to"]}">{fields}</form>'
            "<script>document.forms[0].submit()</script>"
        )

    def _say(self, text: str) -> None:
        page = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nobody wants to know."""


@contextmanager
def forging() -> Iterator[int]:
    """The port at which the page is, under whatever name."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Forger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def forger() -> Iterator[int]:
    with forging() as port:
        yield port


def sent_by(window, act, path):
    """The request that the act has the browser send there, and its answer."""
    is_it = f"{window.host}{path}"
    with window.page.expect_response(lambda one: one.url == is_it) as caught:
        act()
    return caught.value.request, caught.value


@pytest.mark.parametrize(
    ("forger_name", "rides_along", "path", "fields", "referrer"),
    [
        (SIBLING, True, *DEEDS[0], "strict-origin-when-cross-origin"),
        (SIBLING, True, *DEEDS[1], "strict-origin-when-cross-origin"),
        (SIBLING, True, *DEEDS[1], "no-referrer"),
        (STRANGER, False, *DEEDS[1], "strict-origin-when-cross-origin"),
        (STRANGER, False, *DEEDS[1], "no-referrer"),
    ],
)
def test_a_form_from_elsewhere_is_refused_and_changes_nothing(
    window, forger, forger_name, rides_along, path, fields, referrer
):
    window.sign_in_as(SECRETARY)
    query = {"to": window.host + path, "referrer": referrer, **fields}
    page = f"http://{forger_name}:{forger}/?" + "&".join(f"{k}={v}" for k, v in query.items())

    with window.refusing(403):
        request, answer = sent_by(window, lambda: window.page.goto(page), path)
        window.page.wait_for_url(window.host + path)
    headers = request.all_headers()
    assert ("gavebord=" in headers.get("cookie", "")) == rides_along
    assert headers["sec-fetch-site"] == ("same-site" if rides_along else "cross-site")
    assert answer.status == 403
    assert "Intet er ændret" in window.page.get_by_role("main").inner_text()
    window.go("/me/sessions")
    window.must_say("Mine logins")


@pytest.mark.parametrize("referrer", ["strict-origin-when-cross-origin", "no-referrer"])
def test_on_an_intranet_without_https_it_is_refused_too(window, demo, forger, referrer):
    """There, browsers do not say which site it comes from; without a referrer, not even who."""
    window.host = demo.on_the_intranet
    window.known.append("The Cross-Origin-Opener-Policy header has been ignored")
    window.sign_in_as(SECRETARY)
    to = f"{window.host}/sign-out"
    page = f"http://andet.lindborg.test:{forger}/?to={to}&referrer={referrer}"

    with window.refusing(403):
        request, answer = sent_by(window, lambda: window.page.goto(page), "/sign-out")
        window.page.wait_for_url(to)
    headers = request.all_headers()
    assert "gavebord=" in headers["cookie"]
    assert "sec-fetch-site" not in headers
    assert (headers["origin"] == "null") == (referrer == "no-referrer")
    assert answer.status == 403
    window.go("/me/sessions")
    window.press("Log ud")
    window.must_say("Du er logget ud")


@pytest.mark.parametrize(("path", "fields"), DEEDS)
def test_the_same_form_from_our_own_page_does_it(window, path, fields):
    window.sign_in_as(SECRETARY)
    window.follow("Mine logins")

    request, answer = sent_by(
        window, lambda: window.press("Log ud overalt" if fields else "Log ud"), path
    )
    assert request.all_headers()["sec-fetch-site"] == "same-origin"
    assert answer.status == 303
    window.must_say("Du er logget ud")


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
def test_a_script_elsewhere_has_no_more_success(window, forger, mode):
    window.sign_in_as(SECRETARY)
    # Their page is not watched: it is refused, and complains as it should.
    theirs = window.context.new_page()
    theirs.goto(f"http://{SIBLING}:{forger}/")
    sent = headers_sent_by(theirs)

    assert theirs.evaluate(_SEND, [f"{window.host}/me/sessions/ending", mode]) == 0
    (headers,) = [one for one in sent if one.get("Origin") == f"http://{SIBLING}:{forger}"]
    assert "gavebord=" in headers["Cookie"]
    window.go("/me/sessions")
    window.must_say("Mine logins")


def headers_sent_by(page):
    """Also of requests whose answers the page is not shown."""
    sent = []
    debugger = page.context.new_cdp_session(page)
    debugger.on("Network.requestWillBeSentExtraInfo", lambda one: sent.append(one["headers"]))
    debugger.send("Network.enable")
    return sent


def test_a_script_of_our_own_may_send_what_a_form_may(window):
    window.sign_in_as(SECRETARY)

    assert window.page.evaluate(_SEND, [f"{window.host}/me/sessions/ending", "cors"]) == 200
    window.go("/me/sessions")
    window.must_say("Log ind")


_SEND = """([to, mode]) => fetch(to, {
  method: "POST", credentials: "include", mode, body: new URLSearchParams({ session_id: "all" }),
}).then((answer) => answer.text().then(() => answer.status), () => 0)"""
