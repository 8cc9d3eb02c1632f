"""Follow-ups over JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel

from app.follow_ups import queries, service
from app.follow_ups.forms import FollowUpChange, NewFollowUp
from app.follow_ups.models import Better, FollowUp, Health
from app.follow_ups.service import CheckIn
from app.handovers.service.deed import Asked
from app.handovers.service.planning import Plan
from app.people.call import Changing, Posting, Reading, router
from app.rest.bodies import resource
from app.rest.matching import RequiredVersion
from app.rest.pages import AskedPage, PageOf, page_response
from app.rest.paths import PathId, QueryId
from app.rest.problems import problems

follow_ups = router("/follow-ups", tag="follow-ups")


class FollowUpOut(BaseModel):
    """`due_on` is the agreed date it answered, or the day itself; `measured` is a decimal."""

    id: int
    version: int
    handover_id: int
    author_id: int
    on_behalf_of_id: int | None
    due_on: date
    done_at: datetime
    health: Health
    note: str
    better: Better
    better_how: str
    measured: str | None
    next_on: date | None
    seen_at: datetime | None
    seen_by_id: int | None


class FollowUps(PageOf):
    items: list[FollowUpOut]


@follow_ups.get("", response_model=FollowUps)
def list_follow_ups(
    call: Reading,
    page: AskedPage,
    handover_id: QueryId = None,
    author_id: QueryId = None,
    health: Health | None = None,
    is_seen: Annotated[bool | None, Query(description="By the giver's side.")] = None,
) -> Response:
    """Follow-ups, newest first."""
    rows = queries.page(
        call.session,
        call.person,
        today=call.today,
        before_id=page.after_id or None,
        limit=page.limit + 1,
        handover_id=handover_id,
        author_id=author_id,
        health=health,
        is_seen=is_seen,
    )
    return page_response(page, rows, key=lambda row: (row.key,), shown=follow_up_json)


@follow_ups.post("", status_code=201, response_model=FollowUpOut, responses=problems(404, 409))
def record_follow_up(call: Posting, form: NewFollowUp) -> Response:
    """Record a check-in on a handover. It is a sign of life."""
    said = form.said()
    follow_up = service.record(
        call.session,
        Asked(call.person, on_behalf_of_id=form.on_behalf_of_id),
        form.handover_id,
        CheckIn(
            health=form.health,
            note=form.note,
            better=form.better,
            better_how=form.better_how,
            measured=form.measured,
            next_on=form.next_on,
        ),
        plan=Plan(said.get("read_back"), said.get("first_step")),
        now=call.now,
    )
    location = f"/api/v1/follow-ups/{follow_up.id}"
    return resource(follow_up_json(follow_up), status=201, location=location)


@follow_ups.get("/{follow_up_id}", response_model=FollowUpOut, responses=problems(404))
def read_follow_up(call: Reading, follow_up_id: PathId) -> Response:
    """One follow-up."""
    follow_up = queries.get(call.session, call.person, follow_up_id, today=call.today)
    return resource(follow_up_json(follow_up))


@follow_ups.patch("/{follow_up_id}", response_model=FollowUpOut, responses=problems(404, 412, 428))
def change_follow_up(
    call: Changing, follow_up_id: PathId, form: FollowUpChange, version: RequiredVersion
) -> Response:
    """Correct what was written. The next date is changed on the handover's plan."""
    follow_up = service.change(
        call.session, call.person, follow_up_id, form.said(), version=version, now=call.now
    )
    return resource(follow_up_json(follow_up))


@follow_ups.put("/{follow_up_id}/seen-mark", response_model=FollowUpOut, responses=problems(404))
def mark_seen(call: Changing, follow_up_id: PathId) -> Response:
    """The giver's side has read it."""
    follow_up = service.mark_seen(call.session, call.person, follow_up_id, now=call.now)
    return resource(follow_up_json(follow_up))


def follow_up_json(follow_up: FollowUp) -> Mapping[str, Any]:
    measured = follow_up.measured
    return {
        "id": follow_up.id,
        "version": follow_up.version,
        "handover_id": follow_up.handover_id,
        "author_id": follow_up.author_id,
        "on_behalf_of_id": follow_up.on_behalf_of_id,
        "due_on": follow_up.due_on,
        "done_at": follow_up.done_at,
        "health": follow_up.health,
        "note": follow_up.note,
        "better": follow_up.better,
        "better_how": follow_up.better_how,
        "measured": None if measured is None else f"{measured.normalize():f}",
        "next_on": follow_up.next_on,
        "seen_at": follow_up.seen_at,
        "seen_by_id": follow_up.seen_by_id,
    }
