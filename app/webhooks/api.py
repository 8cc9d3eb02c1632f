"""Webhooks over JSON, for administrators."""

from fastapi import Response

from app.errors import Message
from app.i18n import locale_of, translate
from app.people.call import Call, Changing, Posting, Reading, router
from app.people.signed_in import may_administer
from app.rest.bodies import no_content, resource
from app.rest.matching import RequiredVersion
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId
from app.rest.problems import problems
from app.webhooks import queries, service
from app.webhooks.forms import NewWebhook, WebhookChange
from app.webhooks.models import Webhook
from app.webhooks.schemas import (
    Deliveries,
    DeliveryOut,
    DeliveryWithAttempts,
    WebhookOut,
    Webhooks,
    WebhookWithSecret,
    attempts_json,
    delivery_json,
    webhook_json,
)

webhooks = router("/webhooks", tag="webhooks")

_CHANGE = problems(404, 412, 428)


@webhooks.get("", response_model=Webhooks)
def list_webhooks(call: Reading, page: AskedPage) -> Response:
    """Webhooks by id."""
    may_administer(call.person)
    rows = [one for one in queries.every(call.session) if one.key > page.after_id]
    return page_response(page, rows, key=lambda row: (row.key,), shown=webhook_json)


@webhooks.post("", status_code=201, response_model=WebhookWithSecret, responses=problems(409))
def make_webhook(call: Posting, form: NewWebhook) -> Response:
    """Have an address called when something happens. The secret is shown this once: the same
    request again, with its Idempotency-Key, is answered without it."""
    webhook, secret = service.create(call.session, call.person, form.model_dump(), now=call.now)
    return _with_secret(call, webhook, secret, status=201)


@webhooks.get("/{webhook_id}", response_model=WebhookOut, responses=problems(404))
def read_webhook(call: Reading, webhook_id: PathId) -> Response:
    """One webhook."""
    may_administer(call.person)
    return resource(webhook_json(queries.get(call.session, webhook_id)))


@webhooks.patch("/{webhook_id}", response_model=WebhookOut, responses=_CHANGE)
def change_webhook(
    call: Changing, webhook_id: PathId, form: WebhookChange, version: RequiredVersion
) -> Response:
    """Change the fields that are sent."""
    webhook = service.change(
        call.session, call.person, webhook_id, form.said(), version=version, now=call.now
    )
    return resource(webhook_json(webhook))


@webhooks.delete("/{webhook_id}", status_code=204, responses=_CHANGE)
def delete_webhook(call: Changing, webhook_id: PathId, version: RequiredVersion) -> Response:
    """Delete it, and the list of what it has been sent."""
    service.remove(call.session, call.person, webhook_id, version=version, now=call.now)
    return no_content()


@webhooks.post("/{webhook_id}/secret", response_model=WebhookWithSecret, responses=_CHANGE)
def rotate_secret(call: Posting, webhook_id: PathId, version: RequiredVersion) -> Response:
    """A new secret, shown this once. For 24 hours messages carry the former signature too."""
    webhook, secret = service.rotate_secret(
        call.session, call.person, webhook_id, version=version, now=call.now
    )
    return _with_secret(call, webhook, secret)


@webhooks.post("/{webhook_id}/activation", response_model=WebhookOut, responses=_CHANGE)
def switch_on(call: Posting, webhook_id: PathId, version: RequiredVersion) -> Response:
    """Switch it on: it hears of what happens from now on."""
    webhook = service.switch_on(
        call.session, call.person, webhook_id, version=version, now=call.now
    )
    return resource(webhook_json(webhook))


@webhooks.post("/{webhook_id}/deactivation", response_model=WebhookOut, responses=_CHANGE)
def switch_off(call: Posting, webhook_id: PathId, version: RequiredVersion) -> Response:
    """Switch it off: nothing is sent any more, also not what waits."""
    webhook = service.switch_off(
        call.session, call.person, webhook_id, version=version, now=call.now
    )
    return resource(webhook_json(webhook))


@webhooks.post("/{webhook_id}/test", response_model=DeliveryOut, responses=problems(404))
def send_test(call: Posting, webhook_id: PathId) -> Response:
    """Send a `webhook.test`, also where it is off. How it went is among its deliveries."""
    return resource(
        delivery_json(service.send_test(call.session, call.person, webhook_id, now=call.now))
    )


@webhooks.get("/{webhook_id}/deliveries", response_model=Deliveries, responses=problems(404))
def list_deliveries(call: Reading, webhook_id: PathId, page: AskedPage) -> Response:
    """What it was sent, or is to be sent, newest first."""
    may_administer(call.person)
    queries.get(call.session, webhook_id)
    rows = queries.deliveries(
        call.session, webhook_id, before_id=page.after_id or None, limit=page.limit + 1
    )
    return page_response(page, rows, key=lambda row: (row.key,), shown=delivery_json)


@webhooks.get(
    "/{webhook_id}/deliveries/{delivery_id}",
    response_model=DeliveryWithAttempts,
    responses=problems(404),
)
def read_delivery(call: Reading, webhook_id: PathId, delivery_id: PathId) -> Response:
    """One delivery, with each time that it was tried."""
    may_administer(call.person)
    found = queries.delivery(call.session, webhook_id, delivery_id)
    attempts = attempts_json(queries.attempts(call.session, delivery_id))
    return resource({**delivery_json(found), "tries": attempts})


@webhooks.post(
    "/{webhook_id}/deliveries/{delivery_id}/redelivery",
    response_model=DeliveryOut,
    responses=problems(404, 409),
)
def redeliver(call: Posting, webhook_id: PathId, delivery_id: PathId) -> Response:
    """Send it once more, with the same `webhook-id`."""
    found = service.redeliver(call.session, call.person, webhook_id, delivery_id, now=call.now)
    return resource(delivery_json(found))


def _with_secret(call: Call, webhook: Webhook, secret: str, *, status: int = 200) -> Response:
    """The secret is in this answer and nowhere else, also not in what is kept of it."""
    address = f"/api/v1/webhooks/{webhook.id}"
    locale = locale_of(call.request.headers.get("accept-language", ""))
    note = translate(Message(_SHOWN.text, address=f"{address}/secret"), locale)

    def answer(secret: str | None, note: str | None) -> Response:
        body = {**webhook_json(webhook), "secret": secret, "secret_note": note}
        return resource(body, status=status, location=address if status == 201 else None)

    call.said_again = answer(None, note)
    return answer(secret, None)


_SHOWN = Message(
    "Hemmeligheden stod i det første svar og vises ikke igen. Mangler du den, så lav en ny:"
    " POST %(address)s"
)
