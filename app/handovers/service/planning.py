"""What the unit says of its plan: the read-back, the first step, the next date, the support."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Fault, Invalid, Message
from app.handovers import lifecycle
from app.handovers.events import PlanMade
from app.handovers.life import LONGEST_AGREED
from app.handovers.lifecycle import Step
from app.handovers.models import Handover
from app.handovers.service.deed import Asked, Deed, RippleAnswer, begin


@dataclass(frozen=True)
class Plan:
    """What a unit says of its plan; None where it says nothing new."""

    read_back: str | None = None
    first_step: str | None = None
    next_on: date | None = None
    support_until_on: date | None = None
    exit_criteria: str | None = None


def make_plan(
    session: Session, asked: Asked, handover_id: int, plan: Plan, *, now: datetime
) -> Handover:
    """Writes the read-back, the first step or the next date."""
    deed = begin(session, asked, handover_id, Step.PLAN, now=now)
    lifecycle.after(deed.handover.state, Step.PLAN)
    if made := write_plan(deed, plan):
        deed.lives()
        deed.record(made)
    return deed.handover


def say_ripple(
    session: Session, asked: Asked, handover_id: int, ripple: RippleAnswer, *, now: datetime
) -> Handover:
    """Answers "what does it mean for others?" at any time after the acceptance."""
    deed = begin(session, asked, handover_id, Step.PLAN, now=now)
    lifecycle.after(deed.handover.state, Step.PLAN)
    if deed.answer_ripple(ripple):
        deed.lives()
    return deed.handover


def write_plan(deed: Deed, plan: Plan) -> PlanMade | None:
    """Writes what the plan says, and answers what is to be recorded of it: None for nothing new."""
    if plan.next_on is not None:
        must_be_ahead(deed, plan.next_on)
    _must_not_be_over(deed, plan.support_until_on)
    said = {name: value for name, value in asdict(plan).items() if value is not None}
    new = {name: value for name, value in said.items() if getattr(deed.handover, name) != value}
    for name, value in new.items():
        setattr(deed.handover, name, value)
    return PlanMade(subject_id=deed.handover.key, fields=list(new), **new) if new else None


def must_be_ahead(deed: Deed, next_on: date) -> None:
    """Invalid at `/next_on` where the next step would be today or before, or in years."""
    if next_on <= deed.today:
        raise Invalid.at("/next_on", Message("Vælg en dag efter i dag."), code="not_ahead")
    must_be_within_a_year(deed, next_on, pointer="/next_on")


def must_be_within_a_year(deed: Deed, agreed_on: date, *, pointer: str) -> None:
    """Invalid where nobody would be reminded for longer than any state is left in peace."""
    if agreed_on > deed.today + LONGEST_AGREED:
        raise Invalid.at(
            pointer, Message("Vælg en dag inden for det næste år."), code="too_far_ahead"
        )


def _must_not_be_over(deed: Deed, support_until_on: date | None) -> None:
    """What was agreed once stays, also when it is over and the rest is written anew."""
    if support_until_on in (None, deed.handover.support_until_on):
        return
    if support_until_on < deed.today:
        raise Invalid.at(
            "/support_until_on", Message("Vælg i dag eller en dag senere."), code="over_already"
        )


def must_have_read_back(handover: Handover) -> None:
    """Invalid until the unit has said in its own words what it got, and its first step."""
    faults = []
    if not handover.read_back:
        say = Message("Skriv med egne ord, hvad I har fået (»forstået sådan«).")
        faults.append(Fault("missing", say, pointer="/read_back"))
    if not handover.first_step:
        say = Message("Skriv det første skridt.")
        faults.append(Fault("missing", say, pointer="/first_step"))
    if faults:
        raise Invalid(*faults)
