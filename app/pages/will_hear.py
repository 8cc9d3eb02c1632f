"""Disse får besked: who will be told of each thing that can be done to a handover, before it is
done, by the very rules that tell them afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.errors import Message
from app.handovers import policy
from app.handovers.events import HandoverAccepted, HandoverMoved, RippleAnswered
from app.handovers.lifecycle import State, Step
from app.handovers.models import Side
from app.notifications import recipients as rules
from app.notifications.facts import facts_about, felt_by, given_of
from app.notifications.recipients import Facts, Told
from app.pages.choices import Choices
from app.pages.drawn import today_of
from app.pages.units_by_name import units_said
from app.people.signed_in import SignedIn
from app.people.typed import Typed
from app.people.visit import Visit
from app.units.line import Line

STEPS: Mapping[str, Step] = {
    "handover.announced": Step.ANNOUNCE,
    "handover.delivered": Step.DELIVER,
    "handover.withdrawn": Step.WITHDRAW,
    "handover.request_taken_back": Step.WITHDRAW,
    "handover.reopened": Step.REOPEN,
    "handover.acknowledged": Step.ACKNOWLEDGE,
    "handover.accepted": Step.ACCEPT,
    "handover.returned": Step.RETURN_FOR_CLARIFICATION,
    "handover.declined": Step.DECLINE,
    "handover.passed_on": Step.PASS_ON,
    "handover.reconsidered": Step.RECONSIDER,
    "handover.trial_started": Step.START_TRIAL,
    "handover.put_in_use": Step.PUT_IN_USE,
    "handover.anchoring_proposed": Step.PROPOSE_ANCHORING,
    "handover.anchored": Step.ANCHOR,
    "handover.discontinued": Step.DISCONTINUE,
    "handover.paused": Step.PAUSE,
    "handover.resumed": Step.RESUME,
    "handover.owner_named": Step.NAME_OWNER,
    "handover.edition_taken": Step.TAKE_EDITION,
    "handover.ripple_answered": Step.PLAN,
    "follow_up.recorded": Step.FOLLOW_UP,
}
"""What each step is told as."""

_NOTE = "handover.note_written"
_OTHERS: Mapping[rules.Group, Message] = {
    rules.new_owner: Message("den, der bliver tovholder"),
    rules.unit_if_stuck: Message("enhedens leder, hvis det går i stå"),
}
"""Those who are not known until the form has been filled in."""

_RIPPLES: Mapping[str, str] = {
    "handover.delivered": "ripple",
    "handover.accepted": "accept.ripple",
    "handover.put_in_use": "ripple",
    "handover.discontinued": "ripple",
    "handover.ripple_answered": "ripple",
}
"""The part of the form that asks what it means for others, where one does."""

_ITS_LEADER = Message("lederen af den enhed, du vælger")
_THEIR_LEADERS = Message("lederne af de enheder, du vælger")


@dataclass(frozen=True)
class WillHear:
    """`others` are those who cannot be named yet."""

    told: Sequence[Told]
    others: Sequence[Message]


def will_hear(
    visit: Visit, me: SignedIn, row: Mapping[str, Any], line: Line, can: Choices
) -> Mapping[str, WillHear]:
    """By the type of the event, for what the person may do, and for a word in the story."""
    given = given_of(visit.rows, row["id"])
    assert given is not None
    facts = facts_about(visit.rows, row["id"], given, today=today_of(visit), line=line)
    able = {event_type: step for event_type, step in STEPS.items() if can.may(step)}
    if can.takes_back:
        able["handover.request_taken_back"] = Step.WITHDRAW
    hears = {
        event_type: _with_ripple(
            visit,
            event_type,
            _afterwards(event_type, facts, row["state"]),
            me.id,
            _stands_in_for(step, me, row, line),
        )
        for event_type, step in able.items()
    }
    if can.gives:
        hears[HandoverMoved.type] = _hears_of_move(facts, me.id)
    side = Side.RECEIVER if can.leads or row["owner_id"] == me.id else Side.OTHER
    if side is Side.OTHER and can.gives:
        side = Side.GIVER
    return {**hears, _NOTE: _hears(_NOTE, replace(facts, side=side), me.id, None)}


def _hears_of_move(facts: Facts, me_id: int) -> WillHear:
    """The unit that gets it is chosen in the form."""
    one = _hears(HandoverMoved.type, replace(facts, answering=()), me_id, None)
    others = [*one.others, _ITS_LEADER] if facts.knows else one.others
    return replace(one, others=others)


def _with_ripple(
    visit: Visit, event_type: str, facts: Facts, me_id: int, absent_id: int | None
) -> WillHear:
    """With those who hear it because the form says that it means something for them: by name once
    their units have been chosen, as a browser with scripts asks while they are."""
    part = _RIPPLES.get(event_type)
    if part is None:
        return _hears(event_type, facts, me_id, absent_id)
    typed = Typed(tuple(visit.request.query_params.multi_items()))
    chosen = units_said(visit, typed, part)
    if chosen is not None:
        felt = felt_by(visit.rows, chosen, today=today_of(visit))
        facts = replace(facts, affected=felt)
    one = _hears(event_type, facts, me_id, absent_id)
    if event_type == HandoverAccepted.type:
        # The acceptance itself is not told to them, and what was known of them before stays so.
        felt = facts.affected if chosen is not None else ()
        more = _hears(RippleAnswered.type, replace(facts, affected=felt), me_id, absent_id)
        one = replace(one, told=rules.once_each([*one.told, *more.told]))
    return one if chosen is not None else replace(one, others=[*one.others, _THEIR_LEADERS])


def _hears(event_type: str, facts: Facts, me_id: int, absent_id: int | None) -> WillHear:
    told = rules.recipients(event_type, facts, actor_id=me_id, on_behalf_of_id=absent_id)
    others = [who for group, who in _OTHERS.items() if rules.tells(event_type, group)]
    return WillHear(told, others)


def _afterwards(event_type: str, facts: Facts, state: State) -> Facts:
    """As it will be once it is done."""
    match event_type:
        case "handover.reopened":
            return replace(facts, affected=(), is_announced=True, knows=True)
        case "handover.announced" | "handover.delivered":
            return replace(facts, is_announced=True, knows=True)
        case "handover.owner_named":
            return replace(facts, former=facts.owner)
        case "handover.reconsidered" if state == State.ACCEPTED:
            return replace(facts, former=facts.owner)
    return facts


def _stands_in_for(step: Step, me: SignedIn, row: Mapping[str, Any], line: Line) -> int | None:
    """A substitute speaks for the leader, but not where they act as the owner they also are."""
    owns = row["owner_id"] == me.id
    if policy.is_leaders(step) or (policy.is_receivers(step) and not owns):
        return line.stands_in_for(me.id)
    return None
