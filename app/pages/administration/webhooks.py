"""Webhooks: who is called when something happens, and how that goes; and making a new one."""

from fastapi import Response

from app.pages.administration import webhook_form
from app.pages.administration.shown_once import keep_press, pressed_before
from app.pages.drawn import drawn
from app.pages.webhook_words import FORMATS, heard
from app.people.page_route import pages, stands_on
from app.people.signed_in import may_administer
from app.people.visit import Visit, see_other
from app.units import queries as units
from app.webhooks import going, queries, service
from app.webhooks.addresses import shown
from app.webhooks.forms import NewWebhook
from app.webhooks.models import Webhook

all_webhooks = pages()
AT = "/administration/webhooks"
NEW = f"{AT}/new"


@all_webhooks.get(AT)
def show_webhooks(visit: Visit) -> Response:
    may_administer(visit.must_be_signed_in())
    found = queries.every(visit.session)
    return drawn(
        visit,
        "administration/webhooks.html",
        at=AT,
        webhooks=[(one, shown(one.url), heard(one.event_types.split())) for one in found],
        newest=going.newest(visit.session),
        unit_names=units.names(visit.rows, {one.unit_id for one in found if one.unit_id}),
        formats=FORMATS,
        done=visit.query.get("done", ""),
    )


@all_webhooks.get(NEW)
def show_new_webhook(visit: Visit) -> Response:
    may_administer(visit.must_be_signed_in())
    fields = webhook_form.fields_of(visit, None)
    return drawn(visit, "administration/webhook_new.html", at=AT, **fields)


@all_webhooks.post(NEW)
@stands_on(show_new_webhook)
def make_webhook(visit: Visit) -> Response:
    """The secret is on the page that answers, and nowhere else. Pressed twice there is one."""
    me = visit.must_be_signed_in()
    may_administer(me)
    form = webhook_form.read(visit, NewWebhook)
    if told := pressed_before(visit, me):
        return told
    webhook, secret = service.create(visit.session, me, form.model_dump(), now=visit.now)
    keep_press(visit, me, see_other(f"{AT}/{webhook.id}", done="made"))
    return with_secret(visit, webhook, secret, is_new=True)


def with_secret(visit: Visit, webhook: Webhook, secret: str, *, is_new: bool) -> Response:
    return drawn(
        visit,
        "administration/webhook_secret.html",
        at=f"{AT}/{webhook.id}",
        webhook=webhook,
        secret=secret,
        is_new=is_new,
    )
