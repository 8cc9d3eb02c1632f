"""What the unit does with a gift it has accepted: plan, try, use, anchor, stop."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.clock import local_day
from app.errors import Conflict, Fault, Invalid, Message, NotAllowed
from app.eventlog.log import PersonId
from app.handovers import lifecycle
from app.handovers.events import (
    AnchoringProposed,
    EditionTaken,
    HandoverAnchored,
    HandoverDiscontinued,
    HandoverPutInUse,
    PlanMade,
    TrialStarted,
)
from app.handovers.lifecycle import State, Step
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


@dataclass(frozen=True)
class Trial:
    question: str
    from_on: date
    to_on: date


def make_plan(
    session: Session, asked: Asked, handover_id: int, plan: Plan, *, now: datetime
) -> Handover:
    """Writes the read-back, the first step or the next date."""
    deed = begin(session, asked, handover_id, Step.PLAN, now=now)
    lifecycle.after(deed.handover.state, Step.PLAN)
    if fields := write_plan(deed, plan):
        deed.lives()
        deed.record(PlanMade(subject_id=handover_id, fields=fields))
    return deed.handover


def say_ripple(
    session: Session, asked: Asked, handover_id: int, ripple: RippleAnswer, *, now: datetime
) -> Handover:
    """Answers "what does it mean for others?" at any time after the acceptance."""
    deed = begin(session, asked, handover_id, Step.PLAN, now=now)
    lifecycle.after(deed.handover.state, Step.PLAN)
    deed.lives()
    deed.answer_ripple(ripple)
    return deed.handover


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
    write_plan(deed, plan)
    must_have_read_back(handover)
    if trial.to_on <= max(trial.from_on, deed.today):
        raise Invalid.at(
            "/to_on", Message("Afprøvningen skal slutte efter i dag, og efter at den er begyndt.")
        )
    handover.trial_question = trial.question
    handover.trial_from_on, handover.trial_to_on = trial.from_on, trial.to_on
    handover.next_on = min(plan.next_on or trial.to_on, trial.to_on)
    handover.paused_until = None
    deed.lives()
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
    """Part of the daily practice from today. After a trial, its result is needed."""
    deed = begin(session, asked, handover_id, Step.PUT_IN_USE, now=now)
    handover = deed.handover
    was_trial = handover.state is State.TRIAL
    deed.move(Step.PUT_IN_USE)
    handover.next_on = None
    write_plan(deed, plan)
    must_have_read_back(handover)
    if was_trial and not trial_result:
        raise Invalid.at("/trial_result", Message("Skriv, hvad afprøvningen viste."))
    handover.practice, handover.trial_result = practice, trial_result
    handover.in_use_since_on = deed.today
    handover.paused_until = None
    deed.lives()
    deed.record(
        HandoverPutInUse(subject_id=handover_id, practice=practice, trial_result=trial_result)
    )
    deed.answer_ripple(ripple)
    return handover


def propose_anchoring(
    session: Session,
    asked: Asked,
    handover_id: int,
    *,
    success: str,
    citizen_value: str,
    now: datetime,
) -> Handover:
    """The leader says that it is part of the day. It is, once someone else has confirmed it."""
    deed = begin(session, asked, handover_id, Step.PROPOSE_ANCHORING, now=now)
    handover = deed.handover
    lifecycle.after(handover.state, Step.PROPOSE_ANCHORING)
    since = handover.in_use_since_on
    earliest = None if since is None else since + timedelta(days=deed.rules.anchor_days)
    if earliest is None or deed.today < earliest:
        raise Conflict(
            Message(
                "Gaven skal have været i brug i %(days)s dage, før den kan kaldes en del af "
                "hverdagen. Det er tidligst %(day)s.",
                days=deed.rules.anchor_days,
                day=earliest or "-",
            ),
            earliest_on=earliest,
        )
    handover.success, handover.citizen_value_now = success, citizen_value
    handover.anchoring_proposed_by_id = deed.by.on_behalf_of_id or deed.by.actor_id
    handover.anchoring_proposed_at = now
    deed.lives()
    deed.record(
        AnchoringProposed(subject_id=handover_id, success=success, citizen_value=citizen_value)
    )
    return handover


def anchor(session: Session, asked: Asked, handover_id: int, *, now: datetime) -> Handover:
    """Confirms what the leader has proposed; never by the one who proposed it."""
    deed = begin(session, asked, handover_id, Step.ANCHOR, now=now)
    handover = deed.handover
    deed.move(Step.ANCHOR)
    proposed_by_id = handover.anchoring_proposed_by_id
    if proposed_by_id is None:
        raise Conflict(Message("Enhedens leder har ikke kaldt den en del af hverdagen endnu."))
    if proposed_by_id in (deed.by.actor_id, deed.by.on_behalf_of_id):
        raise NotAllowed(Message("Det skal bekræftes af en anden end den, der foreslog det."))
    handover.next_on = handover.paused_until = None
    deed.lives()
    deed.record(HandoverAnchored(subject_id=handover_id, proposed_by_id=PersonId(proposed_by_id)))
    return handover


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
    handover.ended_at = now
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


def write_plan(deed: Deed, plan: Plan) -> list[str]:
    """Writes what the plan says, and answers which fields that changed."""
    if plan.next_on is not None and plan.next_on <= local_day(deed.now):
        raise Invalid.at("/next_on", Message("Vælg en dag efter i dag."), code="not_ahead")
    said = {name: value for name, value in asdict(plan).items() if value is not None}
    changed = [name for name, value in said.items() if getattr(deed.handover, name) != value]
    for name in changed:
        setattr(deed.handover, name, said[name])
    return changed


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
