"""Handovers over JSON: create, read, list, change."""

from dataclasses import fields
from datetime import datetime, time
from typing import Annotated

from fastapi import Query, Response

from app.clock import COPENHAGEN
from app.handovers import reading
from app.handovers.forms import HandoverChange, NewHandover, OwnerForm, PlanForm, RippleRequest
from app.handovers.lifecycle import State
from app.handovers.models import Kind
from app.handovers.rules import rules_by
from app.handovers.schemas import HandoverOut, Handovers, handover_json, summary_json
from app.handovers.service import owning, planning, preparing
from app.handovers.service.deed import Asked
from app.people.call import Call, Changing, Posting, Reading, router, slow_with
from app.rest.bodies import resource
from app.rest.matching import RequiredVersion
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId, QueryId
from app.rest.problems import problems
from app.text import Day, Words, folded

handovers = router("/handovers", tag="handovers")

CHANGE = problems(404, 409, 412, 428)


@handovers.get("", response_model=Handovers)
@slow_with("delivered_from", "delivered_before", "due_from", "due_before", "quiet_since")
def list_handovers(
    call: Reading,
    page: AskedPage,
    unit_id: Annotated[QueryId, Query(description="The unit and everything under it.")] = None,
    network_id: QueryId = None,
    gift_id: QueryId = None,
    owner_id: QueryId = None,
    kind: Kind | None = None,
    state: Annotated[list[State] | None, Query(description="Any of these states.")] = None,
    delivered_from: Annotated[Day | None, Query(description="On this day or later.")] = None,
    delivered_before: Annotated[Day | None, Query(description="Before this day.")] = None,
    due_from: Annotated[Day | None, Query(description="Life due this day or later.")] = None,
    due_before: Annotated[Day | None, Query(description="Life due before this day.")] = None,
    quiet_since: Annotated[
        Day | None, Query(description="Life is expected, and none since the day began.")
    ] = None,
    is_paused: bool | None = None,
    is_open: bool | None = None,
    needs_unit: Annotated[
        bool | None, Query(description="Its unit closed without a successor.")
    ] = None,
    q: Annotated[Words | None, Query(description="Words in the gift's title or summary.")] = None,
) -> Response:
    """Handovers that pass every filter, newest first."""
    asked = {
        "unit_id": unit_id,
        "network_id": network_id,
        "gift_id": gift_id,
        "owner_id": owner_id,
        "kind": kind,
        "delivered_from": _begins(delivered_from),
        "delivered_before": _begins(delivered_before),
        "due_from": due_from,
        "due_before": due_before,
        "quiet_since": _begins(quiet_since),
        "is_paused": is_paused,
        "is_open": is_open,
        "needs_unit": needs_unit,
    }
    rows = reading.newest(
        call.rows,
        call.person,
        today=call.today,
        filters={name: value for name, value in asked.items() if value is not None},
        states=sorted(set(state or [])),
        words=folded(q or "").split()[:8],
        before_id=page.after_id or None,
        limit=page.limit + 1,
    )
    rules = rules_by(call.settings)
    return page_response(
        page,
        rows,
        key=lambda row: (row["id"],),
        shown=lambda row: summary_json(row, call.today, rules),
    )


@handovers.post("", status_code=201, response_model=HandoverOut, responses=problems(409))
def draft_handover(call: Posting, form: NewHandover) -> Response:
    """Prepare a handover of a gift to a unit. The unit sees nothing yet."""
    handover = preparing.draft(
        call.session,
        call.person,
        gift_id=form.gift_id,
        unit_id=form.unit_id,
        kind=form.kind,
        now=call.now,
    )
    return shown(call, handover.key, status=201, location=f"/api/v1/handovers/{handover.id}")


@handovers.get("/{handover_id}", response_model=HandoverOut, responses=problems(404))
def read_handover(call: Reading, handover_id: PathId) -> Response:
    """One handover, with all that has been said of it."""
    return _told(call, handover_id)


@handovers.patch("/{handover_id}", response_model=HandoverOut, responses=CHANGE)
def change_handover(
    call: Changing, handover_id: PathId, form: HandoverChange, version: RequiredVersion
) -> Response:
    """The giver makes it lead or co, or aims a draft at another unit."""
    said = form.said()
    preparing.change(
        call.session,
        Asked(call.person, version),
        handover_id,
        kind=said.get("kind"),
        unit_id=said.get("unit_id"),
        now=call.now,
    )
    return shown(call, handover_id)


@handovers.put("/{handover_id}/plan", response_model=HandoverOut, responses=CHANGE)
def write_plan(
    call: Changing, handover_id: PathId, form: PlanForm, version: RequiredVersion
) -> Response:
    """Write the read-back, the first step or the next date."""
    planning.make_plan(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        plan_in(form),
        now=call.now,
    )
    return shown(call, handover_id)


@handovers.put("/{handover_id}/ripple", response_model=HandoverOut, responses=CHANGE)
def answer_ripple(
    call: Changing, handover_id: PathId, form: RippleRequest, version: RequiredVersion
) -> Response:
    """Answer "what does it mean for others?": which units will feel it, or none."""
    planning.say_ripple(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        form.answered(),
        now=call.now,
    )
    return shown(call, handover_id)


@handovers.put("/{handover_id}/owner", response_model=HandoverOut, responses=CHANGE)
def name_owner(
    call: Changing, handover_id: PathId, form: OwnerForm, version: RequiredVersion
) -> Response:
    """Name another owner in the unit."""
    owning.name_owner(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        owner_id=form.owner_id,
        now=call.now,
    )
    return shown(call, handover_id)


def shown(
    call: Call, handover_id: int, *, status: int = 200, location: str | None = None
) -> Response:
    """The handover as it has been changed, to its last column."""
    call.session.flush()
    return _told(call, handover_id, status=status, location=location)


def _told(
    call: Call, handover_id: int, *, status: int = 200, location: str | None = None
) -> Response:
    row = reading.one(call.rows, call.person, handover_id, today=call.today)
    body = handover_json(row, call.today, rules_by(call.settings))
    return resource(body, status=status, location=location)


def plan_in(form: PlanForm) -> planning.Plan:
    said = form.said()
    return planning.Plan(**{field.name: said.get(field.name) for field in fields(planning.Plan)})


def _begins(day: Day | None) -> datetime | None:
    """The instant at which the day begins in Denmark."""
    return None if day is None else datetime.combine(day, time(), COPENHAGEN)
