"""What the silence of a handover leads to, step by step, and whom each step tells. Pure: no
database, no web, no clock.

A silence goes from the last sign of life until the next. Each step comes so many working days after
the one before was taken, so that no step is left out, and none comes in a flood, also where nobody
has looked for a while.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from app.handovers.life import Rules
from app.handovers.lifecycle import TAKEN, UNANSWERED, State
from app.notifications.recipients import Reason
from app.workdays import Workdays

MOST_FOR_ONE = 2
"""So often is one person told of one silence, and no more."""
_MONDAY = 0
_DAY = timedelta(days=1)


class ReminderKind(StrEnum):
    """What a silent handover leads to: two tracks, not answered, and answered but quiet."""

    UNANSWERED = "unanswered"
    UNANSWERED_AGAIN = "unanswered_again"
    LIFT = "lift"
    QUIET_OWNER = "quiet_owner"
    QUIET_LEADER = "quiet_leader"
    QUIET_SECRETARIAT = "quiet_secretariat"


NOT_ANSWERED = (ReminderKind.UNANSWERED, ReminderKind.UNANSWERED_AGAIN, ReminderKind.LIFT)
QUIET = (ReminderKind.QUIET_OWNER, ReminderKind.QUIET_LEADER, ReminderKind.QUIET_SECRETARIAT)


@dataclass(frozen=True)
class Taken:
    """A step that was taken: made on the day, or some days after it was due."""

    kind: ReminderKind
    due_on: date
    made_on: date
    level: int = 0


@dataclass(frozen=True)
class Silence:
    """What the ladder knows of a handover. `is_agreed` says that the due day is one that people
    have agreed on; `taken` are all steps there ever were, in the order in which they were taken."""

    state: State
    last_life_on: date
    life_due_on: date | None
    is_agreed: bool = False
    paused_until: date | None = None
    taken: Sequence[Taken] = ()

    def is_of_this(self, due_on: date) -> bool:
        """Whether a step that was due then belongs to this silence, and not to one before the last
        sign of life."""
        return due_on > self.last_life_on

    @property
    def last(self) -> Taken | None:
        """The last step so far; none where the silence has only begun."""
        steps = track_of(self.state)
        of_this = [step for step in self.taken if step.kind in steps]
        return next((step for step in reversed(of_this) if self.is_of_this(step.due_on)), None)

    def is_on(self, today: date) -> bool:
        """Whether anybody is to be told of it."""
        is_paused = self.paused_until is not None and self.paused_until > today
        is_due = self.life_due_on is not None and self.life_due_on <= today
        return is_due and not is_paused and bool(track_of(self.state))


@dataclass(frozen=True)
class Due:
    """A step that is to be taken. It is the same one whoever reckons it, and on whatever day."""

    kind: ReminderKind
    due_on: date


@dataclass(frozen=True)
class Around:
    """Who is around a handover today. `line`: for each unit from its own to the top, who is told
    there; nobody where the post is vacant, and no units where its own is closed. `owner_id` is
    nobody's who has left. `told`: how often each has been told of this silence."""

    line: Sequence[Sequence[int]]
    owner_id: int | None = None
    secretariat: Sequence[int] = ()
    told: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """Who is told, and how many units above the receiving one a lift goes."""

    person_ids: Sequence[int]
    level: int = 0


def track_of(state: State) -> Sequence[ReminderKind]:
    """The steps in their order; none where silence means nothing. The last one of those not
    answered comes again, one level up each time."""
    if state in UNANSWERED:
        return NOT_ANSWERED
    return QUIET if state in TAKEN else ()


def may_step(silence: Silence, today: date) -> bool:
    """Whether a step may be taken today, whatever has been taken: a nudge without an agreed day
    goes out on Mondays only. Asked before the steps are read, of which there are many more."""
    is_nudge = silence.state in TAKEN and not silence.is_agreed
    return silence.is_on(today) and (not is_nudge or today.weekday() == _MONDAY)


