"""What the unit does with a gift it has accepted: try, use, stop, take a new edition."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Invalid, Message
from app.handovers import lifecycle
from app.handovers.events import (
    EditionTaken,
    HandoverDiscontinued,
    HandoverPutInUse,
    TrialStarted,
)
from app.handovers.lifecycle import State, Step
from app.handovers.models import Handover
from app.handovers.service.deed import Asked, Deed, RippleAnswer, begin
from app.handovers.service.planning import (
    Plan,
    must_be_within_a_year,
    must_have_read_back,
    write_plan,
)


@dataclass(frozen=True)
class Trial:
    question: str
    from_on: date
    to_on: date


def start_trial(
    session: Session,
    asked: Asked,
    handover_id: int,
    trial: Trial,
    *,
    plan: Plan,
    now: datetime,
) -> Handover:
    """A trial with something to find out, and an end."""
    deed = begin(session, asked, handover_id, Step.START_TRIAL, now=now)
    handover = deed.handover
    deed.move(Step.START_TRIAL)
    next_on = min(plan.next_on or trial.to_on, trial.to_on)
    made = write_plan(deed, replace(plan, next_on=plan.next_on and next_on))
    must_have_read_back(handover)
    if trial.to_on <= max(trial.from_on, deed.today):
        raise Invalid.at(
            "/to_on", Message("Afprøvningen skal slutte efter i dag, og efter at den er begyndt.")
        )
    must_be_within_a_year(deed, trial.to_on, pointer="/to_on")
    handover.trial_question = trial.question
    handover.trial_from_on, handover.trial_to_on = trial.from_on, trial.to_on
    handover.next_on = next_on
    deed.unpause()
    deed.lives()
    if made:
        deed.record(made)
    deed.record(
        TrialStarted(
            subject_id=handover_id,
            question=trial.question,
            from_on=trial.from_on,
            to_on=trial.to_on,
        )
    )
    return handover


def put_in_use(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    practice: str,
    trial_result: str,
    ripple: RippleAnswer,
    plan: Plan,
    now: datetime,
) -> Handover:
    """Part of the daily practice from today. After a trial, its result is needed; where it has not
    begun, there is none."""
    deed = begin(session, asked, handover_id, Step.PUT_IN_USE, now=now)
    handover = deed.handover
    trial_from_on = handover.trial_from_on if handover.state is State.TRIAL else None
    deed.move(Step.PUT_IN_USE)
    handover.next_on = None
    made = write_plan(deed, plan)
    must_have_read_back(handover)
    if trial_from_on is not None:
        _must_have_shown(deed, trial_from_on, trial_result)
    handover.practice, handover.trial_result = practice, trial_result
    handover.in_use_since_on = deed.today
    deed.unpause()
    deed.lives()
    if made:
        deed.record(made)
    deed.record(
        HandoverPutInUse(subject_id=handover_id, practice=practice, trial_result=trial_result)
    )
    deed.answer_ripple(ripple)
    return handover


def _must_have_shown(deed: Deed, trial_from_on: date, trial_result: str) -> None:
    """Invalid unless there is a result of a trial that has begun, and none of one that has not."""
    has_begun = trial_from_on <= deed.today
    if has_begun and not trial_result:
        raise Invalid.at("/trial_result", Message("Skriv, hvad afprøvningen viste."))
    if not has_begun and trial_result:
        say = Message(
            "Afprøvningen begynder først %(day)s og har ikke vist noget endnu. Lad feltet stå "
            "tomt, hvis I tager gaven i brug uden at prøve den af.",
            day=trial_from_on,
        )
        raise Invalid.at("/trial_result", say, code="not_begun")


def discontinue(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    reason: str,
    learned: str,
    ripple: RippleAnswer,
    now: datetime,
) -> Handover:
    deed = begin(session, asked, handover_id, Step.DISCONTINUE, now=now)
    handover = deed.handover
    deed.move(Step.DISCONTINUE)
    handover.reason, handover.learned = reason, learned
    deed.lives()
    deed.record(HandoverDiscontinued(subject_id=handover_id, reason=reason, learned=learned))
    deed.answer_ripple(ripple)
    return handover


def take_edition(session: Session, asked: Asked, handover_id: int, *, now: datetime) -> Handover:
    """A unit that is trying or using the gift takes its newest edition."""
    deed = begin(session, asked, handover_id, Step.TAKE_EDITION, now=now)
    handover = deed.handover
    lifecycle.after(handover.state, Step.TAKE_EDITION)
    gift = deed.gift
    if gift.edition == handover.edition:
        return handover
    handover.edition, handover.is_new_edition = gift.edition, False
    deed.lives()
    deed.record(EditionTaken(subject_id=handover_id, edition=gift.edition))
    return handover
