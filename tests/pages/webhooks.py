"""Webhooks with what they have been sent, as rows; and their form, filled in."""

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
from app.webhooks.signing import new_message_id, new_secret
from tests.conftest import NOON

AT, NEW = "/administration/webhooks", "/administration/webhooks/new"
ADDRESS = "https://intranet.lindborg.example/krog/hemmelig-7f3a"


def webhook(session: Session, owner: Person, **over: Any) -> Webhook:
    fields = {
        "name": "Intranettet",
        "url": ADDRESS,
        "format": Format.STANDARD,
        "event_types": "handover.accepted handover.declined",
        "owner_id": owner.key,
        "secret": new_secret(),
        "created_at": NOON,
    }
    return _kept(session, Webhook(**{**fields, **over}))


def delivery(session: Session, to: Webhook, **over: Any) -> WebhookDelivery:
    """One that has arrived, unless it is said to be in another state."""
    state = over.pop("state", DeliveryState.DELIVERED)
    fields = {
        "webhook_id": to.key,
        "type": "handover.accepted",
        "message_id": new_message_id(),
        "made_at": NOON,
        "state": state,
        "due_at": NOON + timedelta(hours=1) if state == DeliveryState.WAITING else None,
        "delivered_at": NOON if state == DeliveryState.DELIVERED else None,
    }
    return _kept(session, WebhookDelivery(**{**fields, **over}))


def attempt(session: Session, of: WebhookDelivery, **over: Any) -> WebhookAttempt:
    """One that was answered with 503."""
    fields = {
        "delivery_id": of.key,
        "at": NOON,
        "milliseconds": 120,
        "status": 503,
        "trouble": Trouble.STATUS,
        "excerpt": "Prøv senere",
    }
    return _kept(session, WebhookAttempt(**{**fields, **over}))


def _kept(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