def step_on(silence: Silence, today: date, rules: Rules) -> Due | None:
    """The step that is to be taken today; None on a day off, where it is not time yet, and where
    all has been done that can be."""
    workdays = rules.workdays
    if not workdays.is_workday(today) or not may_step(silence, today):
        return None
    assert silence.life_due_on is not None
    last = silence.last
    if last is None:
        kind: ReminderKind | None = track_of(silence.state)[0]
        due_on = _workday_from(silence.life_due_on, workdays)
    else:
        kind = _after(last.kind)
        due_on = workdays.after(last.made_on, rules.reminder_workdays)
    if kind is None:
        return None
    if kind in QUIET and not silence.is_agreed:
        due_on = _monday_from(due_on, workdays)
    return Due(kind, due_on) if due_on <= today else None


def too_lately(today: date, rules: Rules) -> date:
    """Whoever took a step on this day or after it, takes none today."""
    day = today
    while rules.workdays.after(day, rules.reminder_workdays) > today:
        day -= _DAY
    return day + _DAY


def call_for(kind: ReminderKind, around: Around, last: Taken | None) -> Call | None:
    """Whom the step tells; None where there is nobody left to tell."""
    if kind is ReminderKind.LIFT:
        return _lifted(around, last.level if last else 0)
    person_ids = [
        person_id
        for person_id in dict.fromkeys(_told_by(kind, around))
        if around.told.get(person_id, 0) < MOST_FOR_ONE
    ]
    return Call(person_ids) if person_ids else None


def answering(around: Around) -> Sequence[int]:
    """Who answers for the unit: its own, else the nearest above, else the secretariat."""
    return next((held for held in around.line if held), around.secretariat)


def concerns(kind: ReminderKind, person_id: int, around: Around) -> bool:
    """Whether the step would still tell this person, had they not been told."""
    if kind is ReminderKind.LIFT:
        return any(person_id in held for held in around.line)
    return person_id in _told_by(kind, around)


def told_as(kind: ReminderKind, person_id: int, around: Around) -> Reason:
    """What somebody whom the step concerns is to the handover: one step tells several."""
    if kind is ReminderKind.QUIET_SECRETARIAT:
        return Reason.SECRETARIAT
    if kind in QUIET and person_id == around.owner_id:
        return Reason.OWNER
    if not any(person_id in held for held in around.line):
        return Reason.SECRETARIAT
    return Reason.LEADER if person_id in answering(around) else Reason.NEXT_LEADER


def _told_by(kind: ReminderKind, around: Around) -> Collection[int]:
    owner = () if around.owner_id is None else (around.owner_id,)
    match kind:
        case ReminderKind.QUIET_OWNER:
            return owner or answering(around)
        case ReminderKind.QUIET_LEADER:
            return (*owner, *answering(around))
        case ReminderKind.QUIET_SECRETARIAT:
            return around.secretariat
    return answering(around)


def _lifted(around: Around, reached: int) -> Call | None:
    """The nearest level above the last one where somebody sits who has not been told."""
    own = next((level for level, held in enumerate(around.line) if held), 0)
    for level in range(max(own, reached) + 1, len(around.line)):
        person_ids = dict.fromkeys(one for one in around.line[level] if not around.told.get(one))
        if person_ids:
            return Call(list(person_ids), level)
    return None


def _after(kind: ReminderKind) -> ReminderKind | None:
    track = NOT_ANSWERED if kind in NOT_ANSWERED else QUIET
    following = track[track.index(kind) + 1 :]
    if following:
        return following[0]
    return kind if kind is ReminderKind.LIFT else None


def _workday_from(day: date, workdays: Workdays) -> date:
    """The day itself, or the first working day after it."""
    return workdays.after(day - _DAY, 1)


def _monday_from(day: date, workdays: Workdays) -> date:
    day += timedelta(days=-day.weekday() % 7)
    while not workdays.is_workday(day):
        day += timedelta(days=7)
    return day
