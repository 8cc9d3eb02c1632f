"""What happened to each handover of the demo, as deeds on days, in the order they were done."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from app.clock import local_day, noon_of
from app.demo.cast import Cast
from app.demo.content import DemoHandover, content
from app.eventlog.log import By
from app.follow_ups import service as follow_ups
from app.follow_ups.models import Better, Health
from app.follow_ups.service import CheckIn
from app.handovers.models import ReasonKind, Ripple
from app.handovers.service import (
    anchoring,
    answering,
    giving,
    noting,
    preparing,
    reconsidering,
    requesting,
    using,
)
from app.handovers.service.answering import Acceptance
from app.handovers.service.deed import Asked, RippleAnswer
from app.handovers.service.planning import Plan
from app.handovers.service.using import Trial
from app.people import service as people
from app.people.signed_in import SignedIn

Deed = Callable[[datetime], object]
Dated = tuple[date, Deed]

_STEPS = (
    "Vi begynder med de tre første og ser på det sammen om en måned.",
    "Vi tager det med på næste personalemøde og aftaler, hvem der gør hvad.",
    "Vi ringer til netværket og beder om en gennemgang.",
)
_LINES = (
    "Det går roligt fremad.",
    "Vi mangler stadig at få alle med.",
    "Flere spørger selv efter den.",
    "Vi har kortet det lidt ned, så det passer hos os.",
)
_NO_MORE_THAN = timedelta(days=85)
_GONE = {"Bo Aagesholm": 120}
"""Owners who have left since, and how many days ago."""


class Thread:
    """One handover, and the deeds that made it what it is today."""

    def __init__(self, cast: Cast, told: DemoHandover, place: int, today: date) -> None:
        self.cast, self.told, self.place, self.today = cast, told, place, today
        units = {unit.key: unit for unit in content().units}
        gifts = {gift.key: gift for gift in content().gifts}
        networks = {network.key: network for network in content().networks}
        self.gift = gifts[told.gift]
        self.giver = cast.signed_in(networks[self.gift.network].leader)
        self.leader = cast.signed_in(units[told.unit].leader)
        self.owner = cast.signed_in(told.owner) if told.owner else self.leader
        self.delivered_on = today - timedelta(days=told.delivered_days_ago)
        self.last_on = today - timedelta(days=told.last_life_days_ago)
        self.id = 0

    def deeds(self) -> list[Dated]:
        told = self.told
        if told.state == "requested":
            return [(self.last_on, self._ask)]
        deeds: list[Dated] = [(self.delivered_on, self._deliver)]
        if told.acknowledged_after is not None and told.state != "passed_on":
            deeds.append((self._after(told.acknowledged_after), self._acknowledge))
        if told.state == "passed_on":
            deeds.append((self.last_on, self._pass_on))
            return deeds
        deeds += self._second_thought()
        accepted_on = self.last_on if told.state == "accepted" else self._maybe(told.accepted_after)
        if accepted_on is None:
            if told.acknowledged_after is not None and told.note:
                deeds.append((self.last_on, self._note))
            elif told.acknowledged_after is not None:
                deeds.append((self.last_on, self._talk))
            return deeds
        deeds.append((accepted_on, self._accept))
        if told.state == "accepted":
            return deeds
        trial_on = accepted_on + timedelta(days=3)
        deeds.append((trial_on, self._try))
        return deeds + self._later(trial_on)

    def _second_thought(self) -> list[Dated]:
        declined_on = self._maybe(self.told.reconsidered_after)
        if declined_on is None:
            return []
        return [
            (declined_on, self._decline),
            (declined_on + timedelta(days=5), self._reconsider),
        ]

    def _later(self, trial_on: date) -> list[Dated]:
        told = self.told
        deeds: list[Dated] = []
        used_on = self._maybe(told.in_use_after)
        if used_on is not None:
            deeds.append((used_on, self._use))
        anchored_on = None
        if used_on is not None and told.anchored_after is not None:
            anchored_on = max(self._after(told.anchored_after), used_on + timedelta(days=181))
            deeds.append((anchored_on, self._propose))
            deeds.append((anchored_on + timedelta(days=3), self._confirm))
        checked_on = (used_on or trial_on) + _NO_MORE_THAN
        while checked_on < self.last_on - timedelta(days=20):
            if checked_on != anchored_on:
                deeds.append((checked_on, self._check_in))
            checked_on += _NO_MORE_THAN
        deeds.append((self.last_on, self._last_check_in))
        return sorted(deeds, key=lambda deed: deed[0])

    def _ask(self, now: datetime) -> None:
        requesting.ask_for(
            self.cast.session,
            Asked(self.leader),
            self.cast.gifts[self.told.gift],
            unit_id=self.cast.units[self.told.unit],
            why=self.told.note or "",
            now=now,
        )

    def _deliver(self, now: datetime) -> None:
        session, cast = self.cast.session, self.cast
        handover = preparing.draft(
            session,
            self.giver,
            gift_id=cast.gifts[self.told.gift],
            unit_id=cast.units[self.told.unit],
            kind=None,
            now=now,
        )
        self.id = handover.key
        answers = (Ripple.NONE, Ripple.UNKNOWN, Ripple.UNKNOWN)
        ripple = RippleAnswer(answers[self.place % len(answers)])
        giving.deliver(session, Asked(self.giver), self.id, ripple=ripple, now=now)

    def _acknowledge(self, now: datetime) -> None:
        answering.acknowledge(self.cast.session, Asked(self.leader), self.id, now=now)

    def _pass_on(self, now: datetime) -> None:
        answering.pass_on(
            self.cast.session,
            Asked(self.leader),
            self.id,
            to_unit_id=self.cast.units["familie"],
            reason=self.told.note or "Den hører til et andet sted.",
            now=now,
        )

    def _decline(self, now: datetime) -> None:
        answering.decline(
            self.cast.session,
            Asked(self.leader),
            self.id,
            reason_kind=ReasonKind.NO_CAPACITY,
            reason="Vi mangler to medarbejdere og tør ikke love noget.",
            counter_proposal="",
            now=now,
        )

    def _reconsider(self, now: datetime) -> None:
        reconsidering.reconsider(self.cast.session, Asked(self.leader), self.id, now=now)

    def _accept(self, now: datetime) -> None:
        in_a_month = local_day(now) + timedelta(days=28)
        acceptance = Acceptance(
            owner_id=self.owner.id,
            next_on=self._next_on() if self.told.state == "accepted" else in_a_month,
            read_back=f"Vi har fået »{self.gift.title}«. Hos os betyder det: {self.gift.ask}",
            first_step=_STEPS[self.place % len(_STEPS)],
        )
        answering.accept(self.cast.session, Asked(self.leader), self.id, acceptance, now=now)

    def _try(self, now: datetime) -> None:
        day = local_day(now)
        question = f"Bliver det sådan: {self.gift.citizen_value}"
        using.start_trial(
            self.cast.session,
            Asked(self.owner),
            self.id,
            Trial(question, from_on=day, to_on=day + timedelta(days=90)),
            plan=Plan(),
            now=now,
        )

    def _use(self, now: datetime) -> None:
        using.put_in_use(
            self.cast.session,
            Asked(self.owner),
            self.id,
            practice=self.gift.summary,
            trial_result="Det virker, også på de travle dage.",
            ripple=RippleAnswer(Ripple.NONE if self.place % 2 else Ripple.UNKNOWN),
            plan=Plan(next_on=local_day(now) + _NO_MORE_THAN),
            now=now,
        )

    def _propose(self, now: datetime) -> None:
        anchoring.propose_anchoring(
            self.cast.session,
            Asked(self.leader),
            self.id,
            success=f"Set igen: {self.gift.success_criterion}",
            citizen_value=self.gift.citizen_value,
            now=now,
        )

    def _confirm(self, now: datetime) -> None:
        anchoring.anchor(self.cast.session, Asked(self.giver), self.id, now=now)

    def _check_in(self, now: datetime) -> None:
        line = _LINES[self.place % len(_LINES)]
        next_on = local_day(now) + _NO_MORE_THAN
        follow_up = self._follow_up(line, Health.GOING_WELL, next_on, now)
        follow_ups.mark_seen(self.cast.session, self.giver, follow_up, now=now)

    def _last_check_in(self, now: datetime) -> None:
        is_quiet = self.told.state == "shelf"
        line = self.told.note or _LINES[(self.place + 1) % len(_LINES)]
        health = (
            Health.STUCK if is_quiet else (Health.GOING_WELL, Health.WOBBLING)[self.place % 5 == 0]
        )
        follow_up = self._follow_up(line, health, self._next_on(), now)
        if self.told.last_life_days_ago > 14:
            follow_ups.mark_seen(self.cast.session, self.giver, follow_up, now=now)

    def _follow_up(self, line: str, health: Health, next_on: date, now: datetime) -> int:
        better = Better.YES if health is Health.GOING_WELL else Better.UNKNOWN
        made = follow_ups.record(
            self.cast.session,
            Asked(self.owner),
            self.id,
            CheckIn(health=health, note=line, better=better, next_on=next_on),
            plan=Plan(),
            now=now,
        )
        return made.key

    def _note(self, now: datetime) -> None:
        self._write(self.told.note or "", now)

    def _talk(self, now: datetime) -> None:
        self._write("Vi har talt om den på ledermødet, men ikke besluttet noget.", now)

    def _write(self, text: str, now: datetime) -> None:
        noting.write_note(self.cast.session, Asked(self.leader), self.id, text=text, now=now)

    def _next_on(self) -> date:
        return self.today + timedelta(days=self.told.next_in_days or 30)

    def _after(self, days: int) -> date:
        return self.delivered_on + timedelta(days=days)

    def _maybe(self, days: int | None) -> date | None:
        return None if days is None else self._after(days)


def tell(cast: Cast, *, now: datetime) -> None:
    """Does every deed of every handover, oldest first, each at noon of its day."""
    today = local_day(now)
    deeds: list[tuple[date, int, int, Deed]] = []
    for place, told in enumerate(content().handovers):
        thread = Thread(cast, told, place, today)
        deeds += [(day, place, turn, deed) for turn, (day, deed) in enumerate(thread.deeds())]
    for name, days_ago in _GONE.items():
        deeds.append((today - timedelta(days=days_ago), -1, 0, _leaves(cast, name)))
    for day, _, _, deed in sorted(deeds, key=lambda dated: dated[:3]):
        deed(noon_of(day))


def _leaves(cast: Cast, name: str) -> Deed:
    def leave(now: datetime) -> None:
        secretary: SignedIn = cast.secretary
        person_id = cast.people[name].key
        people.leave(cast.session, person_id, version=None, by=By(secretary.id), now=now)

    return leave
