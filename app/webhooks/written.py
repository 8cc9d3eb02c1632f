"""What people wrote, and addresses, stay here: a message has three dots there.

Ids, days and numbers are sent. Of the rest only what is known here: what somebody adds to an event
is left out until somebody has looked at it."""

from app.changeable import ChangeableSettings
from app.eventlog.log import thing_of
from app.handovers.story import kinds
from app.handovers.words import CODES
from app.insight.log_words import WORDS
from app.rows import Shown

LEFT_OUT = "…"
_NAMES = frozenset(
    {
        ("gift.registered", "title"),
        ("group", "name"),
        ("network", "name"),
        ("unit", "name"),
        ("webhook", "name"),
    }
)
"""Fields that hold what a thing is called, by the event or by what it is about."""
_CODES = frozenset({("request", "route"), ("work", "key")})
"""Fields that hold what the product itself calls something, and that have no words."""
_VALUES = frozenset({("setting", "former"), ("setting", "value")})
_NUMBERS = frozenset(
    name
    for name, field in ChangeableSettings.model_fields.items()
    if field.annotation is not str or name == "quiet_weeks"
)
"""The settings that are numbers, or one of a few. In the others an administrator has written."""


def without_what_was_written(event: Shown) -> Shown:
    data = {
        name: value if _may_be_sent(event, name, value) else LEFT_OUT
        for name, value in event["data"].items()
    }
    return {**event, "data": data}


def _may_be_sent(event: Shown, name: str, value: object) -> bool:
    if not isinstance(value, str | list) or kinds(event["type"]).get(name) is not None:
        return True
    place = (thing_of(event["type"]), name)
    if place in _VALUES:
        return event["data"]["name"] in _NUMBERS
    known = _NAMES | _CODES | CODES.keys() | WORDS.keys()
    return place in known or (event["type"], name) in known
