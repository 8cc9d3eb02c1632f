"""One thing that a person does to one handover: looked up, allowed, done, recorded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlmodel import Session, col, delete

from app.clock import local_day
from app.db import locked, must_be
from app.errors import Invalid, Message, NotAllowed, Stale
from app.eventlog import log
from app.eventlog.log import By, UnitId
from app.gifts.models import Gift
from app.handovers import life, lifecycle, policy, queries
from app.handovers.events import HandoverChanged, HandoverEvent, HandoverMoved, RippleAnswered
from app.handovers.life import Rules
from app.handovers.lifecycle import Step
from app.handovers.models import AffectedUnit, Handover, Kind, Ripple
from app.handovers.policy import Standing
from app.handovers.rules import rules_of
from app.people.models import Person
from app.people.signed_in import SignedIn
from app.rows import rows_of
from app.units.line import line_of
from app.units.models import Unit


@dataclass(frozen=True)
class Asked:
    """What every deed needs to know: who asks, on whose behalf, having seen which version."""

    person: SignedIn
    version: int | None = None
    on_behalf_of_id: int | None = None


@dataclass(frozen=True)
class RippleAnswer:
    """The answer to "what does it mean for others?"; `unit_ids` only where it is UNITS."""

    answer: Ripple
    unit_ids: tuple[int, ...] = ()


@dataclass
class Deed:
    """A deed under way: the handover is locked, and the person may do it."""

    session: Session
    handover: Handover
    by: By
    standing: Standing
    now: datetime

    @cached_property
    def rules(self) -> Rules:
        """Read after the handover was locked, and so those that its due day is held to."""
        return rules_of(self.session)

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def gift(self) -> Gift:
        """The gift, which the steps that need it have locked."""
        gift = self.session.get(Gift, self.handover.gift_id)
        assert gift is not None
        return gift

    def must_be(self, version: int | None) -> None:
        """Stale unless the handover is the version that the person has seen."""
        must_be(self.handover, version)

    def move(self, step: Step) -> None:
        """Takes the handover to the state after the step; IllegalStep where there is none."""
        handover = self.handover
        handover.state = lifecycle.after(handover.state, step)
        if handover.state in lifecycle.ENDED:
            end(self.session, handover, at=self.now)

    def unpause(self) -> None:
        self.handover.paused_until, self.handover.pause_reason = None, ""

    def lives(self) -> None:
        """Counts the deed as a sign of life."""
        self.handover.last_life_at = self.now
        self.due()

    def due(self) -> None:
        """Sets the day by which the next sign of life is due."""
        set_due(self.handover, self.rules)

    def record(self, event: HandoverEvent) -> None:
        self.session.flush()
        log.record(self.session, event, self.by, at=self.now)

    def answer_ripple(self, ripple: RippleAnswer | None) -> bool:
        """Keeps who else will feel it, and says whether that was news. Unknown never wipes out a
        better answer."""
        handover = self.handover
        if ripple is None or ripple.answer is Ripple.UNKNOWN:
            return False
        unit_ids = sorted(set(ripple.unit_ids))
        affected = queries.affected_units(self.session, handover.key)
        for place, unit_id in enumerate(ripple.unit_ids):
            self._may_be_affected(unit_id, affected, pointer=f"/ripple/unit_ids/{place}")
        if (handover.ripple, affected) == (ripple.answer, unit_ids):
            return False
        self.session.execute(
            delete(AffectedUnit).where(col(AffectedUnit.handover_id) == handover.key)
        )
        self.session.add_all(
            AffectedUnit(handover_id=handover.key, unit_id=unit_id) for unit_id in unit_ids
        )
        handover.ripple = ripple.answer
        self.record(
            RippleAnswered(
                subject_id=handover.key,
                answer=ripple.answer,
                unit_ids=[UnitId(unit_id) for unit_id in unit_ids],
            )
        )
        return True

    def _may_be_affected(self, unit_id: int, affected: Collection[int], *, pointer: str) -> None:
        """A unit that has closed feels nothing more; one that was named before that stays."""
        unit = self.session.get(Unit, unit_id)
        if unit is None or unit_id == self.handover.unit_id:
            say = Message("Vælg en enhed, der findes, og som ikke selv er modtageren.")
            raise Invalid.at(pointer, say)
        if unit.is_closed and unit_id not in affected:
            say = Message("Enheden %(name)s er lukket.", name=unit.name)
            raise Invalid.at(pointer, say, code="closed")


def begin(session: Session, asked: Asked, handover_id: int, step: Step, *, now: datetime) -> Deed:
    """The deed, when the person may do it: NotFound if they may not see the handover, NotAllowed
    with a reason if it is not theirs to do, Stale if it has changed since they saw it."""
    today = local_day(now)
    gift_id, unit_id = queries.must_see(rows_of(session), asked.person, handover_id, today=today)
    if step in _WITH_GIFT:
        locked(session, Gift, gift_id)
    if step in _WITH_UNIT:
        session.get(Unit, unit_id, with_for_update={"read": True})
    handover = locked(session, Handover, handover_id)
    if step in _WITH_UNIT and handover.unit_id != unit_id:
        raise Stale
    standing, by = stand(session, asked, handover, step, today=today)
    policy.require(standing, step)
    must_be(handover, asked.version)
    return Deed(session, handover, by, standing, now)


def set_due(handover: Handover, rules: Rules) -> None:
    """The day by which its next sign of life is due, by the rules."""
    handover.life_due_on = life.due_on(
        handover.state,
        last_life_on=local_day(handover.last_life_at),
        next_on=handover.next_on,
        paused_until=handover.paused_until,
        trial_to_on=handover.trial_to_on,
        rules=rules,
    )


def arrive(session: Session, handover: Handover, unit_id: int, by: By, *, at: datetime) -> None:
    """It is the unit's from now on. Whoever answers there has not been silent: where there is no
    answer yet, they have as long as those before them had, and are reminded before anybody above
    them is told."""
    former_id, handover.unit_id = UnitId(handover.unit_id), UnitId(unit_id)
    if handover.state in lifecycle.UNANSWERED:
        handover.last_life_at = at
        set_due(handover, rules_of(session))
    session.flush()
    moved = HandoverMoved(
        subject_id=handover.key, from_unit_id=former_id, to_unit_id=UnitId(unit_id)
    )
    log.record(session, moved, by, at=at)


def end(session: Session, handover: Handover, *, at: datetime) -> None:
    """What an ended handover no longer has: a pause, and an owner with something to do."""
    handover.ended_at = at
    handover.paused_until, handover.pause_reason = None, ""
    release(session, handover, at=at)


def release(session: Session, handover: Handover, *, at: datetime) -> None:
    """Whoever owns it has nothing more to do with it; that they did, is kept."""
    with session.no_autoflush:  # Why it ended has not been said yet.
        ownership = queries.present_ownership(session, handover.key)
    if ownership is not None:
        ownership.to_at = at


def set_kind(session: Session, handover: Handover, kind: Kind, by: By, *, at: datetime) -> None:
    """Makes it lead or co receiver as a consequence of what was done to another handover."""
    handover.kind = kind
    log.record(session, HandoverChanged(subject_id=handover.key, fields=["kind"]), by, at=at)


# Everybody takes locks in this order: the gift, the unit, the handover. A new edition locks the
# gift and then its handovers, and a unit that closes locks itself and then its handovers.
_WITH_UNIT = {Step.ANNOUNCE, Step.DELIVER, Step.REOPEN, Step.RECONSIDER}
_WITH_GIFT = {*_WITH_UNIT, Step.PASS_ON, Step.TAKE_EDITION}


def stand(
    session: Session, asked: Asked, handover: Handover, step: Step | None, *, today: date
) -> tuple[Standing, By]:
    """What the person is to the handover, or the one on whose behalf they act; and who is to be
    named for the step, if it is one."""
    person = asked.person
    line = line_of(session, handover.unit_id, today=today)
    other = other_in(session, asked)
    if other is None:
        own = queries.standing(
            session,
            person.id,
            handover,
            line=line,
            today=today,
            is_secretariat=person.is_secretariat,
        )
        # A substitute answers for the leader, and both names are shown; but not where they act as
        # the owner that they also are.
        is_for_leader = step is not None and (
            policy.is_leaders(step)
            or (policy.is_receivers(step) and not own.owns)
            or (step is Step.WITHDRAW and own.only_asks)
        )
        return own, By(person.id, line.stands_in_for(person.id) if is_for_leader else None)
    named = queries.standing(
        session, other.key, handover, line=line, today=today, is_secretariat=False
    )
    return named, By(person.id, other.key)


def other_in(session: Session, asked: Asked) -> Person | None:
    """The one on whose behalf it is done; None where somebody does it as themselves. NotAllowed
    for all but the secretariat."""
    if asked.on_behalf_of_id is None or asked.on_behalf_of_id == asked.person.id:
        return None
    if not asked.person.is_secretariat:
        raise NotAllowed(Message("Kun sekretariatet kan gøre det på en andens vegne."))
    other = session.get(Person, asked.on_behalf_of_id)
    if other is None or other.has_left:
        raise Invalid.at("/on_behalf_of_id", Message("Personen findes ikke eller er stoppet."))
    return other
