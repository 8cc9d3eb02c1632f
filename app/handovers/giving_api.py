"""The giver's steps of the lifecycle over JSON, each as a noun under the handover."""

from fastapi import Response

from app.handovers import forms
from app.handovers.api import CHANGE, shown
from app.handovers.schemas import HandoverOut
from app.handovers.service import giving
from app.handovers.service.deed import Asked
from app.people.call import Posting, router
from app.rest.matching import RequiredVersion
from app.rest.paths import PathId

giving_steps = router("/handovers/{handover_id}", tag="steps")


@giving_steps.post("/announcement", response_model=HandoverOut, responses=CHANGE)
def announce(
    call: Posting, handover_id: PathId, form: forms.StepForm, version: RequiredVersion
) -> Response:
    """Tell the unit that a gift is on its way."""
    asked = Asked(call.person, version, form.on_behalf_of_id)
    giving.announce(call.session, asked, handover_id, now=call.now)
    return shown(call, handover_id)


@giving_steps.post("/delivery", response_model=HandoverOut, responses=CHANGE)
def deliver(
    call: Posting, handover_id: PathId, form: forms.Delivery, version: RequiredVersion
) -> Response:
    """Hand the gift over. A 409 lists all that is missing in `missing`."""
    giving.deliver(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        ripple=form.ripple.answered(),
        now=call.now,
    )
    return shown(call, handover_id)


@giving_steps.post("/withdrawal", response_model=HandoverOut, responses=CHANGE)
def withdraw(
    call: Posting, handover_id: PathId, form: forms.Reason, version: RequiredVersion
) -> Response:
    """Take the gift back before it has been accepted; or the unit its request, while it waits."""
    asked = Asked(call.person, version, form.on_behalf_of_id)
    giving.withdraw(call.session, asked, handover_id, reason=form.reason, now=call.now)
    return shown(call, handover_id)


@giving_steps.post("/reopening", response_model=HandoverOut, responses=CHANGE)
def reopen(
    call: Posting, handover_id: PathId, form: forms.Reason, version: RequiredVersion
) -> Response:
    """Hand an ended handover over once more, from the beginning."""
    asked = Asked(call.person, version, form.on_behalf_of_id)
    giving.reopen(call.session, asked, handover_id, reason=form.reason, now=call.now)
    return shown(call, handover_id)
