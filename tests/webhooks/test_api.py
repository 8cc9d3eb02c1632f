"""Webhooks over JSON: made once, kept by version, and refused with what to do."""

import pytest
from sqlmodel import col, func, select

from app.eventlog.log import CATALOG, DomainEvent
from app.eventlog.models import Event
from app.rest.idempotency import StoredAnswer
from app.webhooks.fanning import happens_in_a_unit
from app.webhooks.models import Webhook
from app.webhooks.service import MOST_WEBHOOKS
from tests.webhooks import made

PATH = "/api/v1/webhooks"
NEW = {"name": "Intranettet", "url": "https://hooks.lindborg.example/services/T0/hemmelig"}


@pytest.fixture
def client(signed_in, make):
    return signed_in(make.administrator())


def happened(session):
    found = select(Event).where(col(Event.type).like("webhook.%")).order_by(col(Event.id))
    return session.exec(found).all()


def test_its_secret_is_shown_once_and_neither_it_nor_the_address_is_in_the_log(client, session):
    response = client.post(PATH, json=NEW)
    webhook = response.json()
    assert (response.status_code, response.headers["ETag"]) == (201, '"1"')
    assert webhook["secret"].startswith("whsec_")
    at = response.headers["Location"]
    changed = client.patch(at, json={"url": NEW["url"] + "2"}, headers={"If-Match": '"1"'})
    rotated = client.post(f"{at}/secret", headers={"If-Match": '"2"'}).json()
    assert rotated["secret"] != webhook["secret"]
    assert rotated["former_secret_until"]
    read = client.get(at)
    client.delete(at, headers={"If-Match": '"3"'})

    shown = read.text + changed.text + client.get(PATH).text
    events = happened(session)
    told = " ".join(str(event.data) for event in events)
    assert "hemmelig" not in shown + told
    assert "whsec_" not in shown + told
    assert [event.type for event in events] == [
        "webhook.made",
        "webhook.changed",
        "webhook.changed",
        "webhook.deleted",
    ]
    assert client.get(at).status_code == 404


def test_the_same_request_again_is_answered_without_the_secret_which_is_kept_nowhere(
    client, session
):
    key = {"Idempotency-Key": "one"}
    first, again = (client.post(PATH, json=NEW, headers=key) for _ in range(2))
    at = first.headers["Location"]
    rotating = {"Idempotency-Key": "two", "If-Match": '"1"', "Accept-Language": "en"}
    rotated, rotated_again = (client.post(f"{at}/secret", headers=rotating) for _ in range(2))

    for one, other in ((first, again), (rotated, rotated_again)):
        shown, shown_again = one.json(), other.json()
        assert other.headers["Idempotency-Replayed"] == "true"
        assert other.headers["ETag"] == one.headers["ETag"]
        assert (shown["secret"][:6], shown["secret_note"]) == ("whsec_", None)
        assert shown_again["secret"] is None
        assert f"POST {at}/secret" in shown_again["secret_note"]
        assert {**shown, "secret": None, "secret_note": ""} == {**shown_again, "secret_note": ""}
    assert "make a new one" in rotated_again.json()["secret_note"]
    kept = session.exec(select(StoredAnswer)).all()
    assert len(kept) == 2
    assert b"whsec_" not in b"".join(one.body for one in kept)


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"url": "http://hooks.lindborg.example/"}, "/url"),
        ({"url": "https://169.254.169.254/latest"}, "/url"),
        ({"url": "https://localhost/"}, "/url"),
        ({"url": "hooks.lindborg.example"}, "/url"),
        ({"url": "https://a.example/" + "a" * 2000}, "/url"),
        ({"event_types": ["handover.accepted", "handover.sold"]}, "/event_types/1"),
        ({"unit_id": 999_999}, "/unit_id"),
        ({"name": " "}, "/name"),
        ({"secret": "whsec_AAAA"}, "/secret"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(client, session, over, pointer):
    refused = client.post(PATH, json={**NEW, **over})
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [f"#{pointer}"]
    assert session.exec(select(func.count()).select_from(Webhook)).one() == 0


def test_who_asks_about_a_unit_asks_for_something_that_happens_in_one(client, make):
    never = {"unit_id": make.unit().key, "event_types": ["gift.changed", "network.changed"]}
    refused = client.post(PATH, json={**NEW, **never})
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["#/unit_id"]

    one = client.post(PATH, json={**NEW, **never, "unit_id": None}).json()
    at, any_version = f"{PATH}/{one['id']}", {"If-Match": "*"}
    late = client.patch(at, json={"unit_id": never["unit_id"]}, headers=any_version)
    assert late.status_code == 422
    both = {"unit_id": never["unit_id"], "event_types": ["gift.changed", "handover.accepted"]}
    assert client.patch(at, json=both, headers=any_version).status_code == 200
    late = client.patch(at, json={"event_types": ["gift.changed"]}, headers=any_version)
    assert late.status_code == 422
    assert client.patch(at, json={"name": "Ny"}, headers=any_version).status_code == 200


def test_what_happens_in_a_unit_is_what_the_log_ties_to_one():
    for name, kind in CATALOG.items():
        tied = "handover_id" in kind.__dataclass_fields__ or kind.told_of is not DomainEvent.told_of
        assert happens_in_a_unit(name) == (tied or name.startswith("unit.")), name


def test_there_are_never_more_than_can_be_looked_after(client, make):
    owner = make.administrator().key
    for _ in range(MOST_WEBHOOKS):
        made.webhook(make, owner_id=owner)
    assert client.post(PATH, json=NEW).status_code == 409
    page = client.get(PATH, params={"limit": 30}).json()
    assert len(page["items"]) == 30
    rest = client.get(PATH, params={"limit": 30, "cursor": page["next"]}).json()
    assert (len(rest["items"]), rest["next"]) == (20, None)


def test_a_delivery_is_found_only_at_its_own_webhook(client, make):
    one, other = made.webhook(make), made.webhook(make)
    delivery = made.delivery(make, one)
    made.attempt(make, delivery, status=204)
    found = client.get(f"{PATH}/{one.id}/deliveries/{delivery.id}").json()
    assert [attempt["status_code"] for attempt in found["tries"]] == [204]
    path = f"{PATH}/{other.id}/deliveries/{delivery.id}"
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/redelivery").status_code == 404


def test_switched_on_or_off_twice_is_once_and_what_is_stale_is_refused(client, make, session):
    at = f"{PATH}/{made.webhook(make).id}"
    off = [client.post(f"{at}/deactivation", headers={"If-Match": f'"{n}"'}) for n in (1, 2)]
    assert [(answer.status_code, answer.json()["version"]) for answer in off] == [(200, 2)] * 2
    stale = client.post(f"{at}/activation", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    on = client.post(f"{at}/activation", headers={"If-Match": '"2"'}).json()
    assert (on["is_on"], on["off_reason"]) == (True, None)
    assert [event.type for event in happened(session)] == [
        "webhook.switched_off",
        "webhook.switched_on",
    ]
