"""A unit and a gift on one page each, over JSON."""

from typing import Annotated

from fastapi import Query, Response

from app.gifts import queries as gifts
from app.handovers import counts, queries, reading
from app.handovers.progress import Progress
from app.handovers.rules import rules_by
from app.handovers.schemas import summary_json
from app.insight.schemas import Counts, GiftProgress, UnitSummary
from app.people.call import Reading, router
from app.rest.bodies import resource
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId, QueryId
from app.rest.problems import problems
from app.units import queries as units
from app.units.line import line_of
from app.units.schemas import answering_json, unit_json

summaries = router("", tag="overview")


@summaries.get("/units/{unit_id}/summary", response_model=UnitSummary, responses=problems(404))
def read_unit_summary(call: Reading, unit_id: PathId) -> Response:
    """The unit on one page, for a leader who takes over: what is open, and what has been."""
    unit = units.get(call.session, unit_id)
    answering = line_of(call.session, unit_id, today=call.today).answering()
    rules = rules_by(call.settings)
    rows = reading.open_at_unit(call.rows, call.person, unit_id, today=call.today)
    states = counts.at_unit(call.rows, call.person, unit_id, today=call.today)
    body = {
        "unit": {**unit_json(unit), "answering": answering_json(answering)},
        "counts": states,
        "open": [summary_json(row, call.today, rules) for row in rows],
    }
    return resource(body)


@summaries.get("/gifts/{gift_id}/progress", response_model=GiftProgress, responses=problems(404))
def read_gift_progress(call: Reading, gift_id: PathId) -> Response:
    """How far the gift has come: in use in so many of the units that have received it."""
    gifts.get(call.session, call.person, gift_id, today=call.today)
    states = queries.states_of_gift(call.session, call.person, gift_id, today=call.today)
    progress = Progress.of(states)
    return resource({"in_use": progress.in_use, "units": progress.units, "states": states})


@summaries.get("/counts", response_model=Counts)
def read_counts(
    call: Reading,
    page: AskedPage,
    unit_id: Annotated[QueryId, Query(description="The unit and everything under it.")] = None,
) -> Response:
    """How many handovers each unit has in each state; states that it has none in are left out."""
    rows = counts.by_unit(
        call.rows,
        call.person,
        today=call.today,
        under_id=unit_id,
        after_id=page.after_id,
        limit=page.limit + 1,
    )
    return page_response(page, rows, key=lambda row: (row["unit_id"],), shown=lambda row: row)
