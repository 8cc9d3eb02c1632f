"""Asking for a gift over JSON, and what a unit has asked for."""

from fastapi import Response

from app.handovers.api import shown
from app.handovers.forms import GiftRequest
from app.handovers.requests import requests_by_unit
from app.handovers.rules import rules_by
from app.handovers.schemas import HandoverOut, Requests, summary_json
from app.handovers.service import requesting
from app.handovers.service.deed import Asked
from app.people.call import Posting, Reading, router
from app.rest.pages import AskedPage, page_response
from app.rest.paths import PathId
from app.rest.problems import problems

wishes = router("", tag="handovers")


@wishes.post(
    "/gifts/{gift_id}/requests",
    status_code=201,
    response_model=HandoverOut,
    responses=problems(404, 409),
)
def ask_for_gift(call: Posting, gift_id: PathId, form: GiftRequest) -> Response:
    """A unit asks for a gift that others have been given. The giver gets a draft to answer."""
    asked = Asked(call.person, on_behalf_of_id=form.on_behalf_of_id)
    handover = requesting.ask_for(
        call.session, asked, gift_id, unit_id=form.unit_id, why=form.why, now=call.now
    )
    return shown(call, handover.key, status=201, location=f"/api/v1/handovers/{handover.id}")


@wishes.get("/units/{unit_id}/requests", response_model=Requests, responses=problems(404))
def list_requests(call: Reading, unit_id: PathId, page: AskedPage) -> Response:
    """The gifts that the unit has asked for, newest first, with what has become of them."""
    rows = requests_by_unit(
        call.rows,
        call.person,
        unit_id,
        today=call.today,
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
