"""Beskeder: what the one who is signed in has been told, by why they are told it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Response

from app.errors import Message
from app.notifications import inbox
from app.notifications.reminded import reminders_say
from app.pages.administration.searching import cut, next_of
from app.pages.drawn import drawn, today_of
from app.pages.log_words import told_in_words
from app.pages.notification_words import GROUPS
from app.people.page_route import pages
from app.people.visit import Visit, see_other
from app.rows import Shown
from app.text import LARGEST_ID, digits

messages = pages()
AT = "/notifications"
SHOWN = 100


@messages.get(AT)
def show_messages(visit: Visit) -> Response:
    """What is unread; or, where it is asked for, what has been read."""
    me, today = visit.must_be_signed_in(), today_of(visit)
    if "read" in visit.query:
        return _show_read(visit)
    found, is_more = cut(inbox.unread(visit.rows, me, today=today, limit=SHOWN + 1), SHOWN)
    return drawn(
        visit,
        "notifications/notifications.html",
        at=AT,
        groups=_grouped(_worded(visit, found)),
        newest=found[0]["id"] if found else 0,
        is_more=is_more,
        done=visit.query.get("done", ""),
    )


@messages.post(f"{AT}/read")
def read_all(visit: Visit) -> Response:
    """What the page showed. What has come since has not been seen."""
    me, until_id = visit.must_be_signed_in(), digits(visit.form.get("until", ""))
    inbox.mark_all_read(
        visit.session, me.id, until_id=min(until_id or 0, LARGEST_ID), now=visit.now
    )
    return see_other(AT, done="all")


@messages.post(f"{AT}/{{notification_id}}/read")
def read_one(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    inbox.mark_read(visit.session, me.id, visit.id("notification_id"), now=visit.now)
    return see_other(AT, done="one")


def _show_read(visit: Visit) -> Response:
    found, is_more = cut(
        inbox.page(
            visit.rows,
            visit.must_be_signed_in(),
            today=today_of(visit),
            before_id=visit.asked("before"),
            limit=SHOWN + 1,
            is_read=True,
        ),
        SHOWN,
    )
    return drawn(
        visit,
        "notifications/read.html",
        at=AT,
        entries=_worded(visit, found),
        next=next_of(visit, read=1, before=found[-1]["id"]) if is_more else None,
        first=f"{AT}?read=1" if "before" in visit.query else None,
    )


def _worded(visit: Visit, found: Sequence[Shown]) -> Sequence[Mapping[str, Any]]:
    """With what happened, and where it leads; nothing of a handover that is not seen any more."""
    for row in found:
        row["is_seen"] = row["handover_id"] is None or row["gift_title"] is not None
    events = [{**row, "id": row["event_id"]} for row in found if row["event_id"] and row["is_seen"]]
    told = {entry["event_id"]: entry for entry in told_in_words(visit, _each_with_type(events))}
    said = _said_by_reminders(visit, found)
    return [
        {**row, "told": told.get(row["event_id"]), "asks": said.get(row["id"])} for row in found
    ]


def _each_with_type(events: Iterable[Shown]) -> Sequence[Shown]:
    return [{**event, "type": event["event_type"]} for event in events]


def _said_by_reminders(visit: Visit, found: Sequence[Shown]) -> Mapping[int, Message]:
    ids = [row["id"] for row in found if row["reminder_id"] and row["is_seen"]]
    me = visit.must_be_signed_in()
    return reminders_say(visit.rows, ids, me.id, today_of(visit))


def _grouped(
    rows: Sequence[Mapping[str, Any]],
) -> Sequence[tuple[Message, Sequence[Mapping[str, Any]]]]:
    """Reasons with the same heading stand together, and nothing is left out."""
    headings = {str(reason): heading for reason, heading in GROUPS.items()}
    order = list(dict.fromkeys(heading.text for heading in GROUPS.values()))
    there: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        heading = headings.get(row["reason"], _OTHERS)
        there.setdefault(heading.text, []).append(row)
    return [(Message(text), there[text]) for text in (*order, _OTHERS.text) if text in there]


_OTHERS = Message("Andet")
