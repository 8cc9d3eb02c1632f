"""Logins: who came in, how and from which browser, who was refused, and how it ended."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from fastapi import Response
from sqlalchemy import bindparam
from sqlmodel import col

from app.clock import start_of
from app.eventlog.latest import latest, latest_of, latest_of_types
from app.eventlog.models import Event
from app.pages import sign_in_words
from app.pages.administration.log import types_of
from app.pages.administration.naming import person_asked_for
from app.pages.administration.searching import cut, next_of, search_of
from app.pages.drawn import drawn
from app.pages.log_words import told_in_words
from app.people import sign_ins
from app.people.page_route import pages
from app.people.signed_in import may_administer
from app.people.visit import Visit
from app.rows import Prepared, Shown

all_sign_ins = pages()
SHOWN = 50


@all_sign_ins.get("/administration/sign-ins")
def show_sign_ins(visit: Visit) -> Response:
    may_administer(visit.must_be_signed_in())
    searched = search_of(visit)
    person_id, name = person_asked_for(visit)
    found, is_more = cut(
        latest(
            visit.rows,
            latest_of_types(types_of("sign-ins")) if person_id is None else _of_person(),
            parameters={} if person_id is None else {"person_id": person_id},
            before_id=visit.asked("before"),
            from_at=start_of(searched.from_on) if searched.from_on else None,
            limit=0 if visit.refusal else SHOWN + 1,
        ),
        SHOWN,
    )
    asked = {"person_id": person_id, "kind": None, "from_on": searched.from_on}
    return drawn(
        visit,
        "administration/sign_ins.html",
        entries=_with_browsers(visit, found),
        asked=asked,
        person_name=name,
        ways=sign_in_words.ways,
        endings=sign_in_words.endings,
        next=next_of(visit, **asked, before=found[-1]["id"]) if is_more else None,
        first=None if "before" not in visit.query else next_of(visit, **asked),
    )


def _with_browsers(visit: Visit, events: Sequence[Shown]) -> Sequence[Mapping[str, Any]]:
    of_sessions = {event["subject_id"] for event in events if event["type"].startswith("session.")}
    browsers = sign_ins.browsers(visit.session, of_sessions) if of_sessions else {}
    return [
        {**entry, "data": event["data"], "browser": _browser(event, browsers)}
        for event, entry in zip(events, told_in_words(visit, events), strict=True)
    ]


def _browser(event: Shown, browsers: Mapping[int, str]) -> str | None:
    """None where no browser of ours is known to it."""
    return browsers.get(event["subject_id"]) if event["type"].startswith("session.") else None


@cache
def _of_person() -> Prepared:
    refused = [
        col(Event.subject_id) == bindparam("person_id"),
        col(Event.type) == "sign_in.refused",
    ]
    return latest_of(sign_ins.of_sessions_of("person_id"), refused)
