"""Dates as a file that every calendar reads (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Day:
    """What is on that day, and the page that it is about."""

    on: date
    title: str
    about: str
    url: str


def whole_day(day: date, *, title: str, about: str, url: str, now: datetime) -> bytes:
    """One event that takes the whole day and blocks no time. Taken in twice, it is there once:
    the address and the day are what it is known by."""
    return whole_days([Day(day, title, about, url)], now=now)


def whole_days(days: Sequence[Day], *, now: datetime) -> bytes:
    """The same of several."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gavebordet//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for day in days:
        calendar.add_component(_event(day, now))
    written: bytes = calendar.to_ical()
    return written


def _event(day: Day, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{day.on:%Y%m%d}-{day.url}")
    event.add("dtstamp", now)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", day.title)
    event.add("description", f"{day.about}\n{day.url}")
    event.add("url", day.url)
    event.add("transp", "TRANSPARENT")
    return event
