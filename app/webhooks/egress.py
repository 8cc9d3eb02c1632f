"""The way out: one message to one address, never elsewhere, never for long, never for much.

The name is looked up once, every address that it has must be one that may be gone to, and the
connection is made to those and no others. Redirects are answers like any other.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import httpcore

from app.webhook_settings import Allowed
from app.webhooks.addresses import Address, Destination, may_go
from app.webhooks.models import LONGEST_EXCERPT, Trouble

WITHIN_SECONDS = 10.0
"""For all of it: looking the name up, connecting, sending, and the answer, however it drips."""
LARGEST_ANSWER = 64 * 1024
"""Bytes, with its headers."""
MOST_ADDRESSES = 8
_AT_A_TIME = 4096

Resolve = Callable[[str, int], Sequence[Address]]


class NotSent(Exception):
    """Nobody has answered, and they may have got it or not."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True)
class Answer:
    """`excerpt` is how it begins, on one line."""

    status: int
    excerpt: str = ""
    retry_after: str = ""


def looked_up(host: str, port: int) -> Sequence[Address]:
    """All addresses of the name, in the order in which to try them; none where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return list(dict.fromkeys(ip_address(str(one[4][0])) for one in found))


def post(
    to: Destination,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: Sequence[Allowed],
    resolve: Resolve = looked_up,
    within: float = WITHIN_SECONDS,
) -> Answer:
    """Sends it once. NotSent where there is no answer."""
    deadline = time.monotonic() + within
    addresses = _permitted(to, allowed, resolve, deadline)
    way = _Way(addresses, deadline)
    sent = {
        "Host": to.authority,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Accept-Encoding": "identity",
        "User-Agent": "Gavebordet",
        "Connection": "close",
        **headers,
    }
    url = httpcore.URL(
        scheme=to.scheme.encode(),
        host=to.host.encode(),
        port=to.port,
        target=to.target.encode(),
    )
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=way) as pool,
            pool.stream("POST", url, headers=list(sent.items()), content=body) as response,
        ):
            return _answer(response)
    except httpcore.TimeoutException:
        raise NotSent(Trouble.TOO_SLOW) from None
    except httpcore.ConnectError as error:
        is_tls = isinstance(error.__cause__ or error.__context__, ssl.SSLError)
        raise NotSent(Trouble.NO_TLS if is_tls else Trouble.NO_CONNECTION) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, ValueError):
        raise NotSent(Trouble.TOO_LARGE if way.is_full else Trouble.NO_ANSWER) from None


def _permitted(
    to: Destination, allowed: Sequence[Allowed], resolve: Resolve, deadline: float
) -> Sequence[Address]:
    """One address that may not be gone to, and the name is not gone to at all."""
    literal = to.literal
    found = [literal] if literal is not None else _in_time(resolve, to, deadline)
    if not found:
        raise NotSent(Trouble.UNKNOWN_NAME)
    if not all(may_go(to, address, allowed) for address in found):
        raise NotSent(Trouble.REFUSED_ADDRESS)
    return found[:MOST_ADDRESSES]


def _in_time(resolve: Resolve, to: Destination, deadline: float) -> Sequence[Address]:
    """The system's resolver cannot be told to hurry, but it need not be waited for."""
    found: list[Sequence[Address]] = []
    asking = threading.Thread(target=lambda: found.append(resolve(to.host, to.port)), daemon=True)
    asking.start()
    asking.join(max(0.0, deadline - time.monotonic()))
    if asking.is_alive():
        raise NotSent(Trouble.TOO_SLOW)
    return found[0] if found else ()


def _answer(response: httpcore.Response) -> Answer:
    """They have said how it went: of what comes after that, what comes in time."""
    content = bytearray()
    try:
        for chunk in response.iter_stream():
            content += chunk
            if len(content) >= LARGEST_ANSWER:
                break
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        pass
    named = {name.lower(): value for name, value in response.headers}
    after = named.get(b"retry-after", b"").decode("ascii", "replace")
    return Answer(response.status, excerpt_of(bytes(content)), after)


def excerpt_of(content: bytes) -> str:
    """On one line, with nothing in it that cannot be read or stored."""
    text = content[: 4 * LONGEST_EXCERPT].decode("utf-8", "replace")
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())[:LONGEST_EXCERPT]


class _Way(httpcore.NetworkBackend):
    """Connects to these addresses, whatever it is asked for, and until the deadline."""

    def __init__(self, addresses: Sequence[Address], deadline: float) -> None:
        self._addresses, self.deadline = addresses, deadline
        self.is_full = False
        self._room = LARGEST_ANSWER

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        for address in self._addresses[:-1]:
            try:
                return self._connected(address, port, self.left() / 2)
            except httpcore.ConnectError:
                continue
            except httpcore.ConnectTimeout:
                continue
        return self._connected(self._addresses[-1], port, self.left())

    def left(self) -> float:
        """Seconds. httpcore.ReadTimeout where there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    def room(self) -> int:
        """Bytes. httpcore.ReadError where there are none."""
        self.is_full = self._room == 0
        if self.is_full:
            raise httpcore.ReadError
        return self._room

    def took(self, count: int) -> None:
        self._room -= count

    def _connected(self, address: Address, port: int, seconds: float) -> httpcore.NetworkStream:
        stream = httpcore.SyncBackend().connect_tcp(
            str(address), port, timeout=seconds, socket_options=[]
        )
        return _Stream(stream, self)


class _Stream(httpcore.NetworkStream):
    """Each step gets what is left of the time."""

    def __init__(self, inner: httpcore.NetworkStream, way: _Way) -> None:
        self._inner, self._way = inner, way

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        content = self._inner.read(min(max_bytes, self._way.room()), self._way.left())
        self._way.took(len(content))
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _AT_A_TIME):
            self._inner.write(buffer[start : start + _AT_A_TIME], self._way.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._way.left())
        return _Stream(inner, self._way)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Reading the certificates takes longer than sending. SSL_CERT_FILE may name others."""
    return ssl.create_default_context()
