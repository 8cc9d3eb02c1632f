"""The shelf, the door, the queue and the log over JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy import ColumnElement, exists
from sqlmodel import col

from app.eventlog import queries as eventlog
from app.eventlog.models import Event
from app.gifts.queries import READ_ALL
from app.handovers import reading
from app.handovers.models import Handover
from app.handovers.queries import is_visible, seeing
from app.handovers.rules import rules_of
from app.handovers.schemas import HandoverSummary, summary_json
from app.insight import queue
from app.insight.schemas import Events, Queue, Quiet
from app.people.call import Call, Reading, router
from app.people.signed_in import SignedIn
from app.rest.pages import AskedPage, Page, page_response
from app.rest.paths import QueryId
from app.text import Instant, Words

insight = router("", tag="overview")


@insight.get("/shelf", response_model=Quiet)
def read_shelf(
    call: Reading,
    page: AskedPage,
    unit_id: Annotated[QueryId, Query(description="The unit and everything under it.")] = None,
    network_id: QueryId = None,
    gift_id: QueryId = None,
    owner_id: QueryId = None,
) -> Response:
    """On the shelf: acknowledged or later, and no sign of life when one was due."""
    asked = _asked(unit_id=unit_id, network_id=network_id, gift_id=gift_id, owner_id=owner_id)
    return _quiet(call, page, {**asked, "on_shelf": True})


@insight.get("/door", response_model=Quiet)
def read_door(
    call: Reading,
    page: AskedPage,
    unit_id: Annotated[QueryId, Query(description="The unit and everything under it.")] = None,
    network_id: QueryId = None,
    gift_id: QueryId = None,
) -> Response:
    """At the door: delivered, and not acknowledged in time."""
    asked = _asked(unit_id=unit_id, network_id=network_id, gift_id=gift_id)
    return _quiet(call, page, {**asked, "at_door": True})


@insight.get("/queue", response_model=Queue)
def read_queue(call: Reading, page: AskedPage) -> Response:
    """What I must do, most urgent first."""
    tasks = queue.waiting_for(call.session, call.person, today=call.today)
    after = page.keyed(date, int, int)
    if after is not None:
        tasks = [task for task in tasks if task.key > after]
    rules = rules_of(call.session)
    return page_response(
        page,
        tasks,
        key=lambda task: task.key,
        shown=lambda task: {
            "verb": task.verb,
            "due_on": task.due_on,
            "follow_up_id": task.follow_up_id,
            "handover": _plain(summary_json(task.row, call.today, rules)),
        },
    )


@insight.get("/events", response_model=Events)
def read_events(
    call: Reading,
    page: AskedPage,
    type: Annotated[Words | None, Query(examples=["handover.acknowledged"])] = None,
    handover_id: QueryId = None,
    subject_id: QueryId = None,
    actor_id: QueryId = None,
    at_from: Instant | None = None,
    at_before: Instant | None = None,
) -> Response:
    """The log, oldest first; pass `resume` as `cursor` later, for what is new.

    The secretariat and administrators read all of it; others what belongs to handovers they see.
    """
    asked: dict[str, object | None] = {
        "type": type,
        "handover_id": handover_id,
        "subject_id": subject_id,
        "actor_id": actor_id,
        "at_from": at_from,
        "at_before": at_before,
    }
    events = eventlog.page(
        call.session,
        filters={name: value for name, value in asked.items() if value is not None},
        after_id=page.after_id,
        limit=page.limit + 1,
        visible=_is_event_visible(call.person),
        parameters=seeing(call.person, call.today),
    )
    return page_response(
        page, events, key=lambda event: (event.id or 0,), shown=_event_json, is_log=True
    )


def _quiet(call: Call, page: Page, filters: Mapping[str, object]) -> Response:
    after: tuple[date, int] | None = None
    match page.keyed(date, int):
        case (date() as due_on, int(row_id)):
            after = (due_on, row_id)
    rows = reading.dustiest(
        call.session,
        call.person,
        today=call.today,
        filters=filters,
        after=after,
        limit=page.limit + 1,
    )
    rules = rules_of(call.session)
    return page_response(
        page,
        rows,
        key=lambda row: (row.life_due_on, row.id),
        shown=lambda row: summary_json(row, call.today, rules),
    )


def _asked(**filters: int | None) -> dict[str, object]:
    return {name: value for name, value in filters.items() if value is not None}


def _is_event_visible(person: SignedIn) -> ColumnElement[bool] | None:
    if person.roles.intersection(READ_ALL):
        return None
    its_handover = col(Handover.id) == col(Event.handover_id)
    return exists().where(its_handover, is_visible(person.roles)).correlate(Event)


def _event_json(event: Event) -> Mapping[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "subject_id": event.subject_id,
        "handover_id": event.handover_id,
        "actor_id": event.actor_id,
        "on_behalf_of_id": event.on_behalf_of_id,
        "at": event.at,
        "data": event.data,
    }


def _plain(shown: dict[str, Any]) -> dict[str, Any]:
    """Without the columns that only the queue itself needed."""
    return {name: shown[name] for name in HandoverSummary.model_fields}
