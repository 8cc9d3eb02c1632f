"""The shelf, the door, the queue and the log over JSON."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy import exists
from sqlmodel import col

from app.eventlog import queries as eventlog
from app.eventlog.models import Event
from app.handovers import reading
from app.handovers.models import Handover
from app.handovers.queries import is_visible, seeing
from app.handovers.rules import rules_by
from app.handovers.schemas import HandoverSummary, summary_json
from app.insight import queue
from app.insight.schemas import Events, Queue, Quiet
from app.people.call import Call, Reading, router, slow_with
from app.people.signed_in import READ_ALL
from app.rest.pages import AskedPage, Page, page_response
from app.rest.paths import QueryId
from app.rows import Prepared
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
    tasks = queue.waiting_for(call.rows, call.person, today=call.today)
    after = page.keyed(date, int, int)
    if after is not None:
        tasks = [task for task in tasks if task.key > after]
    rules = rules_by(call.settings)
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
@slow_with("at_from", "at_before")
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

    The secretariat, administrators and auditors read all of it; others what belongs to handovers
    they see.
    """
    asked: dict[str, object | None] = {
        "type": type,
        "handover_id": handover_id,
        "subject_id": subject_id,
        "actor_id": actor_id,
        "at_from": at_from,
        "at_before": at_before,
    }
    filters = {name: value for name, value in asked.items() if value is not None}
    events = eventlog.page(
        call.rows,
        _log(call.person.roles, frozenset(filters)),
        parameters={**filters, **seeing(call.person, call.today)},
        after_id=page.after_id,
        limit=page.limit + 1,
    )
    return page_response(
        page, events, key=lambda event: (event["id"],), shown=lambda event: event, is_log=True
    )


def _quiet(call: Call, page: Page, filters: Mapping[str, object]) -> Response:
    after: tuple[date, int] | None = None
    match page.keyed(date, int):
        case (date() as due_on, int(row_id)):
            after = (due_on, row_id)
    rows = reading.dustiest(
        call.rows,
        call.person,
        today=call.today,
        filters=filters,
        after=after,
        limit=page.limit + 1,
    )
    rules = rules_by(call.settings)
    return page_response(
        page,
        rows,
        key=lambda row: (row["life_due_on"], row["id"]),
        shown=lambda row: summary_json(row, call.today, rules),
    )


def _asked(**filters: int | None) -> dict[str, object]:
    return {name: value for name, value in filters.items() if value is not None}


@lru_cache(maxsize=256)
def _log(roles: frozenset[str], names: frozenset[str]) -> Prepared:
    if roles.intersection(READ_ALL):
        return eventlog.page_of(names)
    its_handover = col(Handover.id) == col(Event.handover_id)
    is_seen = exists().where(its_handover, is_visible(roles)).correlate(Event)
    return eventlog.page_of(names, is_seen)


def _plain(shown: dict[str, Any]) -> dict[str, Any]:
    """Without the columns that only the queue itself needed."""
    return {name: shown[name] for name in _SUMMARY}


_SUMMARY = tuple(HandoverSummary.model_fields)
