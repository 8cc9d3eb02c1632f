"""What the giver's side does with one handover, and the unit with its request; each as the API
does it."""

from fastapi import Response

from app.errors import Invalid
from app.handovers import forms
from app.handovers.models import Kind
from app.handovers.service import giving, preparing
from app.pages.handover import show_handover
from app.pages.units_by_name import with_units
from app.pages.verbs import (
    CHOOSE_UNIT,
    CHOOSE_UNITS,
    SAY_FOR_WHOM,
    SAY_RIPPLE,
    SAY_WHY,
    asked,
    done,
)
from app.people.page_route import pages, stands_on
from app.people.visit import Visit

giving_pages = pages()
_HERE = "/handovers/{handover_id}"


@giving_pages.post(f"{_HERE}/announcement")
@stands_on(show_handover)
def announce(visit: Visit) -> Response:
    giving.announce(visit.session, asked(visit), visit.id("handover_id"), now=visit.now)
    return done(visit, "change")


@giving_pages.post(f"{_HERE}/delivery")
@stands_on(show_handover)
def deliver(visit: Visit) -> Response:
    form = visit.read(
        forms.Delivery,
        with_units(visit, visit.typed),
        ripple=SAY_RIPPLE,
        ripple__answer=SAY_RIPPLE,
        ripple__unit_ids=CHOOSE_UNITS,
    )
    giving.deliver(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        ripple=form.ripple.answered(),
        now=visit.now,
    )
    return done(visit, "delivery")


@giving_pages.post(f"{_HERE}/withdrawal")
@stands_on(show_handover)
def withdraw(visit: Visit) -> Response:
    return _withdrawn(visit, visit.read(forms.Reason, reason=SAY_WHY), "change")


@giving_pages.post(f"{_HERE}/taking-back")
@stands_on(show_handover)
def take_back(visit: Visit) -> Response:
    """The unit its request. The secretariat, which could say no itself, says whose wish it was."""
    form = visit.read(forms.Reason, reason=SAY_WHY)
    if form.on_behalf_of_id is None and visit.changer().is_secretariat:
        raise Invalid.at("/on_behalf_of_id", SAY_FOR_WHOM, code="missing")
    return _withdrawn(visit, form, "taking-back")


@giving_pages.post(f"{_HERE}/reopening")
@stands_on(show_handover)
def reopen(visit: Visit) -> Response:
    form = visit.read(forms.Reason, reason=SAY_WHY)
    giving.reopen(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        reason=form.reason,
        now=visit.now,
    )
    return done(visit, "delivery")


@giving_pages.post(f"{_HERE}/unit")
@stands_on(show_handover)
def aim(visit: Visit) -> Response:
    form = visit.read(forms.Aim, unit_id=CHOOSE_UNIT)
    preparing.change(
        visit.session,
        asked(visit),
        visit.id("handover_id"),
        kind=None,
        unit_id=form.unit_id,
        now=visit.now,
    )
    return done(visit, "change")


@giving_pages.post(f"{_HERE}/lead")
@stands_on(show_handover)
def make_lead(visit: Visit) -> Response:
    preparing.change(
        visit.session,
        asked(visit),
        visit.id("handover_id"),
        kind=Kind.LEAD,
        unit_id=None,
        now=visit.now,
    )
    return done(visit, "change")


def _withdrawn(visit: Visit, form: forms.Reason, what: str) -> Response:
    giving.withdraw(
        visit.session,
        asked(visit, form),
        visit.id("handover_id"),
        reason=form.reason,
        now=visit.now,
    )
    return done(visit, what)
