"""Where messages go, and where never: whatever a name says when, and whatever is answered."""

import socket
import ssl
import time
from contextlib import suppress
from ipaddress import ip_address

import pytest

from app.webhook_settings import WebhookSettings
from app.webhooks import egress
from app.webhooks.addresses import NoAddress, destination_of, may_be_called, may_go, shown
from app.webhooks.egress import LARGEST_ANSWER, NotSent, post
from app.webhooks.models import LONGEST_EXCERPT, Trouble
from tests.certificates import certificate_for
from tests.webhooks.receiver import answer

PUBLIC = "https://hooks.example/a"
NEVER = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - Nobody listens there; it is refused.
    "0.1.2.3",
    "169.254.169.254",
    "169.254.1.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "239.1.1.1",
    "255.255.255.255",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "fec0::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
]
PRIVATE = [
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "fd00::1",
    "198.18.0.1",
    "192.0.2.1",
]


def places(text: str):
    return WebhookSettings(webhook_allowed=text).webhook_places


@pytest.mark.parametrize("address", [*NEVER, *PRIVATE])
def test_what_is_not_public_is_refused(address):
    assert not may_go(destination_of(PUBLIC), ip_address(address), [])


@pytest.mark.parametrize("address", NEVER)
def test_and_some_of_it_whatever_the_operator_has_allowed(address):
    everywhere = places("hooks.example 0.0.0.0/0 443, hooks.example ::/0 443")
    assert not may_go(destination_of(PUBLIC), ip_address(address), everywhere)


@pytest.mark.parametrize(
    ("url", "allowed", "may"),
    [
        ("https://hooks.example/", "hooks.example 10.2.0.0/16 443", True),
        ("http://hooks.example:443/", "hooks.example 10.2.0.0/16 443", True),
        ("https://other.example/", "hooks.example 10.2.0.0/16 443", False),
        ("https://hooks.example/", "hooks.example 10.3.0.0/16 443", False),
        ("https://hooks.example:8443/", "hooks.example 10.2.0.0/16 443", False),
    ],
)
def test_a_private_address_takes_the_name_the_network_and_the_port(url, allowed, may):
    assert may_go(destination_of(url), ip_address("10.2.0.7"), places(allowed)) is may


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://hooks.lindborg.example/", True),
        ("http://hooks.lindborg.example/", False),
        ("https://10.2.0.7/", False),
        ("https://localhost/", False),
        ("https://postgres/", False),
        ("https://a.internal./", False),
        ("https://[::ffff:10.2.0.7]/", False),
        ("http://intranet.local:8080/", True),
        ("https://intranet.local/", False),
    ],
)
def test_what_can_be_known_beforehand_is_said_when_it_is_made(url, may):
    allowed = places("intranet.local 10.2.0.0/16 8080")
    assert may_be_called(destination_of(url), allowed) is may


def test_public_addresses_are_open_over_https_alone():
    assert may_go(destination_of(PUBLIC), ip_address("8.8.8.8"), [])
    assert may_go(destination_of(PUBLIC), ip_address("2606:4700::1111"), [])
    assert not may_go(destination_of("http://hooks.example/"), ip_address("8.8.8.8"), [])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hooks.example/",
        "https:///a",
        "https://user:word@hooks.example/",
        "https://hooks.example@127.0.0.1/",
        "https://hooks.example/#part",
        "https://hooks.example\\@127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://hooks.example:0/",
        "https://hooks.example:99999/",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nHost: x",
        "https://[::1/",
        "https://ⓛocalhost/",
        "javascript:alert(1)",
    ],
)
def test_what_could_be_read_in_two_ways_is_no_address(url):
    with pytest.raises(NoAddress):
        destination_of(url)


def test_what_may_be_a_secret_is_not_shown():
    assert shown("https://a.example/workflows/abcdef?sig=hemmelig9x3f") == "https://a.example/…9x3f"
    assert shown("https://a.example/kort") == "https://a.example/…"


def test_the_name_is_looked_up_once_and_what_it_says_afterwards_does_not_matter(
    receiver, monkeypatch
):
    asked = []

    def changing(host, port):
        asked.append(host)
        return [ip_address("127.0.0.1" if len(asked) == 1 else "127.0.0.2")]

    def nobody(*args, **options):
        raise AssertionError("a name was looked up elsewhere")

    to = destination_of(f"http://hooks.example:{receiver.port}/hook")
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **options: (
            nobody() if "example" in str(host) else real(host, *more, **options)
        ),
    )
    assert post(to, b"{}", {}, allowed=receiver.allowed, resolve=changing).status == 204
    assert asked == ["hooks.example"]
    assert receiver.got[0].headers["host"] == f"hooks.example:{receiver.port}"
    with pytest.raises(NotSent) as refused:
        post(to, b"{}", {}, allowed=receiver.allowed, resolve=changing)
    assert refused.value.trouble is Trouble.REFUSED_ADDRESS
    assert len(receiver.got) == 1


