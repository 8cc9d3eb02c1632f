"""Gået i stå: what the product was to do by itself and gave up, until somebody helps it on."""

from fastapi import Response

from app.errors import Conflict, NotFound
from app.pages.administration.searching import cut, next_of
from app.pages.drawn import drawn
from app.pages.work_words import KINDS
from app.people.page_route import pages, stands_on
from app.people.visit import Visit, see_other
from app.stalled import service

stalled = pages()
AT = "/administration/stalled"
SHOWN = 50


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
        kinds=KINDS,
        next=next_of(visit, before=found[-1].id) if is_more else None,
        first=AT if "before" in visit.query else None,
        done=visit.query.get("done", ""),
    )


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
