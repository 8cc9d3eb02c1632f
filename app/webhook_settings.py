"""The settings of webhooks: where else than in the open they may go. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

_MOST_PORT = 65535


@dataclass(frozen=True)
class Allowed:
    """A place in the municipality's own net: the name that is called, where it may lie, and the
    port."""

    host: str
    network: IPv4Network | IPv6Network
    port: int


class WebhookSettings(BaseSettings):
    """Without a word here webhooks go only to public addresses, and only over https."""

    webhook_allowed: str = Field(
        "",
        description="Places in the municipality's own net that webhooks may go to, also over plain"
        " http, by commas: name, network and port, as `intranet.lindborg.example 10.2.0.0/16 443`.",
    )

    @field_validator("webhook_allowed")
    @classmethod
    def _are_places(cls, value: str) -> str:
        try:
            _places(value)
        except ValueError:
            raise PydanticCustomError(
                "webhook_allowed", "name, network and port, as `hooks.example 10.2.0.0/16 443`"
            ) from None
        return value

    @property
    def webhook_places(self) -> Sequence[Allowed]:
        return _places(self.webhook_allowed)


def _places(text: str) -> Sequence[Allowed]:
    return [_place(entry) for entry in text.split(",") if entry.strip()]


def _place(entry: str) -> Allowed:
    host, network, port = entry.split()
    if not 0 < int(port) <= _MOST_PORT:
        raise ValueError(port)
    return Allowed(host.lower().strip("[]"), ip_network(network), int(port))
