"""How webhooks look in JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.rest.pages import PageOf
from app.webhooks.addresses import shown
from app.webhooks.models import (
    DeliveryState,
    Format,
    OffReason,
    Trouble,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)


class WebhookOut(BaseModel):
    """`address` is where it goes, without what may be a secret. `failing_since` is set while
    nothing but failure comes back."""

    id: int
    version: int
    name: str
    address: str
    format: Format
    event_types: list[str]
    unit_id: int | None
    owner_id: int
    is_on: bool
    off_at: datetime | None
    off_reason: OffReason | None
    failing_since: datetime | None
    former_secret_until: datetime | None
    created_at: datetime


class WebhookWithSecret(WebhookOut):
    secret: str | None = Field(
        description="Shown this once. Messages are signed with it. Null where the same request is"
        " sent again with its Idempotency-Key."
    )
    secret_note: str | None = Field(description="Where there is no secret: what to do about it.")


class Webhooks(PageOf):
    items: list[WebhookOut]


class DeliveryOut(BaseModel):
    """`message_id` is its `webhook-id`. `due_at` is when it is tried next, while it waits."""

    id: int
    webhook_id: int
    event_id: int | None
    type: str
    message_id: str
    state: DeliveryState
    made_at: datetime
    due_at: datetime | None
    delivered_at: datetime | None


class AttemptOut(BaseModel):
    """`trouble` is null where they took it. `excerpt` is how their answer begins."""

    at: datetime
    milliseconds: int | None
    status_code: int | None
    trouble: Trouble | None
    excerpt: str


class DeliveryWithAttempts(DeliveryOut):
    tries: list[AttemptOut]


class Deliveries(PageOf):
    items: list[DeliveryOut]


def webhook_json(webhook: Webhook) -> Mapping[str, Any]:
    return {
        "id": webhook.id,
        "version": webhook.version,
        "name": webhook.name,
        "address": shown(webhook.url),
        "format": webhook.format,
        "event_types": webhook.event_types.split(),
        "unit_id": webhook.unit_id,
        "owner_id": webhook.owner_id,
        "is_on": webhook.is_on,
        "off_at": webhook.off_at,
        "off_reason": webhook.off_reason,
        "failing_since": webhook.failing_since,
        "former_secret_until": webhook.former_until,
        "created_at": webhook.created_at,
    }


def delivery_json(delivery: WebhookDelivery) -> Mapping[str, Any]:
    return {name: getattr(delivery, name) for name in DeliveryOut.model_fields}


def attempts_json(attempts: Sequence[WebhookAttempt]) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "at": one.at,
            "milliseconds": one.milliseconds,
            "status_code": one.status,
            "trouble": one.trouble,
            "excerpt": one.excerpt,
        }
        for one in attempts
    ]
