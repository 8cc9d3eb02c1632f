"""The receiver's steps of the lifecycle over JSON, each as a noun under the handover.

If-Match is required but on the receipt: it asks nothing, and the second one is the first.
"""

from typing import Annotated

from fastapi import Query, Response

from app.handovers import forms
from app.handovers.api import CHANGE, plan_in, shown
from app.handovers.schemas import HandoverOut
from app.handovers.service import anchoring, answering, pausing, reconsidering, using
from app.handovers.service.answering import Acceptance
from app.handovers.service.deed import Asked
from app.handovers.service.pausing import Pause
from app.handovers.service.using import Trial
from app.people.call import Changing, Posting, router
from app.rest.matching import OptionalVersion, RequiredVersion
from app.rest.paths import PathId, QueryId
from app.rest.problems import problems

steps = router("/handovers/{handover_id}", tag="steps")


@steps.post("/receipt", response_model=HandoverOut, responses=problems(404, 409, 412))
def acknowledge(
    call: Posting,
    handover_id: PathId,
    version: OptionalVersion,
    form: forms.Receipt | None = None,
) -> Response:
    """Seen and received. Asking twice gives the same receipt and no second effect."""
    form = form or forms.Receipt()
    pause = Pause(form.pause.until, form.pause.reason) if form.pause else None
    answering.acknowledge(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        pause=pause,
        now=call.now,
    )
    return shown(call, handover_id)


@steps.post("/acceptance", response_model=HandoverOut, responses=CHANGE)
def accept(
    call: Posting, handover_id: PathId, form: forms.AcceptanceForm, version: RequiredVersion
) -> Response:
    """Take the gift in: an owner and a next date. Responsibility moves to the unit."""
    answering.accept(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        Acceptance(form.owner_id, form.next_on, form.read_back, form.first_step),
        ripple=form.ripple.answered() if form.ripple else None,
        now=call.now,
    )
    return shown(call, handover_id)


@steps.post("/clarification", response_model=HandoverOut, responses=CHANGE)
def ask(
    call: Posting, handover_id: PathId, form: forms.Question, version: RequiredVersion
) -> Response:
    """Send it back with a question; the giver answers by delivering again."""
    asked = Asked(call.person, version, form.on_behalf_of_id)
    answering.ask(call.session, asked, handover_id, question=form.question, now=call.now)
    return shown(call, handover_id)


@steps.post("/refusal", response_model=HandoverOut, responses=CHANGE)
def decline(
    call: Posting, handover_id: PathId, form: forms.Refusal, version: RequiredVersion
) -> Response:
    """No thank you, and why."""
    answering.decline(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        reason_kind=form.reason_kind,
        reason=form.reason,
        counter_proposal=form.counter_proposal,
        now=call.now,
    )
    return shown(call, handover_id)


@steps.post("/passing-on", response_model=HandoverOut, responses=CHANGE)
def pass_on(
    call: Posting, handover_id: PathId, form: forms.PassingOn, version: RequiredVersion
) -> Response:
    """It belongs somewhere else. The giver gets a draft to that unit, ready to deliver."""
    answering.pass_on(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        to_unit_id=form.to_unit_id,
        reason=form.reason,
        now=call.now,
    )
    return shown(call, handover_id)


@steps.post("/reconsideration", response_model=HandoverOut, responses=CHANGE)
def reconsider(
    call: Posting, handover_id: PathId, form: forms.StepForm, version: RequiredVersion
) -> Response:
    """Take the answer back, before the trial starts, and answer anew. It is then seen and received,
    in the gift's newest edition. 409 where it was passed on, and has reached the other unit."""
    asked = Asked(call.person, version, form.on_behalf_of_id)
    reconsidering.reconsider(call.session, asked, handover_id, now=call.now)
    return shown(call, handover_id)


@steps.post("/trial", response_model=HandoverOut, responses=CHANGE)
def start_trial(
    call: Posting, handover_id: PathId, form: forms.TrialForm, version: RequiredVersion
) -> Response:
    """Begin a trial: what to find out, from when to when. The read-back must be there."""
    using.start_trial(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        Trial(form.question, form.from_on or call.today, form.to_on),
        plan=plan_in(form),
        now=call.now,
    )
    return shown(call, handover_id)


@steps.post("/use", response_model=HandoverOut, responses=CHANGE)
def put_in_use(
    call: Posting, handover_id: PathId, form: forms.UseForm, version: RequiredVersion
) -> Response:
    """Part of the daily practice. After a trial, with its result."""
    using.put_in_use(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        practice=form.practice,
        trial_result=form.trial_result,
        ripple=form.ripple.answered(),
        plan=plan_in(form),
        now=call.now,
    )
    return shown(call, handover_id)


@steps.post("/anchoring", response_model=HandoverOut, responses=CHANGE)
def propose_anchoring(
    call: Posting, handover_id: PathId, form: forms.AnchoringForm, version: RequiredVersion
) -> Response:
    """The leader calls it part of the day; it is, once the confirmation is there."""
    anchoring.propose_anchoring(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        success=form.success,
        citizen_value=form.citizen_value,
        now=call.now,
    )
    return shown(call, handover_id)


@steps.post("/anchoring/confirmation", response_model=HandoverOut, responses=CHANGE)
def confirm_anchoring(
    call: Posting, handover_id: PathId, form: forms.StepForm, version: RequiredVersion
) -> Response:
    """The giver side or the next leader up confirms; never the owner or the one who proposed."""
    asked = Asked(call.person, version, form.on_behalf_of_id)
    anchoring.anchor(call.session, asked, handover_id, now=call.now)
    return shown(call, handover_id)


@steps.post("/ending", response_model=HandoverOut, responses=CHANGE)
def discontinue(
    call: Posting, handover_id: PathId, form: forms.Ending, version: RequiredVersion
) -> Response:
    """Stop, with the reason and what was learned."""
    using.discontinue(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        reason=form.reason,
        learned=form.learned,
        ripple=form.ripple.answered(),
        now=call.now,
    )
    return shown(call, handover_id)


@steps.post("/pause", response_model=HandoverOut, responses=CHANGE)
def pause(
    call: Posting, handover_id: PathId, form: forms.PauseRequest, version: RequiredVersion
) -> Response:
    """Yes, but not now: quiet until a day, and why."""
    pausing.pause(
        call.session,
        Asked(call.person, version, form.on_behalf_of_id),
        handover_id,
        Pause(form.until, form.reason),
        now=call.now,
    )
    return shown(call, handover_id)


@steps.delete("/pause", response_model=HandoverOut, responses=CHANGE)
def resume(
    call: Changing,
    handover_id: PathId,
    version: RequiredVersion,
    on_behalf_of_id: Annotated[QueryId, Query(description=forms.ON_BEHALF)] = None,
) -> Response:
    """End the pause before its day."""
    asked = Asked(call.person, version, on_behalf_of_id)
    pausing.resume(call.session, asked, handover_id, now=call.now)
    return shown(call, handover_id)


@steps.post("/edition", response_model=HandoverOut, responses=CHANGE)
def take_edition(
    call: Posting, handover_id: PathId, form: forms.StepForm, version: RequiredVersion
) -> Response:
    """A unit that is trying or using the gift takes its newest edition."""
    asked = Asked(call.person, version, form.on_behalf_of_id)
    using.take_edition(call.session, asked, handover_id, now=call.now)
    return shown(call, handover_id)
