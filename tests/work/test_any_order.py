"""Whatever holders do, in any order and however late: an item is finished by who holds it, once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.rows import Rows
from app.work import items
from app.work.items import Held, TakenOver, enqueue
from app.work.models import WorkItem
from tests.conftest import NOON

KEYS = ("a", "b", "c")
LEASE = timedelta(minutes=1)
MOST = 4
MOVES = st.one_of(
    st.tuples(st.just("take"), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([20, 61, 200])),
    st.tuples(
        st.sampled_from(["finish", "renew", "put_off", "give_up", "hand_back"]), st.integers(0, 9)
    ),
)


@dataclass
class Line:
    """What is known of the line without asking the database: who holds what, by key."""

    rows: Rows
    now: datetime = NOON + timedelta(days=3650)
    ever_held: list[Held] = field(default_factory=list)
    holder: dict[str, Held | None] = field(default_factory=lambda: dict.fromkeys(KEYS))
    due_at: dict[str, datetime] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KEYS, 0))
    over: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.due_at = dict.fromkeys(KEYS, self.now)

    def take(self) -> None:
        until = self.now + LEASE
        held = items.take(self.rows, "step", holder="x", now=self.now, until=until)
        due = [key for key in KEYS if key not in self.over and self.due_at[key] <= self.now]
        worn_out = [key for key in due if self.tried[key] == MOST]
        if held is None:
            assert worn_out == due
            self.over |= dict.fromkeys(worn_out, "dead")
            return
        longest = self.due_at[held.key]
        self.over |= {key: "dead" for key in worn_out if self.is_dead(key)}
        assert held.key in due
        assert longest == min(self.due_at[key] for key in due if key not in self.over)
        self.tried[held.key] += 1
        assert held.attempt == self.tried[held.key]
        self.holder[held.key], self.due_at[held.key] = held, until
        self.ever_held.append(held)

    def is_dead(self, key: str) -> bool:
        return key in dead(self.rows)

    def end(self, how: str, held: Held) -> None:
        is_holder = self.holder[held.key] is held and held.key not in self.over
        if how == "renew":
            until = self.now + LEASE
            assert items.renew(self.rows, held, until=until) == is_holder
            if is_holder:
                self.due_at[held.key] = until
            return
        try:
            self._ended(how, held)
            assert is_holder
        except TakenOver:
            assert not is_holder
            return
        self.holder[held.key] = None
        if how in ("finish", "give_up"):
            self.over[held.key] = "done" if how == "finish" else "dead"
        else:
            self.due_at[held.key] = self.now + (LEASE if how == "put_off" else timedelta())
            self.tried[held.key] -= how == "hand_back"

    def _ended(self, how: str, held: Held) -> None:
        match how:
            case "finish":
                items.finish(self.rows, held)
            case "put_off":
                items.put_off(self.rows, held, why="no", due_at=self.now + LEASE)
            case "give_up":
                items.give_up(self.rows, held, why="no", now=self.now)
            case "hand_back":
                items.hand_back(self.rows, held, due_at=self.now)


def dead(rows: Rows) -> set[str]:
    found = rows.connection.execute(select(WorkItem.key).where(col(WorkItem.dead_at).is_not(None)))
    return set(found.scalars())


@given(moves=st.lists(MOVES, min_size=5, max_size=40))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_item_is_finished_by_who_holds_it_and_once(session: Session, moves):
    savepoint = session.begin_nested()
    for key in KEYS:
        enqueue(session, "step", key, most_attempts=MOST)
    line = Line(Rows(session.connection()))
    session.connection().exec_driver_sql("UPDATE work_item SET due_at = enqueued_at")
    start = {row.key: row.due_at for row in session.exec(select(WorkItem))}
    line.due_at = start
    for move, number in moves:
        if move == "take":
            line.take()
        elif move == "wait":
            line.now += timedelta(seconds=number)
        elif line.ever_held:
            line.end(move, line.ever_held[number % len(line.ever_held)])

    left = {row.key: row for row in session.exec(select(WorkItem)).all()}
    assert set(KEYS) - left.keys() == {key for key, how in line.over.items() if how == "done"}
    assert {key for key, row in left.items() if row.dead_at} == {
        key for key, how in line.over.items() if how == "dead"
    }
    savepoint.rollback()
    session.expire_all()
