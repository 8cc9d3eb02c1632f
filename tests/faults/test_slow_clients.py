"""Clients that are slow, silent, greedy or many: the others are served, and these are ended."""

import resource
import socket
import threading
import time
from contextlib import ExitStack, closing, suppress
from statistics import median

import pytest

from app.rest.limits import HELD_AT_ONCE
from app.settings import Settings
from tests.faults.served import served, until
from tests.faults.world import new_world

SLOW = 2.0
"""Seconds that the servers here wait for a client."""
GIVEN_UP_WITHIN = 5 * SLOW

MIB = 1024 * 1024
MANY = 1000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    world = new_world(Settings(data_dir=tmp_path_factory.mktemp("slow"), _env_file=None))
    with served(world, GAVEBORD_SLOW_SECONDS=str(SLOW)) as server:
        yield server


@pytest.fixture
def connected(server):
    """Connections to the server as bytes, closed by the test that opened them."""
    with ExitStack() as opened:

        def connect() -> socket.socket:
            host, port = server.address.removeprefix("http://").split(":")
            return opened.enter_context(
                closing(socket.create_connection((host, int(port)), timeout=30))
            )

        yield connect


def test_headers_that_come_byte_by_byte_are_given_up(server, connected):
    client, begun = connected(), time.monotonic()

    def dribble():
        for byte in b"GET /health/live HTTP/1.1\r\nX-Slow: " + b"x" * 1000:
            client.sendall(bytes([byte]))
            must_serve(server)
            threading.Event().wait(0.05)

    with pytest.raises(ConnectionError):
        dribble()
    assert SLOW - 0.5 < time.monotonic() - begun < GIVEN_UP_WITHIN


@pytest.mark.parametrize("said", [b"", b"\r\n", b"POST /api/v1/units HTTP/1.1\r\nHost: a\r\n"])
def test_a_connection_that_falls_silent_is_ended(server, connected, said):
    client, begun = connected(), time.monotonic()
    client.sendall(said)

    assert client.recv(100) == b""
    assert time.monotonic() - begun < GIVEN_UP_WITHIN


def test_a_connection_that_falls_silent_after_an_answer_is_ended(connected):
    client = connected()
    client.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nGET /he")

    answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("path", ["units", "gifts/1/files?filename=a.pdf"])
@pytest.mark.parametrize("size", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_a_body_that_never_ends_is_told_and_given_up(server, connected, path, size):
    client, begun = connected(), time.monotonic()
    client.sendall(head(server, path, size))
    client.sendall(b'2\r\n{"\r\n' if "chunked" in size else b'{"')

    answer = everything(client)
    must_be_problem(answer, b"408", b"too_slow")
    assert b"connection: close" in answer.lower()
    assert time.monotonic() - begun < GIVEN_UP_WITHIN
    assert server.follow_up("after").status_code == 201


def test_a_body_that_dribbles_is_given_up_however_long_it_goes_on(server, connected):
    client, begun = connected(), time.monotonic()
    client.sendall(head(server, "units", "Content-Length: 100000"))
    client.settimeout(0.1)
    answer = b""
    while not answer and time.monotonic() - begun < 2 * GIVEN_UP_WITHIN:
        client.sendall(b" ")
        try:
            answer = whole(client)
        except TimeoutError:
            continue

    must_be_problem(answer, b"408", b"too_slow")
    assert time.monotonic() - begun < GIVEN_UP_WITHIN


@pytest.mark.parametrize("path", ["units", "gifts/1/files?filename=a.pdf"])
def test_a_body_over_the_limit_is_refused_before_it_is_sent(server, connected, path):
    client = connected()
    client.sendall(head(server, path, "Content-Length: 99999999"))

    must_be_problem(whole(client), b"413", b"too_large")


def test_a_body_without_a_size_is_refused_when_it_passes_the_limit(server, connected):
    client, sent = connected(), 0
    client.sendall(head(server, "units", "Transfer-Encoding: chunked"))
    client.settimeout(0.01)
    answer, chunk = b"", b"10000\r\n" + b" " * 65536 + b"\r\n"
    while not answer and sent < 100 * MIB:
        try:
            sent += client.send(chunk)
            answer = whole(client)
        except TimeoutError:
            continue
        except ConnectionError:
            break

    must_be_problem(answer, b"413", b"too_large")
    assert sent < 20 * MIB


@pytest.mark.parametrize("opening", ["GET /health/live?", "GET / HTTP/1.1\r\nX: "])
def test_headers_without_an_end_are_refused_and_not_kept(server, connected, opening):
    client, before = connected(), server.memory
    with pytest.raises(ConnectionError):
        client.sendall(opening.encode() + b"x" * 300 * MIB)

    assert server.memory - before < 30 * MIB


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"GET /sign-in HTTP/1.1\r\nCookie: " + b"x" * 70_000, b"431", b"headers_too_large"),
        (b"GET /sign-in HTTP/1.1\r\n" + b"X-More: x\r\n" * 7000, b"431", b"headers_too_large"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400", b"unreadable"),
    ],
)
def test_what_is_no_request_yet_is_refused_as_every_other(server, connected, sent, status, code):
    client = connected()
    client.sendall(sent)

    must_be_problem(whole(client), status, code)


