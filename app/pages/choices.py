"""What the one who looks at a handover may do about it: the same answers that the verbs give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.handovers import policy, queries
from app.handovers.lifecycle import State, Step, open_steps
from app.handovers.models import Handover
from app.handovers.policy import Standing
from app.pages.drawn import today_of
from app.people.signed_in import SignedIn
from app.people.visit import Visit
from app.units.line import Line


@dataclass(frozen=True)
class Choices:
    """Steps in the person's own name, and those that the secretariat may take only on behalf of
    one of `behalf`, who must then be named. `gives`: for the network, or as the secretariat.
    `takes_back`: what the unit has asked for, as the unit or on its behalf."""

    own: frozenset[Step] = frozenset()
    for_others: frozenset[Step] = frozenset()
    behalf: Sequence[tuple[int, str]] = ()
    gives: bool = False
    leads: bool = False
    takes_back: bool = False

    def may(self, *steps: str) -> bool:
        return any(step in self.own or step in self.for_others for step in steps)

    def must_name(self, step: str) -> bool:
        return step not in self.own and step in self.for_others


def choices_of(visit: Visit, me: SignedIn, row: Mapping[str, Any], line: Line) -> Choices:
    if me.is_auditor:
        return Choices()
    handover = visit.session.get(Handover, row["id"])
    assert handover is not None
    mine = queries.standing(
        visit.session,
        me.id,
        handover,
        line=line,
        today=today_of(visit),
        is_secretariat=me.is_secretariat,
    )
    own = _allowed(mine, row["state"])
    behalf = _behalf(row, line) if me.is_secretariat else []
    for_others = _allowed(Standing(leads=True), row["state"]) - own if behalf else frozenset()
    is_request = row["requested_at"] is not None and row["state"] == State.DRAFT
    return Choices(
        own,
        for_others,
        behalf,
        gives=mine.gives or me.is_secretariat,
        leads=mine.leads,
        takes_back=is_request and (mine.asks or bool(behalf)),
    )


def _allowed(standing: Standing, state: Any) -> frozenset[Step]:
    return frozenset(step for step in open_steps(state) if not policy.refusal(standing, step))


def _behalf(row: Mapping[str, Any], line: Line) -> Sequence[tuple[int, str]]:
    named = {seat.person_id: seat.name for seat in line.answering().seats}
    if row["owner_id"] is not None:
        named.setdefault(row["owner_id"], row["owner_name"])
    return list(named.items())
