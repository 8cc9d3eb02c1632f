"""Who may take which step. Answers with a reason, or None for yes. Pure."""

from dataclasses import dataclass

from app.errors import Message, NotAllowed, OnWhoseBehalf
from app.handovers.lifecycle import Step


@dataclass(frozen=True)
class Standing:
    """What a person is to one handover, today.

    `leads`: leader or substitute of the receiving unit, or of the nearest unit above it while its
    own post is vacant. `leads_above`: the same, one level up. `asks`: leads, and the unit has asked
    for it, and the giver has not answered.
    """

    is_secretariat: bool = False
    gives: bool = False
    leads: bool = False
    owns: bool = False
    leads_above: bool = False
    asks: bool = False

    @property
    def only_asks(self) -> bool:
        """Whoever also gives takes it back as the giver."""
        return self.asks and not self.gives


_GIVER_STEPS = {Step.ANNOUNCE, Step.DELIVER, Step.WITHDRAW, Step.REOPEN}
_LEADER_STEPS = {
    Step.ACCEPT,
    Step.DECLINE,
    Step.PASS_ON,
    Step.RECONSIDER,
    Step.DISCONTINUE,
    Step.PROPOSE_ANCHORING,
}
_RECEIVER_STEPS = {
    Step.ACKNOWLEDGE,
    Step.RETURN_FOR_CLARIFICATION,
    Step.START_TRIAL,
    Step.PUT_IN_USE,
    Step.PAUSE,
    Step.RESUME,
    Step.NAME_OWNER,
    Step.PLAN,
    Step.FOLLOW_UP,
    Step.TAKE_EDITION,
}
_GIVER_DOES = Message("Det gør netværkets leder, co-driver eller konsulent, eller sekretariatet.")
_BY_NAME_ONLY = Message(
    "Sekretariatet svarer kun på vegne af en navngiven person. Sig på hvis vegne."
)


def refusal(standing: Standing, step: Step) -> Message | None:
    if step in _GIVER_STEPS:
        if standing.gives or standing.is_secretariat:
            return None
        if step is Step.WITHDRAW:
            return _withdrawal_refusal(standing)
        return _GIVER_DOES
    if step is Step.ANCHOR:
        return _anchor_refusal(standing)
    if step in _LEADER_STEPS:
        reason = Message("Det gør enhedens leder eller stedfortræder.")
        is_allowed = standing.leads
    elif step in _RECEIVER_STEPS:
        reason = Message("Det gør enhedens leder, stedfortræder eller tovholder.")
        is_allowed = standing.leads or standing.owns
    else:
        raise ValueError(step)
    if is_allowed:
        return None
    return _BY_NAME_ONLY if standing.is_secretariat else reason


def is_leaders(step: Step) -> bool:
    """Whether only the unit's leader or substitute takes the step."""
    return step in _LEADER_STEPS


def is_receivers(step: Step) -> bool:
    """Whether the step is the unit's own answer, so that a substitute speaks for the leader."""
    return step in _LEADER_STEPS or step in _RECEIVER_STEPS


def require(standing: Standing, step: Step) -> None:
    """Raises NotAllowed with the reason."""
    if reason := refusal(standing, step):
        raise OnWhoseBehalf(reason) if reason is _BY_NAME_ONLY else NotAllowed(reason)


def require_request(*, leads: bool, is_secretariat: bool) -> None:
    """A unit asks for a gift by its leader or substitute. NotAllowed with the reason for others."""
    if leads:
        return
    if is_secretariat:
        raise OnWhoseBehalf(
            Message("Sekretariatet beder kun på vegne af en navngiven person. Sig på hvis vegne.")
        )
    raise NotAllowed(Message("Det er enhedens leder eller stedfortræder, der kan bede om gaven."))


def _withdrawal_refusal(standing: Standing) -> Message | None:
    if standing.asks:
        return None
    if standing.leads:
        return Message(
            "Det gør giveren. Et ønske kan enheden selv tage tilbage, indtil giveren har svaret."
        )
    return _GIVER_DOES


def _anchor_refusal(standing: Standing) -> Message | None:
    if standing.owns:
        return Message("Tovholderen kan ikke selv bekræfte. Det gør giveren eller næste leder.")
    if standing.gives or standing.is_secretariat or standing.leads_above:
        return None
    return Message("Det bekræfter giveren eller den næste leder over enheden.")
