"""The unit's answers to a gift: one form with six of them, and taking an answer back."""

from collections.abc import Callable, Mapping

from fastapi import Response

from app.errors import Invalid, Message
from app.handovers import forms
from app.handovers.service import answering, reconsidering
from app.handovers.service.answering import Acceptance
from app.handovers.service.pausing import Pause
from app.pages.handover import show_handover
from app.pages.units_by_name import with_units
from app.pages.verbs import (
    ASK_SOMETHING,
    CHOOSE_DAY,
    CHOOSE_PERSON,
    CHOOSE_REASON,
    CHOOSE_UNIT,
    CHOOSE_UNITS,
    SAY_WHAT_FOR,
    SAY_WHY,
    asked,
    done,
    within,
)
from app.people.page_route import pages, stands_on
from app.people.typed import Typed
from app.people.visit import Visit

answers = pages()


@answers.post("/handovers/{handover_id}/answer")
@stands_on(show_handover)
def answer(visit: Visit) -> Response:
    """The one that was chosen; only its own fields count."""
    chosen = visit.typed.get("answer")
    if chosen not in _ANSWERS:
        raise Invalid.at("/answer", Message("Vælg et svar."), code="missing")
    return done(visit, _ANSWERS[chosen](visit))


@answers.post("/handovers/{handover_id}/reconsideration")
@stands_on(show_handover)
def reconsider(visit: Visit) -> Response:
    form = visit.read(forms.StepForm)
    reconsidering.reconsider(
        visit.session, asked(visit, form), visit.id("handover_id"), now=visit.now
    )
    return done(visit, "reconsideration")


def _acknowledge(visit: Visit) -> str:
    form = visit.read(forms.StepForm)
    answering.acknowledge(visit.session, asked(visit, form), visit.id("handover_id"), now=visit.now)
    return "receipt"


def _accept(visit: Visit) -> str:
    typed = visit.typed.within("accept")
    if typed.get("next_on") == "other":
        typed = typed.but(next_on=typed.get("other_on"))
    with within("accept"):
        form = visit.read(
            forms.AcceptanceForm,
            with_units(visit, typed),
            owner_id=CHOOSE_PERSON,
            next_on=CHOOSE_DAY,
            ripple__unit_ids=CHOOSE_UNITS,
        )
        answering.accept(
            visit.session,
            asked(visit, form),
            visit.id("handover_id"),
            Acceptance(form.owner_id, form.next_on, form.read_back, form.first_step),
            ripple=form.ripple.answered() if form.ripple else None,
            now=visit.now,
        )
    return "acceptance"


def _later(visit: Visit) -> str:
    """A receipt and a pause in one; the receipt may be there already."""
    with within("later"):
        form = visit.read(
            forms.PauseRequest, visit.typed.within("later"), until=CHOOSE_DAY, reason=SAY_WHAT_FOR
        )
        answering.acknowledge(
            visit.session,
            asked(visit, form),
            visit.id("handover_id"),
            pause=Pause(form.until, form.reason),
            now=visit.now,
        )
    return "later"


def _pass_on(visit: Visit) -> str:
    with within("pass_on"):
        form = visit.read(
            forms.PassingOn, visit.typed.within("pass_on"), to_unit_id=CHOOSE_UNIT, reason=SAY_WHY
        )
        answering.pass_on(
            visit.session,
            asked(visit, form),
            visit.id("handover_id"),
            to_unit_id=form.to_unit_id,
            reason=form.reason,
            now=visit.now,
        )
    return "passing-on"


def _decline(visit: Visit) -> str:
    with within("decline"):
        decline_with(visit, visit.typed.within("decline"))
    return "refusal"


def decline_with(visit: Visit, typed: Typed) -> None:
    form = visit.read(forms.Refusal, typed, reason_kind=CHOOSE_REASON, reason=SAY_WHY)
    answering.decline(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        reason_kind=form.reason_kind,
        reason=form.reason,
        counter_proposal=form.counter_proposal,
        now=visit.now,
    )


def _ask(visit: Visit) -> str:
    with within("ask"):
        form = visit.read(forms.Question, visit.typed.within("ask"), question=ASK_SOMETHING)
        answering.ask(
            visit.session,
            asked(visit, form),
            visit.id("handover_id"),
            question=form.question,
            now=visit.now,
        )
    return "clarification"


_ANSWERS: Mapping[str, Callable[[Visit], str]] = {
    "acknowledge": _acknowledge,
    "accept": _accept,
    "later": _later,
    "pass_on": _pass_on,
    "decline": _decline,
    "ask": _ask,
}
