"""What the owner and the leader do with a gift that has been taken in; each as the API does it."""

from fastapi import Response

from app.errors import Message
from app.follow_ups import service as follow_ups
from app.follow_ups.forms import NewFollowUp
from app.follow_ups.service import CheckIn
from app.handovers import forms
from app.handovers.api import plan_in
from app.handovers.service import anchoring, noting, owning, pausing, planning, using
from app.handovers.service.deed import Asked
from app.handovers.service.pausing import Pause
from app.handovers.service.planning import Plan
from app.handovers.service.using import Trial
from app.pages.answers import decline_with
from app.pages.drawn import today_of
from app.pages.handover import show_handover
from app.pages.units_by_name import with_units
from app.pages.verbs import (
    CHOOSE_DAY,
    CHOOSE_PERSON,
    CHOOSE_UNITS,
    SAY_RIPPLE,
    SAY_WHY,
    asked,
    done,
    within,
)
from app.people.page_route import pages, stands_on
from app.people.visit import Visit

journey = pages()
_HERE = "/handovers/{handover_id}"
_SAY_READ_BACK = Message("Skriv med egne ord, hvad I har fået (»forstået sådan«).")
_SAY_STEP = Message("Skriv det første skridt.")


@journey.post(f"{_HERE}/follow-ups")
@stands_on(show_handover)
def follow_up(visit: Visit) -> Response:
    handover_id = visit.id("handover_id")
    form = visit.read(
        NewFollowUp,
        visit.typed.but(handover_id=str(handover_id)),
        health=Message("Vælg, hvordan det går."),
        note=Message("Fortæl på én linje, hvordan det går."),
        better=Message("Vælg, om det er bedre for borgeren."),
        read_back=_SAY_READ_BACK,
        first_step=_SAY_STEP,
    )
    said = form.said()
    follow_ups.record(
        visit.session,
        asked(visit, form),
        handover_id,
        CheckIn(form.health, form.note, form.better, form.better_how, form.measured, form.next_on),
        plan=Plan(said.get("read_back"), said.get("first_step")),
        now=visit.now,
    )
    return done(visit, "follow-up")


@journey.post(f"{_HERE}/follow-ups/{{follow_up_id}}/seen")
@stands_on(show_handover)
def mark_seen(visit: Visit) -> Response:
    me = visit.changer()
    follow_ups.mark_seen(visit.session, me, visit.id("follow_up_id"), now=visit.now)
    return done(visit, "change")


@journey.post(f"{_HERE}/plan")
@stands_on(show_handover)
def plan(visit: Visit) -> Response:
    form = visit.read(
        forms.PlanForm, visit.typed.filled_in("read_back", "first_step", "exit_criteria")
    )
    planning.make_plan(
        visit.session, asked(visit, form), visit.id("handover_id"), plan_in(form), now=visit.now
    )
    return done(visit, "change")


@journey.post(f"{_HERE}/ripple")
@stands_on(show_handover)
def answer_ripple(visit: Visit) -> Response:
    typed = with_units(visit, visit.typed)
    with within("ripple"):
        form = visit.read(
            forms.RippleRequest,
            typed.within("ripple"),
            answer=SAY_RIPPLE,
            unit_ids=CHOOSE_UNITS,
        )
        planning.say_ripple(
            visit.session,
            asked(visit, form),
            visit.id("handover_id"),
            form.answered(),
            now=visit.now,
        )
    return done(visit, "change")


@journey.post(f"{_HERE}/owner")
@stands_on(show_handover)
def name_owner(visit: Visit) -> Response:
    form = visit.read(forms.OwnerForm, owner_id=CHOOSE_PERSON)
    owning.name_owner(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        owner_id=form.owner_id,
        now=visit.now,
    )
    return done(visit, "owner")