def test_trailers_without_an_end_are_refused_and_not_kept(server, connected):
    client, before = connected(), server.memory
    client.sendall(head(server, "units", "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n")
    with pytest.raises(ConnectionError):
        client.sendall(b"X-More: xxxxxxxxxxxxxxxx\r\n" * 10_000_000)

    assert server.memory - before < 30 * MIB


def test_who_does_not_fetch_the_answer_is_ended(server, connected):
    big = b"%PDF-1.7\n" + bytes(20 * MIB)
    location = server.upload(big).headers["Location"]
    until(lambda: server.connections <= 2)
    clients = [connected() for _ in range(5)]
    for client in clients:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(head(server, location.removeprefix("/api/v1/"), "X: y", method="GET"))
    until(lambda: server.connections >= 5)

    until(lambda: server.connections <= 2, within=5 * SLOW)
    assert len(server.giver.get(location).content) == len(big)


def test_a_thousand_idle_connections_leave_the_others_served_and_are_ended(server, connected):
    allow_many()
    before = server.memory
    clients = [connected() for _ in range(MANY)]
    taken = [must_serve(server) for _ in range(20)]
    for client in clients[::2]:
        client.sendall(b"POST /api/v1/units HTTP/1.1\r\nHost")
    taken += [must_serve(server) for _ in range(20)]

    assert median(taken) < SLOW / 2
    assert server.memory - before < 100 * MIB
    until(lambda: server.connections <= 2, within=10 * SLOW)


def test_uploads_that_stop_are_not_held_in_memory_and_leave_nothing(server, connected):
    before, part = server.memory, b"%PDF-1.7\n" + bytes(16 * MIB)
    folder = server.world.settings.files_dir
    there = set(folder.rglob("*"))
    clients = []
    for _ in range(12):
        client = connected()
        clients.append(client)
        client.sendall(head(server, "gifts/1/files?filename=a.pdf", "Content-Length: 20000000"))
        client.sendall(part)
    must_serve(server)

    assert server.memory - before < 60 * MIB
    for client in clients:
        client.close()
    must_serve(server)
    assert set(folder.rglob("*")) == there


def test_strangers_with_large_bodies_are_told_so_and_fill_no_memory(server, connected):
    before = server.memory
    for client in holding_back(server, connected, key="gvb_made_up"):
        client.settimeout(30)
        must_be_problem(whole(client), b"401", b"not_signed_in")

    assert server.memory - before < 30 * MIB
    assert server.follow_up("meanwhile").status_code == 201


def test_large_bodies_fill_no_more_than_so_much_memory(server, connected):
    """When there is no more room, the next are told so."""
    before, answers = server.memory, []
    clients = holding_back(server, connected)
    for client in clients:
        with suppress(TimeoutError, ConnectionError):
            answers.append(client.recv(10_000))
    must_serve(server)

    assert answers
    for answer in answers:
        assert answer.split()[1] in (b"503", b"408")
    assert server.memory - before < 3 * HELD_AT_ONCE
    for client in clients:
        client.close()
    until(lambda: server.follow_up("again").status_code == 201)


def holding_back(server, connected, *, key=None) -> list[socket.socket]:
    """Clients that have each sent a large body, but for the last byte."""
    said = head(server, "units", f"Content-Length: {MIB}", key=key)
    clients = [connected() for _ in range(2 * HELD_AT_ONCE // MIB)]
    for client in clients:
        client.settimeout(0.05)
        with suppress(TimeoutError, ConnectionError):
            client.sendall(said + b" " * (MIB - 1))
    return clients


def head(server, path, size, *, method="POST", key=None) -> bytes:
    return (
        f"{method} /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{size}\r\n"
        f"Authorization: Bearer {key or server.world.giver_key}\r\n"
        "Content-Type: application/json\r\n\r\n"
    ).encode()


def must_serve(server) -> float:
    """Somebody else asks, and is answered: after so many seconds."""
    begun = time.monotonic()
    assert server.leader.get("/api/v1/queue").status_code == 200
    return time.monotonic() - begun


def everything(client: socket.socket) -> bytes:
    said = b""
    while more := client.recv(65536):
        said += more
    return said


def whole(client: socket.socket) -> bytes:
    """A problem, to its last byte. TimeoutError where none has begun."""
    said = client.recv(10_000)
    client.settimeout(30)
    while said and not said.endswith(b"}"):
        said += client.recv(10_000)
    return said


def must_be_problem(answer: bytes, status: bytes, code: bytes) -> None:
    assert answer.split()[1] == status, answer
    assert b"content-type: application/problem+json" in answer.lower()
    assert b'"code":"' + code + b'"' in answer


def allow_many() -> None:
    """This process holds the other end of each connection."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed != resource.RLIM_INFINITY and allowed < 2 * MANY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 2 * MANY), most))
