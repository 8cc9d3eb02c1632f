"""A handover's story, read back from the log in plain words."""

import re
import typing
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from app.errors import Message
from app.eventlog import queries as eventlog
from app.eventlog.log import CATALOG, PersonId, UnitId, thing_of
from app.handovers.words import CODES, WORDED, WORDS, Word
from app.i18n import Locale, translate
from app.people import queries as people
from app.rows import Rows, Shown
from app.units import queries as units

STORY = eventlog.page_of(["handover_id"])
"""The statement for a page of a story."""

_PRODUCT = "Gavebordet"
_NOBODY = Message("ingen")
_SPOKEN_AS = re.compile("_id(s?)$")


def told(
    rows: Rows,
    events: Sequence[Shown],
    locale: Locale,
    words: Mapping[str, Message] = WORDS,
) -> list[Mapping[str, Any]]:
    """Each event as a sentence, with the names as they are now; `words` are those of the log that
    are not names, for what the events are about."""
    names = _names(rows, events)
    return [_entry(event, names, locale, words) for event in events]


Names = Mapping[Any, Mapping[int, str]]


def _entry(
    event: Shown, names: Names, locale: Locale, words: Mapping[str, Message]
) -> Mapping[str, Any]:
    people_names = names[PersonId]
    actor = people_names[event["actor_id"]] if event["actor_id"] else _PRODUCT
    behalf = people_names[event["on_behalf_of_id"]] if event["on_behalf_of_id"] else None
    who: object = actor
    if behalf is not None:
        who = Message("%(actor)s på vegne af %(behalf)s", actor=actor, behalf=behalf)
    values: dict[str, object] = {"actor": who}
    for field, kind in kinds(event["type"]).items():
        if field in event["data"]:
            spoken = _spoken(_in_words(event, field), kind, names, words)
            values[_SPOKEN_AS.sub(r"\1", field)] = spoken
    happened = CATALOG[event["type"]]
    said = [(name, values[name]) for name in happened.said_in(event["data"])]
    if said:
        values["said"] = Message.listed([_said(name, value, words) for name, value in said])
    sentence = happened.told_as(event["data"]).text
    return {
        "event_id": event["id"],
        "type": event["type"],
        "at": event["at"],
        "by": translate(Message("%(actor)s", actor=actor), locale),
        "on_behalf_of": behalf,
        "text": translate(Message(sentence, **values), locale),
    }


def _said(name: str, value: object, words: Mapping[str, Message]) -> Message:
    """What stands in a field, with the name of it; in quotes, unless it is a day."""
    if isinstance(value, date):
        return Message("%(what)s %(day)s", what=words[name], day=value)
    return Message("%(what)s »%(text)s«", what=words[name], text=value)


def _in_words(event: Shown, field: str) -> Any:
    """The value, or the word for it where it is a code of the event's own."""
    value, codes = event["data"][field], CODES.get((thing_of(event["type"]), field))
    return codes.get(value, value) if codes else value


def _spoken(value: Any, kind: Any, names: Names, words: Mapping[str, Message]) -> object:
    """A value of an event as it is said in a sentence."""
    if isinstance(value, list):
        parts = [_message(_spoken(part, kind, names, words)) for part in value]
        return Message.listed(parts or [_NOBODY])
    if value is None:
        return _NOBODY
    if kind in names:
        return names[kind].get(value, "?")
    if kind is date:
        return date.fromisoformat(value)
    return words.get(value, value) if kind is Word else value


def _message(value: object) -> Message:
    return value if isinstance(value, Message) else Message("%(value)s", value=value)


def _names(rows: Rows, events: Sequence[Shown]) -> Names:
    """The names of everyone and everything the events mention: two queries."""
    ids: dict[Any, set[int]] = {PersonId: set(), UnitId: set()}
    for event in events:
        ids[PersonId] |= {who for who in (event["actor_id"], event["on_behalf_of_id"]) if who}
        for field, kind in kinds(event["type"]).items():
            value = event["data"].get(field)
            if kind in ids and value is not None:
                ids[kind] |= set(value if isinstance(value, list) else [value])
    return {
        PersonId: people.names(rows, ids[PersonId]),
        UnitId: units.names(rows, ids[UnitId]),
    }


@cache
def kinds(event_type: str) -> Mapping[str, Any]:
    """What each field of an event holds: PersonId, UnitId, date, Word, or None for something plain.
    Of a list and of a value that may be missing, the kind of what it holds."""
    hints = typing.get_type_hints(CATALOG[event_type])
    return {
        name: Word if name in WORDED else _kind(hint)
        for name, hint in hints.items()
        if not name.startswith("sentence") and name not in _NOT_DATA
    }


def _kind(hint: Any) -> Any:
    return next((part for part in (hint, *typing.get_args(hint)) if part in _NAMED), None)


_NAMED = (PersonId, UnitId, date)
_NOT_DATA = {"type", "says", "subject_id", "handover_id"}
