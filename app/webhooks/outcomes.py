"""How sending went, in rows: the attempt, the delivery, and how the webhook is doing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete

from app.db import UTCDateTime
from app.eventlog import log
from app.eventlog.log import By, PersonId
from app.people.models import Person
from app.people.queries import holds
from app.people.signed_in import Role
from app.rows import Prepared, Rows, Shown, rows_of
from app.stalled.events import WorkDropped
from app.webhooks import line
from app.webhooks.events import WebhookSwitchedOff
from app.webhooks.models import (
    DeliveryState,
    OffReason,
    Trouble,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from app.webhooks.patience import FAILING_FOR

KEPT_FOR = timedelta(days=30)
"""How long the list of deliveries reaches back."""
FORGOTTEN_AT_A_TIME = 500


@dataclass(frozen=True)
class Outcome:
    """`trouble` is None where they took it."""

    webhook_id: int
    delivery_id: int
    attempt_id: int
    is_test: bool
    at: datetime
    milliseconds: int
    status: int | None
    trouble: Trouble | None
    excerpt: str


def waiting(rows: Rows, delivery_id: int) -> Shown | None:
    """All that it takes to send the delivery; None where it does not wait."""
    return rows.first(_waiting(), {"this": delivery_id})


def begin(delivery_id: int, at: datetime, session: Session) -> int | None:
    """The number of the attempt, which stays interrupted where nothing is heard of it again. None
    where the delivery has been deleted meanwhile, or given up."""
    made = rows_of(session).first(_begin(), {"this": delivery_id, "at": at})
    return made["id"] if made else None


def give_up(delivery_id: int, session: Session) -> None:
    """Without trying, where it waits."""
    rows_of(session).change(_given_up_one(), {"this": delivery_id})


def give_up_waiting(session: Session, webhook_id: int) -> None:
    """All that waits for a webhook that is switched off, or on, but for a test, which is sent
    whatever it is. What is on its way at the moment may still be taken; it is not tried again."""
    rows_of(session).change(_given_up(), {"this": webhook_id})


def give_up_dropped(session: Session, event: WorkDropped, by: By, now: datetime) -> None:
    """What waits with no work in line would wait for ever."""
    if event.kind == line.KIND:
        give_up(line.delivery_in(event.key), session)


# The webhook is written before its deliveries, and they before their attempts, as where one is
# switched off or deleted: so nobody waits for who waits for them.


def note_delivered(outcome: Outcome, session: Session) -> None:
    rows = rows_of(session)
    rows.change(_well(), {"this": outcome.webhook_id})
    delivered_at = outcome.at + timedelta(milliseconds=outcome.milliseconds)
    _settle(rows, outcome.delivery_id, DeliveryState.DELIVERED, delivered_at=delivered_at)
    _note_attempt(rows, outcome)


def note_failed(
    session: Session, outcome: Outcome, *, due_at: datetime | None, held_until: datetime | None
) -> None:
    """To be tried again then, or given up. After days of nothing else it is switched off. How a
    test went says nothing of that."""
    rows = rows_of(session)
    since = None if outcome.is_test else _ill_since(rows, outcome, held_until)
    if due_at is None:
        _settle(rows, outcome.delivery_id, DeliveryState.GIVEN_UP)
    else:
        rows.change(_put_off(), {"this": outcome.delivery_id, "due": due_at})
    _note_attempt(rows, outcome)
    if since is not None and outcome.at - since >= FAILING_FOR:
        _switch_off(session, outcome.webhook_id, OffReason.FAILING, outcome.at)


def note_gone(outcome: Outcome, session: Session) -> None:
    """They said that nobody is there any more: nothing more is sent there."""
    rows = rows_of(session)
    _switch_off(session, outcome.webhook_id, OffReason.GONE, outcome.at)
    _settle(rows, outcome.delivery_id, DeliveryState.GIVEN_UP)
    _note_attempt(rows, outcome)


def forget_old(session: Session, *, now: datetime) -> bool:
    """Deliveries of long ago, so many at most. Whether that was all. What is in line of one that is
    gone, is nothing."""
    old = select(col(WebhookDelivery.id)).where(col(WebhookDelivery.made_at) < now - KEPT_FOR)
    ids = session.execute(old.limit(FORGOTTEN_AT_A_TIME)).scalars().all()
    session.exec(delete(WebhookAttempt).where(col(WebhookAttempt.delivery_id).in_(ids)))
    session.exec(delete(WebhookDelivery).where(col(WebhookDelivery.id).in_(ids)))
    return len(ids) < FORGOTTEN_AT_A_TIME


def _switch_off(session: Session, webhook_id: int, reason: OffReason, at: datetime) -> None:
    webhook = session.get(
        Webhook, webhook_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if webhook is None or not webhook.is_on:
        return
    webhook.off_at, webhook.off_reason = at, reason
    give_up_waiting(session, webhook_id)
    event = WebhookSwitchedOff(
        subject_id=webhook_id,
        name=webhook.name,
        reason=reason,
        person_id=PersonId(_who_is_to_know(session, webhook.owner_id)),
    )
    log.record(session, event, By(), at=at)
    session.flush()


def _who_is_to_know(session: Session, owner_id: int) -> int:
    """Whoever made it; where they have left, the administrator who has been here the longest."""
    owner = session.get(Person, owner_id)
    if owner is not None and not owner.has_left:
        return owner_id
    found = rows_of(session).first(_administrator(), {})
    return found["id"] if found else owner_id


def _ill_since(rows: Rows, outcome: Outcome, held_until: datetime | None) -> datetime | None:
    """None where the webhook is deleted."""
    asked = {"this": outcome.webhook_id, "at": outcome.at, "held": held_until}
    found = rows.first(_ill(), asked)
    return found["failing_since"] if found else None


def _note_attempt(rows: Rows, outcome: Outcome) -> None:
    rows.change(
        _noted(),
        {
            "this": outcome.attempt_id,
            "took": outcome.milliseconds,
            "status": outcome.status,
            "trouble": outcome.trouble,
            "excerpt": outcome.excerpt,
        },
    )


def _settle(
    rows: Rows, delivery_id: int, state: DeliveryState, *, delivered_at: datetime | None = None
) -> None:
    rows.change(_settled(), {"this": delivery_id, "state": state, "delivered": delivered_at})


def _waits() -> ColumnElement[bool]:
    return col(WebhookDelivery.state) == literal_column(f"'{DeliveryState.WAITING}'")


@cache
def _waiting() -> Prepared:
    return Prepared(
        select(
            col(WebhookDelivery.id),
            col(WebhookDelivery.webhook_id),
            col(WebhookDelivery.event_id),
            col(WebhookDelivery.message_id),
            col(WebhookDelivery.made_at),
            col(Webhook.name),
            col(Webhook.url),
            col(Webhook.format),
            col(Webhook.secret),
            col(Webhook.former_secret),
            col(Webhook.former_until),
            col(Webhook.held_until),
            col(Webhook.off_at),
        )
        .join(Webhook, col(Webhook.id) == WebhookDelivery.webhook_id)
        .where(
            col(WebhookDelivery.id) == bindparam("this"),
            _waits(),
        )
    )


@cache
def _begin() -> Prepared:
    of_it: Select[*tuple[Any, ...]] = (
        select(
            col(WebhookDelivery.id),
            bindparam("at", type_=UTCDateTime()),
            literal_column(f"'{Trouble.INTERRUPTED}'"),
            literal_column("''"),
        )
        .where(col(WebhookDelivery.id) == bindparam("this"), _waits())
        .with_for_update(read=True, key_share=True)
    )
    columns = ["delivery_id", "at", "trouble", "excerpt"]
    made = insert(WebhookAttempt).from_select(columns, of_it, include_defaults=False)
    return Prepared(made.returning(col(WebhookAttempt.id)))


@cache
def _noted() -> Prepared:
    return Prepared(
        update(WebhookAttempt)
        .where(col(WebhookAttempt.id) == bindparam("this"))
        .values(
            milliseconds=bindparam("took"),
            status=bindparam("status"),
            trouble=bindparam("trouble"),
            excerpt=bindparam("excerpt"),
        )
    )


@cache
def _settled() -> Prepared:
    return Prepared(
        update(WebhookDelivery)
        .where(col(WebhookDelivery.id) == bindparam("this"))
        .values(
            state=bindparam("state"),
            due_at=null(),
            delivered_at=func.coalesce(bindparam("delivered"), col(WebhookDelivery.delivered_at)),
        )
    )


@cache
def _given_up() -> Prepared:
    is_no_test = col(WebhookDelivery.event_id).is_not(None)
    return _giving_up(col(WebhookDelivery.webhook_id) == bindparam("this"), is_no_test)


@cache
def _given_up_one() -> Prepared:
    return _giving_up(col(WebhookDelivery.id) == bindparam("this"))


def _giving_up(*which: ColumnElement[bool]) -> Prepared:
    given_up = f"'{DeliveryState.GIVEN_UP}'"
    its = update(WebhookDelivery).where(*which, _waits())
    return Prepared(its.values(state=literal_column(given_up), due_at=null()))


@cache
def _put_off() -> Prepared:
    """What was given up while it was on its way, stays so."""
    its = update(WebhookDelivery).where(col(WebhookDelivery.id) == bindparam("this"), _waits())
    return Prepared(its.values(due_at=bindparam("due")))


@cache
def _well() -> Prepared:
    """Also who takes one message may have asked for peace from the others: that stands."""
    is_ill = col(Webhook.failing_since).is_not(None)
    its = update(Webhook).where(col(Webhook.id) == bindparam("this"), is_ill)
    return Prepared(its.values(failing_since=null()))


@cache
def _ill() -> Prepared:
    """Held for longer, never for shorter: what ends meanwhile may have been asked for nothing."""
    held = bindparam("held", type_=UTCDateTime())
    is_longer = col(Webhook.held_until) < held
    its = update(Webhook).where(col(Webhook.id) == bindparam("this"))
    ill = its.values(
        failing_since=func.coalesce(col(Webhook.failing_since), bindparam("at")),
        held_until=case((is_longer, held), else_=func.coalesce(col(Webhook.held_until), held)),
    )
    return Prepared(ill.returning(col(Webhook.failing_since)))


@cache
def _administrator() -> Prepared:
    here = select(col(Person.id)).where(holds(Role.ADMINISTRATOR))
    return Prepared(here.order_by(col(Person.id)).limit(1))


log.follow(WorkDropped, give_up_dropped)
