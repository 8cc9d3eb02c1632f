"""What can happen to webhooks. The address itself is not in the log: it may hold a secret."""

from dataclasses import dataclass
from typing import ClassVar

from app.errors import Message
from app.eventlog.log import DomainEvent, PersonId


@dataclass(frozen=True, kw_only=True)
class WebhookMade(DomainEvent):
    type: ClassVar[str] = "webhook.made"
    sentence: ClassVar[Message] = Message("%(actor)s oprettede webhooken %(name)s.")
    name: str


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(DomainEvent):
    """`fields` has `secret` where the secret was made anew."""

    type: ClassVar[str] = "webhook.changed"
    sentence: ClassVar[Message] = Message("%(actor)s rettede webhooken %(name)s: %(fields)s.")
    name: str
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class WebhookSwitchedOn(DomainEvent):
    type: ClassVar[str] = "webhook.switched_on"
    sentence: ClassVar[Message] = Message("%(actor)s slog webhooken %(name)s til.")
    name: str


@dataclass(frozen=True, kw_only=True)
class WebhookSwitchedOff(DomainEvent):
    """`person_id` is who is to know. By the product itself where the reason is not `by_hand`."""

    type: ClassVar[str] = "webhook.switched_off"
    sentence: ClassVar[Message] = Message(
        "Webhooken %(name)s blev slået fra. Hvorfor, står på dens side."
    )
    name: str
    reason: str
    person_id: PersonId


@dataclass(frozen=True, kw_only=True)
class WebhookDeleted(DomainEvent):
    type: ClassVar[str] = "webhook.deleted"
    sentence: ClassVar[Message] = Message("%(actor)s slettede webhooken %(name)s.")
    name: str
