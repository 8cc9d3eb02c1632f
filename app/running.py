"""What has been changed of the settings while the product runs, as every process reads it."""

import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from app.changeable import CHANGEABLE, ChangeableSettings
from app.settings import Settings

LOOKED_WITHIN = 1.0
"""Seconds that one look is good for, where the settings are only shown."""

FIRST = 1
"""The version of the settings that nobody has changed."""

_log = logging.getLogger(__name__)
Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Changes:
    """What is changed by now, in the order of the names. The version rises with every change, also
    with one that takes another back."""

    version: int = FIRST
    values: Values = ()

    def over(self, settings: Settings) -> Settings:
        """The settings with the changes on top; the very same ones where there are none."""
        return _over(settings, self.values) if self.values else settings


def changes_in(connection: Connection) -> Changes:
    """As the transaction sees them. One statement, so that they are of one moment."""
    rows = connection.exec_driver_sql("SELECT name, value, version FROM setting").all()
    if not rows:
        return _UNCHANGED
    values = sorted((name, value) for name, value, _ in rows if value is not None)
    return Changes(max(version for *_, version in rows), tuple(values))


class Running:
    """What one process knows of the changes. For what is shown, never for what is stored."""

    def __init__(self) -> None:
        self.changes = _UNCHANGED
        self._looked_until = 0.0

    def look(self, connection: Connection) -> None:
        """At the start of a hop. Those who come in the same second do not look again."""
        now = time.monotonic()
        if now >= self._looked_until:
            self._looked_until = now + LOOKED_WITHIN
            self.changes = changes_in(connection)

    def look_again(self) -> None:
        """The next hop looks, whenever it comes: something has been changed here."""
        self._looked_until = 0.0

    def over(self, settings: Settings) -> Settings:
        return self.changes.over(settings)


def settings_of(state: Any) -> Settings:
    """Of the application's state: the settings as this process knows them. Does not look."""
    settings = state.database.running.over(state.settings)
    assert isinstance(settings, Settings)
    return settings


@lru_cache(maxsize=8)
def _over(settings: Settings, values: Values) -> Settings:
    read = {name: _read(name, value) for name, value in values if name in CHANGEABLE}
    return settings.model_copy(
        update={name: value for name, value in read.items() if value is not None}
    )


def _read(name: str, text: str) -> Any:
    """None for what an older or newer program has stored, and this one would not take."""
    try:
        return TypeAdapter(_TYPES[name]).validate_python(text)
    except ValidationError:
        _log.warning("the setting %s was changed to what cannot be used, and is left out", name)
        return None


_UNCHANGED = Changes()
_TYPES = get_type_hints(ChangeableSettings, include_extras=True)
