"""One webhook: how it goes, what it has been sent, and what can be done about it."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from app.eventlog import queries as eventlog
from app.pages.administration import webhook_form
from app.pages.administration.person import meanwhile
from app.pages.administration.searching import cut, next_of
from app.pages.administration.shown_once import keep_press, pressed_before
from app.pages.administration.webhooks import AT, with_secret
from app.pages.drawn import drawn
from app.pages.hearing import hear_if_named
from app.pages.webhook_words import EVENTS, FORMATS, OFF, STATES, TROUBLES, heard
from app.people import queries as people
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_administer
from app.people.visit import Visit, see_other
from app.units import queries as units
from app.webhooks import going, queries, service
from app.webhooks.addresses import shown
from app.webhooks.events import WebhookSwitchedOff
from app.webhooks.forms import WebhookChange
from app.webhooks.models import Webhook

one_webhook = pages()
HERE = f"{AT}/{{webhook_id}}"
SHOWN, TRIES = 20, 12


@one_webhook.get(HERE)
def show_webhook(visit: Visit) -> Response:
    webhook = _asked_for(visit)
    owner = people.names(visit.rows, [webhook.owner_id])[webhook.owner_id]
    found, is_more = cut(
        queries.deliveries(
            visit.session, webhook.key, before_id=visit.asked("before"), limit=SHOWN + 1
        ),
        SHOWN,
    )
    return drawn(
        visit,
        "administration/webhook.html",
        **_drawn_of(visit, webhook),
        heard=heard(webhook.event_types.split()),
        unit_name=_unit_name(visit, webhook),
        owner=owner,
        hears=hear_if_named(visit, WebhookSwitchedOff.type, webhook.owner_id),
        former_until=webhook.former_until if _has_former(visit, webhook) else None,
        words_of={"events": EVENTS, "formats": FORMATS, "states": STATES, "troubles": TROUBLES},
        off_reasons=OFF,
        deliveries=found,
        tries=going.tries(visit.session, [one.key for one in found], most=TRIES),
        is_waiting=any(one.due_at and (webhook.is_on or one.event_id is None) for one in found),
        next=next_of(visit, before=found[-1].id) if is_more else None,
        first=f"{AT}/{webhook.id}" if "before" in visit.query else None,
        done=visit.query.get("done", ""),
    )


@one_webhook.get(f"{HERE}/edit")
def show_editing(visit: Visit) -> Response:
    webhook = _asked_for(visit)
    fields = webhook_form.fields_of(visit, webhook)
    return drawn(
        visit, "administration/webhook_edit.html", **{**fields, **_drawn_of(visit, webhook)}
    )


@one_webhook.post(f"{HERE}/edit")
@stands_on(show_editing)
def change_webhook(visit: Visit) -> Response:
    me, webhook = visit.must_be_signed_in(), _asked_for(visit)
    form = webhook_form.read(visit, WebhookChange, webhook)
    said = {"unit_id": None, **form.said()}
    service.change(visit.session, me, webhook.key, said, version=visit.version, now=visit.now)
    return _done(visit, "changed")


@one_webhook.post(f"{HERE}/secret")
@stands_on(show_webhook)
def rotate_secret(visit: Visit) -> Response:
    me, webhook = visit.must_be_signed_in(), _asked_for(visit)
    if told := pressed_before(visit, me):
        return told
    webhook, secret = service.rotate_secret(
        visit.session, me, webhook.key, version=visit.version, now=visit.now
    )
    keep_press(visit, me, _done(visit, "rotated"))
    return with_secret(visit, webhook, secret, is_new=False)


@one_webhook.post(f"{HERE}/activation")
@stands_on(show_webhook)
def switch_on(visit: Visit) -> Response:
    me, webhook_id = visit.must_be_signed_in(), visit.id("webhook_id")
    service.switch_on(visit.session, me, webhook_id, version=visit.version, now=visit.now)
    return _done(visit, "on")


@one_webhook.post(f"{HERE}/deactivation")
@stands_on(show_webhook)
def switch_off(visit: Visit) -> Response:
    me, webhook_id = visit.must_be_signed_in(), visit.id("webhook_id")
    service.switch_off(visit.session, me, webhook_id, version=visit.version, now=visit.now)
    return _done(visit, "off")


@one_webhook.post(f"{HERE}/deletion")
@stands_on(show_webhook)
def delete_webhook(visit: Visit) -> Response:
    me, webhook_id = visit.must_be_signed_in(), visit.id("webhook_id")
    service.remove(visit.session, me, webhook_id, version=visit.version, now=visit.now)
    return see_other(AT, done="deleted")


@one_webhook.post(f"{HERE}/test")
@stands_on(show_webhook)
def send_test(visit: Visit) -> Response:
    me, webhook_id = visit.must_be_signed_in(), visit.id("webhook_id")
    service.send_test(visit.session, me, webhook_id, now=visit.now)
    return _done(visit, "tested")


@one_webhook.post(f"{HERE}/deliveries/{{delivery_id}}/redelivery")
@stands_on(show_webhook)
def send_again(visit: Visit) -> Response:
    me, webhook_id = visit.must_be_signed_in(), visit.id("webhook_id")
    delivery_id = visit.id("delivery_id")
    service.redeliver(visit.session, me, webhook_id, delivery_id, now=visit.now)
    return _done(visit, "again")


def _asked_for(visit: Visit) -> Webhook:
    may_administer(visit.must_be_signed_in())
    return queries.get(visit.session, visit.id("webhook_id"))


def _drawn_of(visit: Visit, webhook: Webhook) -> Mapping[str, Any]:
    return {
        "webhook": webhook,
        "at": f"{AT}/{webhook.id}",
        "address": shown(webhook.url),
        "seen": eventlog.last_about(visit.rows, "webhook", webhook.key),
        "meanwhile": meanwhile(visit, "webhook", webhook.key),
    }


def _unit_name(visit: Visit, webhook: Webhook) -> str:
    return units.get(visit.session, webhook.unit_id).name if webhook.unit_id else ""


def _has_former(visit: Visit, webhook: Webhook) -> bool:
    return webhook.former_until is not None and webhook.former_until > visit.now


def _done(visit: Visit, what: str) -> Response:
    return see_other(f"{AT}/{visit.id('webhook_id')}", done=what)