def test_one_forbidden_address_among_many_and_nobody_is_called(receiver):
    to = destination_of(f"http://hooks.example:{receiver.port}/hook")
    both = [ip_address("127.0.0.1"), ip_address("169.254.169.254")]
    with pytest.raises(NotSent) as refused:
        post(to, b"{}", {}, allowed=receiver.allowed, resolve=lambda host, port: both)
    assert refused.value.trouble is Trouble.REFUSED_ADDRESS
    assert receiver.got == []


def test_a_redirect_is_an_answer_and_is_not_followed(receiver):
    receiver.answers = [answer(307, Location=f"http://127.0.0.1:{receiver.port}/elsewhere")]
    found = post(destination_of(receiver.url), b"{}", {}, allowed=receiver.allowed)
    assert found.status == 307
    assert [one.path for one in receiver.got] == ["/hook?key=hemmeligt"]


def test_of_a_huge_answer_only_the_beginning_is_read(receiver):
    sent = []

    def huge(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(2000):
                handler.wfile.write(b"a" * 32768)
                sent.append(32768)
        except OSError:
            return

    receiver.answers = [huge]
    found = post(destination_of(receiver.url), b"{}", {}, allowed=receiver.allowed)
    assert (found.status, len(found.excerpt)) == (200, LONGEST_EXCERPT)
    assert sum(sent) < 2000 * 32768


def test_of_an_answer_that_is_too_large_at_once_the_beginning_is_kept(receiver):
    """What can be read in one go is then more than what may be read."""

    def at_once(handler):
        handler.send_response(200)
        handler.end_headers()
        receiver.is_over.wait(0.2)
        with suppress(OSError):
            handler.wfile.write(b"a" * 2_000_000)

    receiver.answers = [at_once]
    found = post(destination_of(receiver.url), b"{}", {}, allowed=receiver.allowed)
    assert (found.status, len(found.excerpt)) == (200, LONGEST_EXCERPT)


def test_headers_without_end_are_too_large(receiver):
    receiver.answers = [answer(200, **{f"x{place}": "a" * 1000 for place in range(99)})]
    with pytest.raises(NotSent) as refused:
        post(destination_of(receiver.url), b"{}", {}, allowed=receiver.allowed)
    assert refused.value.trouble is Trouble.TOO_LARGE
    assert LARGEST_ANSWER < 99 * 1000, "or it shows nothing"


def drip(receiver, content: bytes):
    def dripping(handler):
        for byte in content:
            if receiver.is_over.wait(0.05):
                return
            try:
                handler.wfile.write(bytes([byte]))
            except OSError:
                return

    return dripping


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 5000, None),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b"b" * 5000, 200),
    ],
    ids=["headers", "body"],
)
def test_an_answer_byte_by_byte_is_waited_for_no_longer_than_any(receiver, content, status):
    receiver.answers = [drip(receiver, content)]
    begun = time.monotonic()
    to, allowed = destination_of(receiver.url), receiver.allowed
    if status is None:
        with pytest.raises(NotSent) as refused:
            post(to, b"{}", {}, allowed=allowed, within=1.5)
        assert refused.value.trouble is Trouble.TOO_SLOW
    else:
        assert post(to, b"{}", {}, allowed=allowed, within=2).status == status
    assert time.monotonic() - begun < 10


def test_a_name_server_that_hangs_is_not_waited_for(receiver):
    to = destination_of(f"http://hooks.example:{receiver.port}/hook")

    def hangs(host, port):
        receiver.is_over.wait(30)
        return ()

    with pytest.raises(NotSent) as refused:
        post(to, b"{}", {}, allowed=receiver.allowed, resolve=hangs, within=0.2)
    assert refused.value.trouble is Trouble.TOO_SLOW


def test_what_they_answer_is_kept_short_and_readable():
    assert egress.excerpt_of(b"\x00\x1b[31m fejl\r\n\xff her ") == "[31m fejl \ufffd her"


@pytest.mark.parametrize(
    "text", ["hooks.example", "a 10.0.0.0/8 99999", "a 10.0.0.0/8 0", "a 10.0.0.1/8 443", "a b c"]
)
def test_a_place_that_is_written_wrong_is_found_at_the_start(text):
    with pytest.raises(ValueError, match="name, network and port"):
        WebhookSettings(webhook_allowed=text)


@pytest.fixture
def over_tls(receiver, monkeypatch, tmp_path):
    """Sends to hooks.example, where somebody shows a certificate for the name."""

    def sent(name: str) -> egress.Answer:
        certificate = certificate_for(name, folder=tmp_path)
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(certificate.chain, certificate.key)
        receiver.speak_tls(theirs)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
        egress._trusted.cache_clear()
        to = destination_of(f"https://hooks.example:{receiver.port}/hook")
        here = [ip_address("127.0.0.1")]
        return post(to, b"{}", {}, allowed=receiver.allowed, resolve=lambda host, port: here)

    yield sent
    egress._trusted.cache_clear()


def test_over_tls_the_name_is_what_counts_and_not_the_address(over_tls):
    assert over_tls("hooks.example").status == 204


def test_whoever_shows_a_certificate_for_another_name_is_told_nothing(over_tls, receiver):
    with pytest.raises(NotSent) as refused:
        over_tls("others.example")
    assert refused.value.trouble is Trouble.NO_TLS
    assert receiver.got == []
