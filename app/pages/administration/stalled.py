"""Gået i stå: what the product was to do by itself and gave up, until somebody helps it on."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from app.errors import Conflict, Message, NotFound
from app.eventlog.log import CATALOG
from app.insight.work_words import KINDS, STOPPED
from app.pages.administration.searching import cut, next_of
from app.pages.drawn import drawn
from app.pages.log_words import told_in_words
from app.pages.webhook_words import TROUBLES
from app.people.page_route import pages, stands_on
from app.people.signed_in import SignedIn
from app.people.visit import Visit, see_other
from app.stalled import service

stalled = pages()
AT = "/administration/stalled"
SHOWN = 50
_WHYS: Mapping[str, Message] = {
    **STOPPED,
    **{str(trouble): word for trouble, word in TROUBLES.items()},
}


@stalled.get(AT)
def show_stalled(visit: Visit) -> Response:
    me = visit.must_be_signed_in()
    before_id = visit.asked("before")
    found, is_more = cut(
        service.page(visit.session, me, before_id=before_id, limit=SHOWN + 1), SHOWN
    )
    return drawn(
        visit,
        "administration/stalled.html",
        at=AT,
        items=found,
        untold=_untold(visit, me) if before_id is None else [],
        kinds=KINDS,
        whys=_WHYS,
        next=next_of(visit, before=found[-1].id) if is_more else None,
        first=AT if "before" in visit.query else None,
        done=visit.query.get("done", ""),
    )


@stalled.post(f"{AT}/events/{{event_id}}/retry")
@stands_on(show_stalled)
def pass_on_again(visit: Visit) -> Response:
    me, event_id = visit.must_be_signed_in(), visit.id("event_id")
    try:
        service.pass_on_again(visit.session, me, event_id)
    except NotFound:
        return see_other(AT, done="gone")
    return see_other(AT, done="retried")


@stalled.post(f"{AT}/{{work_id}}/retry")
@stands_on(show_stalled)
def retry_stalled(visit: Visit) -> Response:
    me, work_id = visit.must_be_signed_in(), visit.id("work_id")
    try:
        service.retry(visit.session, me, work_id, now=visit.now)
    except NotFound:
        return see_other(AT, done="gone")
    return see_other(AT, done="retried")


@stalled.post(f"{AT}/{{work_id}}/dropping")
@stands_on(show_stalled)
def drop_stalled(visit: Visit) -> Response:
    me, work_id = visit.must_be_signed_in(), visit.id("work_id")
    try:
        service.drop(visit.session, me, work_id, now=visit.now)
    except (NotFound, Conflict):
        return see_other(AT, done="gone")
    return see_other(AT, done="dropped")


def _untold(visit: Visit, me: SignedIn) -> Sequence[Mapping[str, Any]]:
    """The events that nobody could be told of, each as a sentence, with what was wrong."""
    found = service.events(visit.session, me)
    known = [one.model_dump() for _, one in found if one.type in CATALOG]
    told = {entry["event_id"]: entry["text"] for entry in told_in_words(visit, known)}
    return [
        {"id": one.id, "text": told.get(one.id, one.type), "at": one.at, "error": aside.error}
        for aside, one in found
    ]
