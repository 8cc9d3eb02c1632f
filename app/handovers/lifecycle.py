"""What a handover may become. Pure: no database, no web, no clock."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from app.errors import Conflict, Message


class State(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    TRIAL = "trial"
    IN_USE = "in_use"
    ANCHORED = "anchored"
    RETURNED = "returned"
    DECLINED = "declined"
    PASSED_ON = "passed_on"
    WITHDRAWN = "withdrawn"
    DISCONTINUED = "discontinued"


class Step(StrEnum):
    """What a person can do. Most steps change the state; some only need the right one."""

    ANNOUNCE = "announce"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    RETURN_FOR_CLARIFICATION = "return_for_clarification"
    DECLINE = "decline"
    # A verb, not a password.
    PASS_ON = "pass_on"  # noqa: S105  # nosec B105
    RECONSIDER = "reconsider"
    START_TRIAL = "start_trial"
    PUT_IN_USE = "put_in_use"
    PROPOSE_ANCHORING = "propose_anchoring"
    ANCHOR = "anchor"
    DISCONTINUE = "discontinue"
    PAUSE = "pause"
    RESUME = "resume"
    NAME_OWNER = "name_owner"
    PLAN = "plan"
    FOLLOW_UP = "follow_up"
    TAKE_EDITION = "take_edition"


ENDED = frozenset({State.DECLINED, State.PASSED_ON, State.WITHDRAWN, State.DISCONTINUED})
UNANSWERED = (State.DELIVERED, State.ACKNOWLEDGED)
TAKEN = (State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED)
BEFORE_TRIAL = (State.DELIVERED, State.ACKNOWLEDGED, State.ACCEPTED)
FROM_TRIAL_ON = (State.TRIAL, State.IN_USE, State.ANCHORED)
RECEIVED = (*UNANSWERED, *TAKEN)
OPEN_TO_RECEIVER = (State.ANNOUNCED, *RECEIVED, State.RETURNED)
IN_USE = (State.IN_USE, State.ANCHORED)
NOT_RECEIVED = (State.DRAFT, State.ANNOUNCED, State.WITHDRAWN, State.PASSED_ON)
_WAY = (State.DRAFT, State.ANNOUNCED, State.RETURNED, *RECEIVED)

_MOVES: Mapping[Step, tuple[tuple[State, ...], State]] = MappingProxyType(
    {
        Step.ANNOUNCE: ((State.DRAFT,), State.ANNOUNCED),
        Step.DELIVER: ((State.DRAFT, State.ANNOUNCED, State.RETURNED), State.DELIVERED),
        Step.WITHDRAW: (
            (State.DRAFT, State.ANNOUNCED, *UNANSWERED, State.RETURNED),
            State.WITHDRAWN,
        ),
        Step.REOPEN: (tuple(sorted(ENDED)), State.DELIVERED),
        Step.ACKNOWLEDGE: ((State.DELIVERED,), State.ACKNOWLEDGED),
        Step.ACCEPT: (UNANSWERED, State.ACCEPTED),
        Step.RETURN_FOR_CLARIFICATION: (UNANSWERED, State.RETURNED),
        Step.DECLINE: (BEFORE_TRIAL, State.DECLINED),
        Step.PASS_ON: (UNANSWERED, State.PASSED_ON),
        Step.RECONSIDER: (
            (State.ACCEPTED, State.RETURNED, State.DECLINED, State.PASSED_ON),
            State.ACKNOWLEDGED,
        ),
        Step.START_TRIAL: ((State.ACCEPTED,), State.TRIAL),
        Step.PUT_IN_USE: ((State.ACCEPTED, State.TRIAL), State.IN_USE),
        Step.ANCHOR: ((State.IN_USE,), State.ANCHORED),
        Step.DISCONTINUE: (TAKEN, State.DISCONTINUED),
    }
)
_STAYS: Mapping[Step, tuple[State, ...]] = MappingProxyType(
    {
        Step.PROPOSE_ANCHORING: (State.IN_USE,),
        Step.PAUSE: OPEN_TO_RECEIVER,
        Step.RESUME: OPEN_TO_RECEIVER,
        Step.NAME_OWNER: TAKEN,
        Step.PLAN: TAKEN,
        Step.FOLLOW_UP: TAKEN,
        Step.TAKE_EDITION: FROM_TRIAL_ON,
    }
)

STATE_WORDS: Mapping[State, Message] = MappingProxyType(
    {
        State.DRAFT: Message("Kladde"),
        State.ANNOUNCED: Message("Varslet"),
        State.DELIVERED: Message("Overrakt"),
        State.ACKNOWLEDGED: Message("Kvitteret"),
        State.ACCEPTED: Message("Taget imod"),
        State.TRIAL: Message("Afprøves"),
        State.IN_USE: Message("I brug"),
        State.ANCHORED: Message("En del af hverdagen"),
        State.RETURNED: Message("Sendt retur"),
        State.DECLINED: Message("Nej tak"),
        State.PASSED_ON: Message("Givet videre"),
        State.WITHDRAWN: Message("Trukket tilbage"),
        State.DISCONTINUED: Message("Stoppet"),
    }
)
STEP_WORDS: Mapping[Step, Message] = MappingProxyType(
    {
        Step.ANNOUNCE: Message("varsle"),
        Step.DELIVER: Message("overrække"),
        Step.WITHDRAW: Message("trække tilbage"),
        Step.REOPEN: Message("åbne igen"),
        Step.ACKNOWLEDGE: Message("kvittere"),
        Step.ACCEPT: Message("tage imod"),
        Step.RETURN_FOR_CLARIFICATION: Message("spørge"),
        Step.DECLINE: Message("sige nej tak"),
        Step.PASS_ON: Message("give videre"),
        Step.RECONSIDER: Message("svare om"),
        Step.START_TRIAL: Message("begynde en afprøvning"),
        Step.PUT_IN_USE: Message("tage i brug"),
        Step.PROPOSE_ANCHORING: Message("gøre den til en del af hverdagen"),
        Step.ANCHOR: Message("bekræfte, at den er en del af hverdagen"),
        Step.DISCONTINUE: Message("stoppe"),
        Step.PAUSE: Message("sætte på pause"),
        Step.RESUME: Message("slutte pausen"),
        Step.NAME_OWNER: Message("vælge tovholder"),
        Step.PLAN: Message("lægge en plan"),
        Step.FOLLOW_UP: Message("følge op"),
        Step.TAKE_EDITION: Message("gå over til den nye udgave"),
    }
)


class IllegalStep(Conflict):
    """The step is not open in the state the handover is in."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(
            Message(
                "Overrækkelsen er »%(state)s«. Derfra kan man ikke %(step)s.",
                state=STATE_WORDS[state],
                step=STEP_WORDS[step],
            ),
            state=state,
            open_steps=list(open_steps(state)),
        )
        self.state, self.step = state, step


def after(state: State, step: Step) -> State:
    """The state after the step. Raises IllegalStep where the step is not open."""
    if state in _STAYS.get(step, ()):
        return state
    from_states, to_state = _MOVES.get(step, ((), state))
    if state not in from_states:
        raise IllegalStep(state, step)
    return to_state


def is_further(state: State, other: State) -> bool:
    """Whether an open handover in the state has come further than one in the other. What was sent
    back has to be delivered once more."""
    return _WAY.index(state) > _WAY.index(other)


@cache
def open_steps(state: State) -> Sequence[Step]:
    """Every step that the state allows, whoever asks."""
    return tuple(
        step
        for step in Step
        if state in _STAYS.get(step, ()) or state in _MOVES.get(step, ((), state))[0]
    )
