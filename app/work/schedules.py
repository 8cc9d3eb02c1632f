"""What is to be done again and again: each tick puts one item in line, however many workers hear
it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Protocol

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from app.clock import COPENHAGEN
from app.rows import Prepared, Rows
from app.work.items import enqueue
from app.work.models import WorkTick

CAUGHT_UP_AT_A_TIME = 100
REMEMBERED = timedelta(days=60)


class Ticks(Protocol):
    """Instants that everybody reckons alike."""

    def latest(self, now: datetime) -> datetime:
        """The last one until now."""

    def after(self, tick: datetime) -> datetime:
        """The next one."""


@dataclass(frozen=True)
class Every:
    """So often, counted from 1970."""

    pause: timedelta

    def latest(self, now: datetime) -> datetime:
        return now - (now - _EPOCH) % self.pause

    def after(self, tick: datetime) -> datetime:
        return tick + self.pause


@dataclass(frozen=True)
class Daily:
    """Each day when the clocks in Denmark show that."""

    at: time

    def latest(self, now: datetime) -> datetime:
        today = self._on(now, 0)
        return today if today <= now else self._on(now, -1)

    def after(self, tick: datetime) -> datetime:
        return self._on(tick, 1)

    def _on(self, instant: datetime, days: int) -> datetime:
        day = instant.astimezone(COPENHAGEN).date() + timedelta(days=days)
        return datetime.combine(day, self.at, COPENHAGEN).astimezone(UTC)


@dataclass(frozen=True)
class Schedule:
    """At each tick an item of the kind, which is told which tick it is. One that `catches_up` has
    also those that came while nobody listened; the others only the last of them."""

    name: str
    kind: str
    ticks: Ticks
    catches_up: bool = False

    def missed(self, last: datetime | None, now: datetime) -> Iterator[datetime]:
        """Those after the last one that was heard, oldest first."""
        latest = self.ticks.latest(now)
        if last is None or not self.catches_up:
            if last is None or last < latest:
                yield latest
            return
        tick = self.ticks.after(last)
        while tick <= latest:
            yield tick
            tick = self.ticks.after(tick)


@dataclass(frozen=True)
class Whenever:
    """An item of the kind whenever the statement finds something, which is asked once a second.
    One is in line at a time: what comes while it is at work, is found afterwards."""

    kind: str
    waiting: Prepared

    def put_in_line(self, session: Session) -> bool:
        return enqueue(session, self.kind, "waiting")


def hear(session: Session, schedule: Schedule, *, now: datetime) -> bool:
    """Puts in line what is due, in the transaction in which it is noted. Whether that was all."""
    rows = Rows(session.connection())
    heard = rows.first(_LAST, {"of_schedule": schedule.name})
    last = heard["tick_at"] if heard else None
    ticks = list(islice(schedule.missed(last, now), CAUGHT_UP_AT_A_TIME))
    for tick in ticks:
        if rows.change(_ADD, {"schedule": schedule.name, "tick_at": tick}):
            written = f"{tick:%Y-%m-%dT%H:%M:%SZ}"
            enqueue(session, schedule.kind, f"{schedule.name}:{written}", {"tick": written})
    if ticks:
        before = min(ticks[0], now - REMEMBERED)
        rows.change(_FORGET, {"of_schedule": schedule.name, "before": before})
    return len(ticks) < CAUGHT_UP_AT_A_TIME


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = Prepared(
    select(col(WorkTick.tick_at))
    .where(col(WorkTick.schedule) == bindparam("of_schedule"))
    .order_by(col(WorkTick.tick_at).desc())
    .limit(1)
)
_ADD = Prepared(
    insert(WorkTick)
    .values(schedule=bindparam("schedule"), tick_at=bindparam("tick_at"))
    .on_conflict_do_nothing()
)
_FORGET = Prepared(
    delete(WorkTick).where(
        col(WorkTick.schedule) == bindparam("of_schedule"),
        col(WorkTick.tick_at) < bindparam("before"),
    )
)
