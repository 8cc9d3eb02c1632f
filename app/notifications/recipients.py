"""Who hears what: for each kind of event one rule, also where it is that nobody does. Pure.

The rule says who, in the order in which the reason counts where somebody is told for several.
Nobody is told of what they did themselves, or had done on their behalf.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why somebody is told of an event."""

    OWNER = "owner"
    FORMER_OWNER = "former_owner"
    LEADER = "leader"
    SUBSTITUTE = "substitute"
    VACANT = "vacant"
    NEXT_LEADER = "next_leader"
    GIVER = "giver"
    PARTICIPANT = "participant"
    AFFECTED = "affected"
    SECRETARIAT = "secretariat"
    NAMED = "named"


@dataclass(frozen=True)
class Who:
    """Somebody who has not left."""

    id: int
    name: str = ""


@dataclass(frozen=True)
class Seat:
    """Whoever answers for a unit, and the leader they stand in for, if they do."""

    who: Who
    is_substitute: bool = False
    stands_in_for: Who | None = None


@dataclass(frozen=True)
class Facts:
    """Who is what, today, to what an event is about.

    `answering` answer for the receiving unit, `next_up` one level above them, `affected` for the
    units that will feel it. `filling_in` answer for a unit because its post is vacant. `others` are
    in the network and do not give on its behalf. `named` is whom the event itself is about, and
    `former` whom it was before. The unit `knows` of what has been announced, and of what it has
    asked for. `is_answered_on_the_way` says that the affected units are told by what was done in
    the same moment, `is_stuck` that the work is, and `has_open` that something waits in the unit,
    or in a vacant one below it. `side` is whose word it was: the receiver's, the giver's, or
    anybody's.
    """

    owner: Who | None = None
    answering: Sequence[Seat] = ()
    next_up: Sequence[Seat] = ()
    filling_in: Sequence[Seat] = ()
    givers: Sequence[Who] = ()
    others: Sequence[Who] = ()
    affected: Sequence[Seat] = ()
    secretariat: Sequence[Who] = ()
    named: Who | None = None
    former: Who | None = None
    is_announced: bool = True
    knows: bool = True
    is_answered_on_the_way: bool = False
    side: str = "other"
    is_stuck: bool = False
    has_open: bool = False


@dataclass(frozen=True)
class Told:
    """One who is told, why, and for whom they stand in where they are told as a substitute."""

    who: Who
    reason: Reason
    stands_in_for: Who | None = None


Group = Callable[[Facts], Iterable[Told]]
Rule = tuple[Group, ...]
NOBODY: Rule = ()


def recipients(
    event_type: str, facts: Facts, *, actor_id: int | None, on_behalf_of_id: int | None = None
) -> Sequence[Told]:
    """Everybody who is told of such an event, once each."""
    found = once_each(told for group in RULES[event_type] for told in group(facts))
    return [told for told in found if told.who.id not in (actor_id, on_behalf_of_id)]


def once_each(everybody: Iterable[Told]) -> Sequence[Told]:
    """Each for the first reason there is."""
    found: dict[int, Told] = {}
    for told in everybody:
        found.setdefault(told.who.id, told)
    return list(found.values())


def tells(event_type: str, group: Group) -> bool:
    """Whether the group is among those who may be told."""
    return group in RULES[event_type]


def looks_at_units(event_type: str) -> bool:
    """Whether it matters who answers for some unit."""
    return not OUTSIDE_UNITS.issuperset(RULES[event_type])


def owner(facts: Facts) -> Iterator[Told]:
    if facts.owner is not None:
        yield Told(facts.owner, Reason.OWNER)


def new_owner(facts: Facts) -> Iterator[Told]:
    if facts.named is not None:
        yield Told(facts.named, Reason.OWNER)


def former_owner(facts: Facts) -> Iterator[Told]:
    if facts.former is not None:
        yield Told(facts.former, Reason.FORMER_OWNER)


def unit(facts: Facts) -> Iterator[Told]:
    """Its leader and substitutes, or those of the nearest unit above whose post is held."""
    if facts.knows:
        for seat in facts.answering:
            reason = Reason.SUBSTITUTE if seat.is_substitute else Reason.LEADER
            yield Told(seat.who, reason, seat.stands_in_for)


def next_leader(facts: Facts) -> Iterator[Told]:
    """Leaves the substitutes one level up in peace."""
    for seat in facts.next_up:
        if not seat.is_substitute:
            yield Told(seat.who, Reason.NEXT_LEADER)


def givers(facts: Facts) -> Iterator[Told]:
    """Where a network's givers have all gone, the secretariat answers for it."""
    if facts.givers:
        yield from (Told(who, Reason.GIVER) for who in facts.givers)
    else:
        yield from secretariat(facts)


def network(facts: Facts) -> Iterator[Told]:
    """Where the gifts are now, to those who made them."""
    yield from (Told(who, Reason.PARTICIPANT) for who in facts.others)


def affected(facts: Facts) -> Iterator[Told]:
    """They know nothing of what is still being prepared."""
    if facts.is_announced:
        yield from (Told(seat.who, Reason.AFFECTED, seat.stands_in_for) for seat in facts.affected)


