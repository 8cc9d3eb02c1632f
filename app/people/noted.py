"""Refusals that the log tells of, each as an event of its own: so many an hour and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import singledispatch

from app.errors import AppError
from app.eventlog.log import DomainEvent
from app.rest.throttle import Counted, Limit

AN_HOUR = timedelta(hours=1)
STRANGERS = 60
"""Of one kind in an hour where it is not known who it was: anybody can make them without end."""


def limit_of(kind: str) -> Limit:
    """How many of a kind are told of in an hour."""
    return Limit(kind, STRANGERS, AN_HOUR)


@dataclass(frozen=True)
class Note:
    """What is told, and the limits it counts under: where one is exceeded, it is not."""

    event: DomainEvent
    counted: Sequence[Counted]


@singledispatch
def note_of(refusal: AppError) -> Note | None:
    """For those that are told of whoever it was that asked; each kind is registered where its event
    is declared. None for all others."""
    return None
