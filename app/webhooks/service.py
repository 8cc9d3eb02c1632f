"""The verbs of webhooks, which are the administrators'. None commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from app.db import locked, must_be
from app.errors import Conflict, Invalid, Message
from app.eventlog import log
from app.eventlog.log import CATALOG, By, DomainEvent, PersonId
from app.people.signed_in import SignedIn, may_administer
from app.rows import rows_of
from app.settings import Settings
from app.units.models import Unit
from app.webhooks import line, outcomes, queries
from app.webhooks.addresses import NoAddress, destination_of, may_be_called
from app.webhooks.events import (
    WebhookChanged,
    WebhookDeleted,
    WebhookMade,
    WebhookSwitchedOff,
    WebhookSwitchedOn,
)
from app.webhooks.fanning import happens_in_a_unit
from app.webhooks.models import (
    LONGEST_TYPES,
    DeliveryState,
    OffReason,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from app.webhooks.signing import FORMER_COUNTS_FOR, new_message_id, new_secret
from app.work.bell import ring_when_kept

MOST_WEBHOOKS = 50
TEST = "webhook.test"


def create(
    session: Session, person: SignedIn, fields: Mapping[str, Any], *, now: datetime
) -> tuple[Webhook, str]:
    """The webhook, which is on, and the secret, which is shown this once."""
    may_administer(person)
    if queries.how_many(session) >= MOST_WEBHOOKS:
        raise Conflict(
            Message(
                "Der er allerede %(most)s webhooks. Slet en, før du laver en ny.",
                most=MOST_WEBHOOKS,
            )
        )
    stored = _checked(session, fields)
    _must_hear_something(stored.get("event_types", ""), stored.get("unit_id"))
    secret = new_secret()
    webhook = Webhook(**stored, owner_id=person.id, secret=secret, created_at=now)
    session.add(webhook)
    session.flush()
    _record(session, WebhookMade(subject_id=webhook.key, name=webhook.name), person, now)
    return webhook, secret


def change(
    session: Session,
    person: SignedIn,
    webhook_id: int,
    fields: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Webhook:
    """What is sent, and nothing else. What waits goes to the new address, which begins anew with
    its failures: who is there has asked for no patience."""
    webhook = _locked(session, person, webhook_id, version)
    stored = _checked(session, fields)
    if stored.keys() & {"event_types", "unit_id"}:
        types, unit_id = webhook.event_types, webhook.unit_id
        _must_hear_something(stored.get("event_types", types), stored.get("unit_id", unit_id))
    changed = sorted(name for name, value in stored.items() if getattr(webhook, name) != value)
    if changed:
        for name in changed:
            setattr(webhook, name, stored[name])
        if "url" in changed:
            _begin_anew(webhook)
        event = WebhookChanged(subject_id=webhook_id, name=webhook.name, fields=changed)
        _record(session, event, person, now)
    session.flush()
    return webhook


def rotate_secret(
    session: Session, person: SignedIn, webhook_id: int, *, version: int | None, now: datetime
) -> tuple[Webhook, str]:
    """The new secret, which is shown this once. The one before signs too for a day."""
    webhook = _locked(session, person, webhook_id, version)
    webhook.former_secret, webhook.former_until = webhook.secret, now + FORMER_COUNTS_FOR
    webhook.secret = new_secret()
    event = WebhookChanged(subject_id=webhook_id, name=webhook.name, fields=["secret"])
    _record(session, event, person, now)
    session.flush()
    return webhook, webhook.secret


def switch_on(
    session: Session, person: SignedIn, webhook_id: int, *, version: int | None, now: datetime
) -> Webhook:
    """It hears of what happens from now on, and begins anew with its failures. What waits from
    before is given up, where something was put in line just as it was switched off."""
    webhook = _locked(session, person, webhook_id, version)
    if not webhook.is_on:
        webhook.off_at = webhook.off_reason = None
        _begin_anew(webhook)
        outcomes.give_up_waiting(session, webhook_id)
        event = WebhookSwitchedOn(subject_id=webhook_id, name=webhook.name)
        _record(session, event, person, now)
        session.flush()
    return webhook


def switch_off(
    session: Session, person: SignedIn, webhook_id: int, *, version: int | None, now: datetime
) -> Webhook:
    """Nothing is sent any more. What waits is given up, and can be sent again by hand when it is
    on again."""
    webhook = _locked(session, person, webhook_id, version)
    if webhook.is_on:
        webhook.off_at, webhook.off_reason = now, OffReason.BY_HAND
        outcomes.give_up_waiting(session, webhook_id)
        event = WebhookSwitchedOff(
            subject_id=webhook_id,
            name=webhook.name,
            reason=OffReason.BY_HAND,
            person_id=PersonId(webhook.owner_id),
        )
        _record(session, event, person, now)
        session.flush()
    return webhook


def remove(
    session: Session, person: SignedIn, webhook_id: int, *, version: int | None, now: datetime
) -> None:
    """With all that it has been sent. The log keeps that it was there."""
    may_administer(person)
    # Those who put deliveries in line, or send one, wait until it is gone, or are waited for.
    session.get(Webhook, webhook_id, with_for_update=True)
    webhook = _locked(session, person, webhook_id, version)
    its = select(WebhookDelivery.id).where(col(WebhookDelivery.webhook_id) == webhook_id)
    session.exec(its.with_for_update()).all()
    session.exec(delete(WebhookAttempt).where(col(WebhookAttempt.delivery_id).in_(its)))
    session.exec(delete(WebhookDelivery).where(col(WebhookDelivery.webhook_id) == webhook_id))
    session.delete(webhook)
    _record(session, WebhookDeleted(subject_id=webhook_id, name=webhook.name), person, now)
    session.flush()


def send_test(
    session: Session, person: SignedIn, webhook_id: int, *, now: datetime
) -> WebhookDelivery:
    """Also to one that is off. The one that waits already, where there is one."""
    may_administer(person)
    locked(session, Webhook, webhook_id)
    waiting = queries.waiting_test(session, webhook_id)
    if waiting is not None:
        return waiting
    made = WebhookDelivery(
        webhook_id=webhook_id,
        type=TEST,
        message_id=new_message_id(),
        made_at=now,
        state=DeliveryState.WAITING,
        due_at=now,
    )
    session.add(made)
    session.flush()
    line.put_in_line(rows_of(session), made.key)
    ring_when_kept(session)
    return made


def redeliver(
    session: Session, person: SignedIn, webhook_id: int, delivery_id: int, *, now: datetime
) -> WebhookDelivery:
    """The same message once more, at once, and from the first try. Conflict where it is off."""
    may_administer(person)
    webhook = locked(session, Webhook, webhook_id)
    found = queries.delivery(session, webhook_id, delivery_id)
    if not webhook.is_on and found.event_id is not None:
        raise Conflict(Message("Webhooken er slået fra. Slå den til, og send så igen."))
    found.state, found.due_at = DeliveryState.WAITING, now
    session.add(found)
    session.flush()
    line.hasten(rows_of(session), delivery_id)
    ring_when_kept(session)
    return found


def _locked(session: Session, person: SignedIn, webhook_id: int, version: int | None) -> Webhook:
    may_administer(person)
    webhook = locked(session, Webhook, webhook_id)
    must_be(webhook, version)
    return webhook


def _begin_anew(webhook: Webhook) -> None:
    webhook.failing_since = webhook.held_until = None


def _record(session: Session, event: DomainEvent, person: SignedIn, now: datetime) -> None:
    log.record(session, event, By(person.id), at=now)


def _checked(session: Session, fields: Mapping[str, Any]) -> dict[str, Any]:
    """As it is stored. Invalid with what to do where something cannot be."""
    stored = dict(fields)
    if "event_types" in stored:
        stored["event_types"] = _known(stored["event_types"])
    if stored.get("unit_id") is not None and session.get(Unit, stored["unit_id"]) is None:
        raise Invalid.at("/unit_id", Message("Enheden findes ikke."))
    if "url" in stored:
        _may_be_called(session, stored["url"])
    return stored


def _must_hear_something(event_types: str, unit_id: int | None) -> None:
    """What happens in no unit, is never heard of by who asks about one."""
    types = event_types.split()
    if unit_id is not None and types and not any(map(happens_in_a_unit, types)):
        raise Invalid.at(
            "/unit_id",
            Message(
                "Det, som webhooken skal høre om, sker ikke i en enhed. Vælg også noget om"
                " overrækkelser eller enheder, eller lad den høre fra alle enheder."
            ),
        )


def _known(types: list[str]) -> str:
    for place, one in enumerate(types):
        if one not in CATALOG:
            raise Invalid.at(
                f"/event_types/{place}",
                Message("Hændelsen »%(type)s« findes ikke. Se listen over hændelser.", type=one),
            )
    written = " ".join(sorted(set(types)))
    if len(written) > LONGEST_TYPES:
        raise Invalid.at("/event_types", Message("Vælg færre hændelser, eller alle."))
    return written


def _may_be_called(session: Session, url: str) -> None:
    try:
        to = destination_of(url)
    except NoAddress:
        raise Invalid.at(
            "/url", Message("Skriv hele adressen. Den begynder med https://.")
        ) from None
    settings = session.info["settings"]
    assert isinstance(settings, Settings)
    if not may_be_called(to, settings.webhook_places):
        raise Invalid.at("/url", REFUSED)


REFUSED = Message(
    "Dertil sender Gavebordet ikke. Brug en offentlig adresse, der begynder med https://, eller"
    " bed driften om at tillade stedet."
)
