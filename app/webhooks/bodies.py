"""How a message looks in each format: JSON, and always small. Pure."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import orjson

from app.i18n import translate
from app.webhooks.models import Format
from app.webhooks.told import Said

LARGEST_BODY = 20_000
_LONGEST = 300
# Chats make links, mentions and markup of these.
_PLAIN = str.maketrans("<>[]`&", "()()'+") | {ord("@"): "@\N{WORD JOINER}"}


def body_of(said: Said, form: Format, public_url: str) -> bytes:
    """The same bytes for the same message, as long as the names in it are the same."""
    url = public_url + said.path
    match form:
        case Format.STANDARD:
            body = _standard(said, url)
        case Format.TEAMS:
            body = _teams(said, url)
        case Format.TEXT:
            body = {"text": _text(said, url)}
        case _:
            raise ValueError(form)
    written = orjson.dumps(body)
    assert len(written) < LARGEST_BODY
    return written


def _standard(said: Said, url: str) -> Mapping[str, Any]:
    at = said.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    data = {**said.data, "title": _short(said.title), "text": _short(said.text), "url": url}
    return {"type": said.type, "timestamp": at, "data": _bounded(data)}


def _bounded(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A list of hundreds says how many by its page, not here."""
    return {name: value[:100] if isinstance(value, list) else value for name, value in data.items()}


def _teams(said: Said, url: str) -> Mapping[str, Any]:
    """An Adaptive Card as a workflow in Teams takes it. Text runs know no markup, so nobody's title
    becomes a link."""
    heading = {"type": "TextRun", "text": _short(said.title), "size": "large", "weight": "bolder"}
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": "da",
        "body": [
            {"type": "RichTextBlock", "inlines": [heading]},
            {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": _short(said.text)}]},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": translate(said.button, "da"), "url": url}],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _text(said: Said, url: str) -> str:
    what = f"{_short(said.title)}: {_short(said.text)}".translate(_PLAIN)
    return f"{what}\n{translate(said.button, 'da')}: {url}"


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 1] + "…"
