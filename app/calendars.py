"""A date as a file that every calendar reads (RFC 5545)."""

from datetime import date, datetime, timedelta

from icalendar import Calendar, Event


def whole_day(day: date, *, title: str, about: str, url: str, now: datetime) -> bytes:
    """One event that takes the whole day and blocks no time. Taken in twice, it is there once:
    the address and the day are what it is known by."""
    event = Event()
    event.add("uid", f"{day:%Y%m%d}-{url}")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", f"{about}\n{url}")
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", "-//Gavebordet//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
