"""Webhooks, what they are sent, and how that went. For administrators, who see all of it."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from app.errors import NotFound
from app.webhooks.models import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery

MOST_SHOWN_ATTEMPTS = 100


def every(session: Session) -> Sequence[Webhook]:
    """There are never more than `service.MOST_WEBHOOKS`."""
    return session.exec(select(Webhook).order_by(col(Webhook.id))).all()


def get(session: Session, webhook_id: int) -> Webhook:
    webhook = session.get(Webhook, webhook_id)
    if webhook is None:
        raise NotFound
    return webhook


def deliveries(
    session: Session, webhook_id: int, *, before_id: int | None, limit: int
) -> Sequence[WebhookDelivery]:
    """The newest first."""
    statement = select(WebhookDelivery).where(col(WebhookDelivery.webhook_id) == webhook_id)
    if before_id is not None:
        statement = statement.where(col(WebhookDelivery.id) < before_id)
    return session.exec(statement.order_by(col(WebhookDelivery.id).desc()).limit(limit)).all()


def delivery(session: Session, webhook_id: int, delivery_id: int) -> WebhookDelivery:
    found = session.get(WebhookDelivery, delivery_id)
    if found is None or found.webhook_id != webhook_id:
        raise NotFound
    return found


def attempts(session: Session, delivery_id: int) -> Sequence[WebhookAttempt]:
    """The newest, oldest of them first."""
    statement = select(WebhookAttempt).where(col(WebhookAttempt.delivery_id) == delivery_id)
    newest = statement.order_by(col(WebhookAttempt.id).desc()).limit(MOST_SHOWN_ATTEMPTS)
    return session.exec(newest).all()[::-1]


def waiting_test(session: Session, webhook_id: int) -> WebhookDelivery | None:
    statement = select(WebhookDelivery).where(
        col(WebhookDelivery.webhook_id) == webhook_id,
        col(WebhookDelivery.event_id).is_(None),
        col(WebhookDelivery.state) == DeliveryState.WAITING,
    )
    return session.exec(statement.order_by(col(WebhookDelivery.id).desc()).limit(1)).first()


def how_many(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Webhook)).one()
