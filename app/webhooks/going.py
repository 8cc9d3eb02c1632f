"""How webhooks have been going, several at a time: for lists, whose queries do not grow."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from app.rows import Prepared, Rows, among, listed
from app.webhooks.models import OffReason, Webhook, WebhookAttempt, WebhookDelivery


def newest(session: Session) -> Mapping[int, WebhookDelivery]:
    """The newest delivery of each webhook that has one, by the id of the webhook."""
    its = aliased(WebhookDelivery)
    newest_id = (
        select(col(its.id))
        .where(col(its.webhook_id) == col(Webhook.id))
        .order_by(col(its.id).desc())
        .limit(1)
        .correlate(Webhook)
        .scalar_subquery()
    )
    statement = select(WebhookDelivery).where(
        col(WebhookDelivery.id).in_(select(newest_id).select_from(Webhook))
    )
    return {one.webhook_id: one for one in session.exec(statement)}


def tries(
    session: Session, delivery_ids: Collection[int], *, most: int
) -> Mapping[int, Sequence[WebhookAttempt]]:
    """The newest tries of each delivery, the last one first, and no more than `most` of each."""
    found: dict[int, list[WebhookAttempt]] = defaultdict(list)
    place = func.row_number().over(
        partition_by=col(WebhookAttempt.delivery_id), order_by=col(WebhookAttempt.id).desc()
    )
    of_these = col(WebhookAttempt.delivery_id).in_(delivery_ids)
    placed = select(col(WebhookAttempt.id), place.label("place")).where(of_these).subquery()
    statement = (
        select(WebhookAttempt)
        .join(placed, col(WebhookAttempt.id) == placed.c.id)
        .where(placed.c.place <= most)
        .order_by(col(WebhookAttempt.id).desc())
    )
    for one in session.exec(statement):
        found[one.delivery_id].append(one)
    return found


def names(rows: Rows, ids: Collection[int]) -> Mapping[int, str]:
    """Name by id, one query; nothing of those that have been deleted."""
    if not ids:
        return {}
    parameters = listed(ids)
    return {row["id"]: row["name"] for row in rows.all(_names(len(parameters)), parameters)}


def in_trouble(session: Session) -> int:
    """How many nothing but failure comes back from, or were switched off for that."""
    given_up = col(Webhook.off_reason).in_([OffReason.FAILING, OffReason.GONE])
    failing = col(Webhook.failing_since).is_not(None)
    statement = select(func.count()).select_from(Webhook).where(or_(failing, given_up))
    return session.exec(statement).one()


@lru_cache(maxsize=16)
def _names(places: int) -> Prepared:
    return Prepared(
        columns(col(Webhook.id), col(Webhook.name)).where(among(col(Webhook.id), places))
    )