def newly_affected(facts: Facts) -> Iterator[Told]:
    if not facts.is_answered_on_the_way:
        yield from affected(facts)


def secretariat(facts: Facts) -> Iterator[Told]:
    yield from (Told(who, Reason.SECRETARIAT) for who in facts.secretariat)


def named(facts: Facts) -> Iterator[Told]:
    if facts.named is not None:
        yield Told(facts.named, Reason.NAMED)


def named_with_open(facts: Facts) -> Iterator[Told]:
    """Whoever comes to lead a unit in which something waits."""
    if facts.has_open:
        yield from named(facts)


def filling_in_with_open(facts: Facts) -> Iterator[Told]:
    """Whoever answers from now on for a unit whose post is vacant, where something waits there."""
    if facts.has_open:
        for seat in facts.filling_in:
            yield Told(seat.who, Reason.VACANT, seat.stands_in_for)


def unit_if_stuck(facts: Facts) -> Iterator[Told]:
    if facts.is_stuck:
        yield from unit(facts)


def other_side(facts: Facts) -> Iterator[Told]:
    """What the unit writes, the givers hear, and the other way round; of others, both."""
    if facts.side != "receiver":
        yield from owner(facts)
        yield from unit(facts)
    if facts.side != "giver":
        yield from givers(facts)


OUTSIDE_UNITS: frozenset[Group] = frozenset({owner, new_owner, former_owner, givers, network})
"""Who is told whoever answers for whatever unit."""
RULES: Mapping[str, Rule] = {
    "handover.drafted": NOBODY,
    "handover.requested": (givers,),
    "handover.request_taken_back": (givers,),
    "handover.changed": NOBODY,
    "handover.announced": (unit,),
    "handover.delivered": (owner, unit, affected),
    "handover.reopened": (unit, affected),
    "handover.acknowledged": (givers,),
    "handover.accepted": (new_owner, givers, unit, network),
    "handover.returned": (givers,),
    "handover.declined": (owner, givers, network),
    "handover.passed_on": (givers,),
    "handover.reconsidered": (former_owner, givers),
    "handover.withdrawn": (owner, unit),
    "handover.trial_started": (owner, givers, unit),
    "handover.put_in_use": (owner, givers, unit, network, affected),
    "handover.anchoring_proposed": (owner, givers, next_leader),
    "handover.anchored": (owner, unit, givers, network),
    "handover.discontinued": (owner, givers, network, affected),
    "handover.paused": (owner, givers),
    "handover.resumed": (owner, givers),
    "handover.owner_named": (new_owner, former_owner, unit),
    "handover.planned": NOBODY,
    "handover.ripple_answered": (newly_affected,),
    "handover.edition_offered": (owner, unit),
    "handover.receipt_voided": (owner, unit),
    "handover.edition_taken": (givers,),
    "handover.moved": (owner, unit, givers),
    "handover.lost_its_unit": (givers, secretariat),
    "handover.note_written": (other_side,),
    "follow_up.recorded": (owner, givers, unit_if_stuck),
    "follow_up.changed": NOBODY,
    "follow_up.seen": NOBODY,
    "gift.registered": NOBODY,
    "gift.changed": NOBODY,
    "gift.edition_made": NOBODY,
    "gift.given": NOBODY,
    "gift.contact_added": (named,),
    "gift.contact_removed": (named,),
    "gift.material_added": NOBODY,
    "gift.material_removed": NOBODY,
    "network.registered": NOBODY,
    "network.changed": NOBODY,
    "network.member_joined": (named,),
    "network.member_left": NOBODY,
    "unit.registered": NOBODY,
    "unit.changed": NOBODY,
    "unit.moved": NOBODY,
    "unit.post_filled": (named_with_open,),
    "unit.post_ended": (filling_in_with_open,),
    "unit.closed": NOBODY,
    "person.registered": NOBODY,
    "person.changed": NOBODY,
    "person.roles_changed": NOBODY,
    "person.left": NOBODY,
    "person.returned": NOBODY,
    "person.pseudonymised": NOBODY,
    "person.provisioned": NOBODY,
    "person.unprovisioned": NOBODY,
    "group.made": NOBODY,
    "group.changed": NOBODY,
    "group.removed": NOBODY,
    "api_key.made": NOBODY,
    "api_key.revoked": NOBODY,
    "api_key.used": NOBODY,
    "api_key.refused": NOBODY,
    "request.refused": NOBODY,
    "session.begun": NOBODY,
    "session.refused": NOBODY,
    "session.ended": NOBODY,
    "sign_in.refused": NOBODY,
    "identity.bound": NOBODY,
    "identity.released": NOBODY,
    "setting.changed": NOBODY,
    "import.received": NOBODY,
    "import.applied": NOBODY,
    "work.retried": NOBODY,
    "work.dropped": NOBODY,
    "webhook.made": NOBODY,
    "webhook.changed": NOBODY,
    "webhook.switched_on": NOBODY,
    "webhook.switched_off": (named,),
    "webhook.deleted": NOBODY,
}
"""A new kind of event has a rule from the beginning, or waits to be passed on until it has."""
