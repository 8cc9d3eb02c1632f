"""The only place that asks what time it is, and what day it is where the municipality lies."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    return datetime.now(UTC)


def local_day(instant: datetime) -> date:
    """The calendar day in Denmark that the instant falls on."""
    return instant.astimezone(COPENHAGEN).date()


def noon_of(day: date) -> datetime:
    """The instant of noon in Denmark on that day: an instant that can only be on that day."""
    return datetime.combine(day, time(12), COPENHAGEN).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The instant at which the day begins in Denmark."""
    return datetime.combine(day, time(0), COPENHAGEN).astimezone(UTC)
