"""Webhooks and what they were sent, as rows, for tests of what is shown of them."""

from typing import Any

from app.webhooks.models import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery
from app.webhooks.signing import new_message_id, new_secret
from tests.make import Make


def webhook(make: Make, **over: Any) -> Webhook:
    fields = {
        "name": "Intranettet",
        "url": "https://intranet.lindborg.example/gavebordet",
        "secret": new_secret(),
        "created_at": make.now,
        **over,
    }
    if "owner_id" not in fields:
        fields["owner_id"] = make.administrator().key
    return _saved(make, Webhook(**fields))


def delivery(make: Make, webhook: Webhook, **over: Any) -> WebhookDelivery:
    fields = {
        "type": "webhook.test",
        "message_id": new_message_id(),
        "made_at": make.now,
        "state": DeliveryState.DELIVERED,
        "delivered_at": make.now,
        **over,
    }
    return _saved(make, WebhookDelivery(webhook_id=webhook.key, **fields))


def attempt(make: Make, delivery: WebhookDelivery, **over: Any) -> WebhookAttempt:
    fields = {"at": make.now, "milliseconds": 84, "status": 204, **over}
    return _saved(make, WebhookAttempt(delivery_id=delivery.key, **fields))


def _saved(make: Make, row: Any) -> Any:
    make.session.add(row)
    make.session.flush()
    return row