@journey.post(f"{_HERE}/trial")
@stands_on(show_handover)
def start_trial(visit: Visit) -> Response:
    form = visit.read(
        forms.TrialForm,
        question=Message("Skriv, hvad I vil finde ud af."),
        to_on=CHOOSE_DAY,
        read_back=_SAY_READ_BACK,
        first_step=_SAY_STEP,
    )
    using.start_trial(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        Trial(form.question, form.from_on or today_of(visit), form.to_on),
        plan=plan_in(form),
        now=visit.now,
    )
    return done(visit, "trial")


@journey.post(f"{_HERE}/use")
@stands_on(show_handover)
def put_in_use(visit: Visit) -> Response:
    form = visit.read(
        forms.UseForm,
        with_units(visit, visit.typed),
        practice=Message("Skriv, hvad I gør anderledes nu."),
        ripple=SAY_RIPPLE,
        ripple__answer=SAY_RIPPLE,
        ripple__unit_ids=CHOOSE_UNITS,
        read_back=_SAY_READ_BACK,
        first_step=_SAY_STEP,
    )
    using.put_in_use(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        practice=form.practice,
        trial_result=form.trial_result,
        ripple=form.ripple.answered(),
        plan=plan_in(form),
        now=visit.now,
    )
    return done(visit, "use")


@journey.post(f"{_HERE}/anchoring")
@stands_on(show_handover)
def propose_anchoring(visit: Visit) -> Response:
    form = visit.read(
        forms.AnchoringForm,
        success=Message("Skriv, hvordan det går med succeskriteriet."),
        citizen_value=Message("Skriv, om det er blevet bedre for borgeren."),
    )
    anchoring.propose_anchoring(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        success=form.success,
        citizen_value=form.citizen_value,
        now=visit.now,
    )
    return done(visit, "anchoring")


@journey.post(f"{_HERE}/confirmation")
@stands_on(show_handover)
def confirm_anchoring(visit: Visit) -> Response:
    anchoring.anchor(visit.session, asked(visit), visit.id("handover_id"), now=visit.now)
    return done(visit, "anchored")


@journey.post(f"{_HERE}/ending")
@stands_on(show_handover)
def discontinue(visit: Visit) -> Response:
    form = visit.read(
        forms.Ending,
        with_units(visit, visit.typed),
        reason=SAY_WHY,
        learned=Message("Skriv, hvad I lærte."),
        ripple=SAY_RIPPLE,
        ripple__answer=SAY_RIPPLE,
        ripple__unit_ids=CHOOSE_UNITS,
    )
    using.discontinue(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        reason=form.reason,
        learned=form.learned,
        ripple=form.ripple.answered(),
        now=visit.now,
    )
    return done(visit, "ending")


@journey.post(f"{_HERE}/refusal")
@stands_on(show_handover)
def decline_after_all(visit: Visit) -> Response:
    decline_with(visit, visit.typed)
    return done(visit, "refusal")


@journey.post(f"{_HERE}/pause")
@stands_on(show_handover)
def pause(visit: Visit) -> Response:
    form = visit.read(forms.PauseRequest, until=CHOOSE_DAY, reason=SAY_WHY)
    pausing.pause(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        Pause(form.until, form.reason),
        now=visit.now,
    )
    return done(visit, "later")


@journey.post(f"{_HERE}/resume")
@stands_on(show_handover)
def resume(visit: Visit) -> Response:
    form = visit.read(forms.StepForm)
    pausing.resume(visit.session, asked(visit, form), visit.id("handover_id"), now=visit.now)
    return done(visit, "resume")


@journey.post(f"{_HERE}/edition")
@stands_on(show_handover)
def take_edition(visit: Visit) -> Response:
    form = visit.read(forms.StepForm)
    using.take_edition(visit.session, asked(visit, form), visit.id("handover_id"), now=visit.now)
    return done(visit, "change")


@journey.post(f"{_HERE}/notes")
@stands_on(show_handover)
def write_note(visit: Visit) -> Response:
    me = visit.changer()
    form = visit.read(forms.NewNote, text=Message("Skriv bemærkningen."))
    noting.write_note(
        visit.session, Asked(me), visit.id("handover_id"), text=form.text, now=visit.now
    )
    return done(visit, "note")
