"""Webhooks with what they have been sent, as the pages of Administration show them."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.people.models import Person
from app.webhooks.models import (
    DeliveryState,
    Format,
    Trouble,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from tests.conftest import NOON
from tests.make import Make
from tests.webhooks import made

AT, NEW = "/administration/webhooks", "/administration/webhooks/new"
ADDRESS = "https://intranet.lindborg.example/krog/hemmelig-7f3a"


def webhook(session: Session, owner: Person, **over: Any) -> Webhook:
    fields = {
        "url": ADDRESS,
        "format": Format.STANDARD,
        "event_types": "handover.accepted handover.declined",
        "owner_id": owner.key,
    }
    return made.webhook(Make(session, NOON), **{**fields, **over})


def delivery(session: Session, to: Webhook, **over: Any) -> WebhookDelivery:
    """One that has arrived, unless it is said to be in another state."""
    state = over.get("state", DeliveryState.DELIVERED)
    fields = {
        "type": "handover.accepted",
        "due_at": NOON + timedelta(hours=1) if state == DeliveryState.WAITING else None,
        "delivered_at": NOON if state == DeliveryState.DELIVERED else None,
    }
    return made.delivery(Make(session, NOON), to, **{**fields, **over})


def attempt(session: Session, of: WebhookDelivery, **over: Any) -> WebhookAttempt:
    """One that was answered with 503."""
    fields = {
        "milliseconds": 120,
        "status": 503,
        "trouble": Trouble.STATUS,
        "excerpt": "Prøv senere",
    }
    return made.attempt(Make(session, NOON), of, **{**fields, **over})
