"""A municipality for a long walk: a tree of units with leaders, some of whom lead two or are not
there, owners, and gifts. It is kept twice, as rows and as plain values, so that a second opinion
needs no query."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.clock import COPENHAGEN
from app.db import Database
from app.handovers.life import Rules
from app.handovers.lifecycle import State
from app.municipality.models import Setting
from app.notifications.models import HowMuch, MailChoice
from app.people.models import Person
from app.units.models import PostKind, Unit
from tests.make import Make

FIRST_DAY = date(2026, 1, 5)
DAY = timedelta(days=1)
BRANCHES = (3, 3, 4)
"""Units below each, from the top down."""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), COPENHAGEN)


@dataclass
class Given:
    """One handover, with what a second opinion remembers of its silence: each step as the day, the
    kind, who was told, and in which unit. `chance` is how likely it is that somebody acts."""

    id: int
    unit_id: int
    owner_id: int
    state: State
    lived_on: date
    due_on: date | None
    chance: float
    next_on: date | None = None
    trial_to_on: date | None = None
    paused_until: date | None = None
    steps: list[tuple[date, str, list[int], int]] = field(default_factory=list)

    @property
    def is_agreed(self) -> bool:
        days = [self.next_on, self.paused_until]
        if self.state is State.TRIAL:
            days.append(self.trial_to_on)
        return any(day is not None and day > self.lived_on for day in days)


@dataclass
class Seat:
    id: int
    unit_id: int
    person_id: int
    is_leader: bool
    from_on: date
    to_on: date | None = None


class Town:
    """`between` are the working days from one reminder to the next, as it has chosen."""

    def __init__(self, database: Database, *, handovers: int, seed: int, between: int = 5) -> None:
        self.database, self.chance, self.between = database, random.Random(seed), between
        self.parents: dict[int, int | None] = {}
        self.seats: dict[int, list[Seat]] = {}
        self.hours: dict[int, tuple[int, HowMuch]] = {}
        self.left: set[int] = set()
        with database.writing() as session:
            self.make = Make(session, now=at(FIRST_DAY - DAY, 12))
            if between != Rules().reminder_workdays:
                chosen = {"name": "reminder_workdays", "value": str(between), "version": 2}
                self.make._save(Setting(**chosen, changed_at=self.make.now))
            self._build_units()
            self.secretariat = [self.make.secretary().key for _ in range(2)]
            self.owners = [self.make.person().key for _ in range(30)]
            self.giver = self.make.person()
            for person_id in (*self.owners, *self.leaders()):
                if self.chance.random() < 0.3:
                    self._choose(person_id)
            self.given = list(self._give(handovers))

    def wants(self, person_id: int) -> tuple[int, HowMuch]:
        return self.hours.get(person_id, (8, HowMuch.ALL))

    def leaders(self) -> list[int]:
        return sorted({seat.person_id for seats in self.seats.values() for seat in seats})

    def seated(self, unit_id: int, day: date) -> list[int]:
        """Who is told in the unit: the leader, or who stands in for one."""
        there = [
            seat
            for seat in self.seats[unit_id]
            if seat.from_on <= day
            and (seat.to_on is None or seat.to_on >= day)
            and seat.person_id not in self.left
        ]
        leaders = [seat.person_id for seat in there if seat.is_leader]
        return leaders or [seat.person_id for seat in there]

    def upwards(self, unit_id: int) -> Iterator[int]:
        above: int | None = unit_id
        while above is not None:
            yield above
            above = self.parents[above]

    def sit(self, unit_id: int, person_id: int, from_on: date, *, is_leader: bool = True) -> None:
        """The person takes a post in the unit."""
        unit = self.make.session.get_one(Unit, unit_id)
        person = self.make.session.get_one(Person, person_id)
        kind = PostKind.LEADER if is_leader else PostKind.SUBSTITUTE
        post = self.make.post(unit, person, kind=kind, from_on=from_on)
        assert post.id is not None
        self.seats[unit_id].append(Seat(post.id, unit_id, person_id, is_leader, from_on))

    def _build_units(self) -> None:
        level = [self._unit(None)]
        for breadth in BRANCHES:
            level = [self._unit(above) for above in level for _ in range(breadth)]

    def _unit(self, parent_id: int | None) -> int:
        """Most are led, some by whoever leads the one above too, some by a substitute alone."""
        unit_id = self.make.unit(parent_id=parent_id).key
        self.parents[unit_id], self.seats[unit_id] = parent_id, []
        kind, long_ago = self.chance.random(), FIRST_DAY - timedelta(days=1000)
        above = self.seats[parent_id] if parent_id else []
        if kind < 0.7 or parent_id is None:
            self.sit(unit_id, self.make.person().key, long_ago)
        elif kind < 0.8 and above:
            self.sit(unit_id, above[0].person_id, long_ago)
        if 0.6 < kind < 0.9:
            self.sit(unit_id, self.make.person().key, long_ago, is_leader=False)
        return unit_id

    def _choose(self, person_id: int) -> None:
        hour = self.chance.randint(6, 14)
        how_much = self.chance.choices(list(HowMuch), [6, 3, 1])[0]
        self.hours[person_id] = (hour, how_much)
        choice = {"hour": hour, "how_much": how_much, "version": 2, "changed_at": self.make.now}
        self.make._save(MailChoice(person_id=person_id, **choice))

    def _give(self, handovers: int) -> Iterator[Given]:
        units = [self.make.session.get_one(Unit, unit_id) for unit_id in self.parents]
        network = self.make.network(leader=self.giver)
        for number in range(handovers):
            place = number % len(units)
            if place == 0:
                gift = self.make.gift(network=network, contact=self.giver)
            row = self.make.handover(
                gift=gift,
                unit=units[place],
                days_ago=self.chance.randint(1, 25),
                read_back="Ét fast møde.",
                first_step="Vi sætter en dag.",
            )
            yield Given(
                id=row.key,
                unit_id=row.unit_id,
                owner_id=self.chance.choice(self.owners),
                state=State.DELIVERED,
                lived_on=row.last_life_at.date(),
                due_on=row.life_due_on,
                chance=self.chance.choice([1 / 40, 1 / 120, 1 / 400]),
            )
