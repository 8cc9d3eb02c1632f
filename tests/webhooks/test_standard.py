"""What is sent is what others say it is: the specification's own verifiers, and Teams' limits."""

import json
import subprocess
from datetime import UTC, datetime

import orjson
import pytest

from app.errors import Message
from app.webhooks.bodies import LARGEST_BODY, body_of
from app.webhooks.models import Format
from app.webhooks.signing import headers_of, new_message_id, new_secret
from app.webhooks.told import Said
from tests.node.install import HERE, node

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LARGEST_CARD = 28_000
"""Bytes that Teams takes."""


def said(**over) -> Said:
    fields = {
        "type": "handover.delivered",
        "at": AT,
        "title": "Overgangsmødet · Ungeenheden",
        "text": "Gry Giver overrakte udgave 1 af gaven til Ungeenheden.",
        "button": Message("Kvittér"),
        "path": "/handovers/7",
        "data": {"handover_id": 7},
    }
    return Said(**{**fields, **over})


def test_the_verifier_from_npm_accepts_both_signatures_and_nothing_else():
    body = body_of(said(title="Æblegrød 🍏"), Format.STANDARD, "https://gaver.example")
    new, former, other = new_secret(), new_secret(), new_secret()
    headers = headers_of(body, new_message_id(), [new, former], at=datetime.now(UTC))
    asked = {
        "new": [new, body.decode(), headers],
        "former": [former, body.decode(), headers],
        "other secret": [other, body.decode(), headers],
        "other body": [new, body.decode().replace("7", "8"), headers],
        "other id": [new, body.decode(), {**headers, "webhook-id": "msg_2"}],
    }
    answers = subprocess.run(
        [node(), "verify_webhook.mjs"],
        cwd=HERE,
        input=json.dumps(asked),
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert json.loads(answers.stdout) == {
        "new": "handover.delivered",
        "former": "handover.delivered",
        "other secret": "WebhookVerificationError",
        "other body": "WebhookVerificationError",
        "other id": "WebhookVerificationError",
    }


def test_the_card_has_the_gift_what_happened_and_a_button_with_the_verb():
    message = orjson.loads(body_of(said(), Format.TEAMS, "https://gaver.example"))
    (attachment,) = message["attachments"]
    card = attachment["content"]
    assert (message["type"], card["type"]) == ("message", "AdaptiveCard")
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    texts = [block["inlines"][0]["text"] for block in card["body"]]
    assert texts == [said().title, said().text]
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Kvittér", "url": "https://gaver.example/handovers/7"}
    ]


@pytest.mark.parametrize("form", Format)
def test_however_long_everything_is_it_is_small(form):
    long = "😀[klik](https://ond.example)<!channel>@alle " * 500
    data = {"unit_ids": list(range(10**15, 10**15 + 5000))}
    body = body_of(said(title=long, text=long, data=data), form, "https://gaver.example")
    assert len(body) < LARGEST_BODY < LARGEST_CARD
    if form is Format.TEXT:
        assert not any(sign in orjson.loads(body)["text"] for sign in "<>[]")


def test_a_chat_calls_nobody_by_what_stands_in_a_title():
    body = body_of(said(title="@alle <!channel>"), Format.TEXT, "https://gaver.example")
    text = orjson.loads(body)["text"]
    assert "@alle" not in text
    assert "alle" in text
    assert text.endswith("Kvittér: https://gaver.example/handovers/7")
