"""Where a webhook may go, and where never. Pure: names are looked up elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from app.webhook_settings import Allowed

Address = IPv4Address | IPv6Address
_PORTS = {"https": 443, "http": 80}
_NAME = re.compile(r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}\.?")
_NUMBER = re.compile(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)\.?")
_PLAIN = re.compile(r"[\x21-\x7e]+")
_SHOWN_LAST = 4
# Names that no public server can have.
_INSIDE = (".localhost", ".local", ".internal", ".home.arpa", ".onion")
_THIS_NETWORK = IPv4Network("0.0.0.0/8")

# Where clouds answer with what only the machine itself is to know.
_METADATA = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
    )
)
# An IPv4 address in another dress, or a tunnel to one.
_DISGUISES = tuple(
    IPv6Network(text)
    for text in (
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
    )
)


class NoAddress(ValueError):
    """It is no address that a webhook can have at all."""


@dataclass(frozen=True)
class Destination:
    """`host` is a name in lower case, or an address without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def literal(self) -> Address | None:
        """The address, where the host is one."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """The host and the port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def destination_of(url: str) -> Destination:
    """NoAddress where it is not http or https to a host, with nothing that could be read in two
    ways."""
    try:
        if not _PLAIN.fullmatch(url) or "\\" in url:
            raise NoAddress
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NoAddress from None
    if parts.scheme not in _PORTS or parts.fragment or "@" in parts.netloc or port == 0:
        raise NoAddress
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = Destination(parts.scheme, host, port or _PORTS[parts.scheme], target)
    if found.literal is None and (not _NAME.fullmatch(host) or _NUMBER.fullmatch(host)):
        raise NoAddress
    return found


def shown(url: str) -> str:
    """The address without what may be a secret: where it goes, and how it ends."""
    try:
        to = destination_of(url)
    except NoAddress:
        return "…"
    is_short = len(to.target) <= 3 * _SHOWN_LAST
    return f"{to.scheme}://{to.authority}" + ("/…" if is_short else f"/…{url[-_SHOWN_LAST:]}")


def may_be_called(to: Destination, allowed: Sequence[Allowed]) -> bool:
    """What can be said without looking the name up, which is done whenever something is sent: an
    address must be one that may be gone to, and a name of the inside, or over plain http, must be
    one that the operator has named."""
    if to.literal is not None:
        return may_go(to, to.literal, allowed)
    is_named = any((one.host, one.port) == (to.host, to.port) for one in allowed)
    name = to.host.rstrip(".")
    is_inside = "." not in name or name.endswith(_INSIDE)
    return is_named or (to.scheme == "https" and not is_inside)


def may_go(to: Destination, address: Address, allowed: Sequence[Allowed]) -> bool:
    """Whether a message for there may be sent to that address. What is not public, and plain http,
    only where the operator has named host, network and port; the machine itself only where the
    network named is the machine's own. Some places never."""
    if is_never(address):
        return False
    named = [one.network for one in allowed if (one.host, one.port) == (to.host, to.port)]
    fitting = [network for network in named if address in network]
    if address.is_loopback:
        return any(network.is_loopback for network in fitting)
    is_open = address.is_global and to.scheme == "https"
    return is_open or bool(fitting)


def is_never(address: Address) -> bool:
    """Whether nobody can allow it."""
    if address in _METADATA or address.is_link_local or address.is_multicast:
        return True
    if address.is_unspecified or (address.is_reserved and not address.is_loopback):
        return True
    if isinstance(address, IPv4Address):
        return address in _THIS_NETWORK
    is_scoped = address.scope_id is not None
    is_disguised = any(address in network for network in _DISGUISES)
    return is_scoped or is_disguised or address.is_site_local
