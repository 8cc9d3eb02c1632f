"""A worker in this process, on both databases: what handlers may say, and what it does then."""

import random
import threading
import time
from datetime import timedelta

import pytest
from sqlmodel import select

from app.errors import Busy
from app.rows import Rows
from app.work import endings
from app.work import worker as working
from app.work.items import enqueue, time_of
from app.work.kinds import FIRST_PAUSE, LONGEST_PAUSE, Failed, Kind, pause_after
from app.work.models import WorkTick
from app.work.schedules import Every, Schedule
from app.work.worker import Worker
from tests.processes import wait_until
from tests.work.steps import KIND, left, note_done
from tests.work.world import (
    at_work,
    done,
    make_due,
    prepare,
    put_in_line,
    until_all_is_done,
    worker,
)


@pytest.fixture
def database(own_database):
    prepare(own_database)
    return own_database


def does(task):
    return note_done(task.key)


def now_of(database):
    with database.connected() as connection:
        return time_of(Rows(connection))


def test_it_does_what_is_in_line_and_what_it_writes_is_written_with_the_end(database):
    put_in_line(database, "a", "b")
    one = worker(database, does)

    assert [one.do_one(), one.do_one(), one.do_one()] == [True, True, False]
    assert done(database) == {"a": 1, "b": 1}
    assert left(database) == []


def test_what_is_put_in_line_wakes_it_at_once_and_not_before_the_commit(database, monkeypatch):
    monkeypatch.setattr(working, "LOOKED_EVERY", 60)
    one = worker(database, does)
    with at_work(one):
        wait_until(lambda: one.bell.times == 0 and one._hands[0].is_alive())
        with database.writing() as session:
            enqueue(session, KIND, "a")
            enqueue(session, KIND, "b")
            assert one.bell.times == 0
        begun = time.monotonic()
        until_all_is_done(database, 2)
        assert time.monotonic() - begun < 30
        assert one.bell.times >= 1


def test_what_was_rolled_back_was_never_in_line(database):
    one = worker(database, does)

    def regrets():
        with database.writing() as session:
            enqueue(session, KIND, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        regrets()
    assert not one.do_one()
    assert one.bell.times == 0


def test_a_handler_holds_no_transaction_open(database):
    """On SQLite somebody else writes meanwhile, without waiting."""

    def handle(task):
        put_in_line(database, "another", kind="other.kind")
        return note_done(task.key)

    put_in_line(database, "a")
    worker(database, handle).do_one()
    assert done(database) == {"a": 1}
    assert [item.key for item in left(database)] == ["another"]


def test_a_failure_is_kept_by_its_name_only_and_tried_again_later(database, caplog):
    def handle(task):
        raise OSError("smtp://user:hemmelig@mail")

    put_in_line(database, "a")
    assert worker(database, handle).do_one()

    (item,) = left(database)
    assert (item.last_error, item.attempts, item.held_by) == ("OSError", 1, None)
    pause = item.due_at - now_of(database)
    assert FIRST_PAUSE * 0.5 < pause <= FIRST_PAUSE * 1.25
    assert "failed" in caplog.text


def test_what_a_handler_says_of_its_failure_decides(database):
    said = {
        "later": Failed("503, come back", after=timedelta(hours=3), writing=note_done("later")),
        "never": Failed("410 Gone", is_final=True, writing=note_done("never")),
    }

    def handle(task):
        raise said[task.key]

    put_in_line(database, "later", "never")
    one = worker(database, handle)
    assert [one.do_one(), one.do_one(), one.do_one()] == [True, True, False]

    items = {item.key: item for item in left(database)}
    assert items["later"].due_at - now_of(database) > timedelta(hours=2.9)
    assert (items["later"].dead_at, items["later"].last_error) == (None, "503, come back")
    assert items["never"].dead_at is not None
    assert done(database) == {"later": 1, "never": 1}


def test_it_is_dead_after_so_many_attempts(database):
    def handle(task):
        raise Failed(f"no {task.attempt}")

    put_in_line(database, "a", most_attempts=3)
    one = worker(database, handle)
    tried = 0
    while one.do_one():
        tried += 1
        make_due(database)

    (item,) = left(database)
    assert (tried, item.attempts, item.last_error) == (3, 3, "no 3")
    assert item.dead_at is not None


def test_what_cannot_be_written_in_the_end_is_a_failure_of_the_step(database):
    def handle(task):
        def writing(session):
            note_done(task.key)(session)
            raise ZeroDivisionError

        return writing

    put_in_line(database, "a")
    worker(database, handle).do_one()
    assert done(database) == {}
    assert [item.last_error for item in left(database)] == ["ZeroDivisionError"]


def test_where_not_even_that_can_be_written_it_is_left_for_when_its_lease_is_over(
    database, monkeypatch
):
    def fails(*_):
        raise ZeroDivisionError

    put_in_line(database, "a")
    monkeypatch.setattr(endings, "finish", fails)
    monkeypatch.setattr(endings, "fail", fails)
    with pytest.raises(ZeroDivisionError):
        worker(database, does).do_one()
    (item,) = left(database)
    assert (item.attempts, item.held_by is None) == (1, False)


def test_a_database_that_is_away_when_it_ends_is_waited_for(database, monkeypatch):
    monkeypatch.setattr(working, "_A_WHILE", 0.01)
    put_in_line(database, "a")
    refusals = iter([None, Busy(), Busy()])

    def turn(work):
        if refusal := next(refusals, None):
            raise refusal
        return work()

    assert worker(database, does, turn=turn).do_one()
    assert done(database) == {"a": 1}


def test_a_lease_is_renewed_while_a_handler_works(database, monkeypatch):
    """As soon as it has not been for a third of its time; long before it is over."""
    monkeypatch.setattr(working, "LOOKED_EVERY", 0.05)
    meets = threading.Event()

    def slow(task):
        assert meets.wait(30)
        return note_done(task.key)

    put_in_line(database, "a")
    one, other = worker(database, slow), worker(database, does)
    with at_work(one):
        wait_until(lambda: one._tasks)
        first = left(database)[0].due_at
        assert 50 < (first - now_of(database)).total_seconds() <= 60
        one._renewed_at -= 20
        wait_until(lambda: left(database)[0].due_at > first)
        assert not other.do_one()
        meets.set()
        until_all_is_done(database, 1)
    assert done(database) == {"a": 1}


def test_whoever_was_away_past_the_lease_is_told_and_keeps_nothing(database, caplog):
    def away(task):
        make_due(database)
        assert other.do_one()
        one.renew()
        task.must_go_on()

    put_in_line(database, "a")
    one, other = worker(database, away), worker(database, does)
    assert one.do_one()
    assert done(database) == {"a": 1}
    assert left(database) == []
    assert "was taken over" in caplog.text


def test_who_comes_back_late_keeps_what_nobody_has_taken_meanwhile(database):
    """Also of its own threads none takes what another one is at work on."""

    def late(task):
        make_due(database)
        one._renewed_at = -1e9
        assert not one.do_one()
        return note_done(task.key)

    put_in_line(database, "a")
    one = worker(database, late)
    assert one.do_one()
    assert done(database) == {"a": 1}


def test_told_to_stop_it_finishes_what_is_quick_and_hands_back_the_rest_at_once(
    database, monkeypatch
):
    monkeypatch.setattr(working, "GOES_ON_FOR", 0.3)
    goes_on = threading.Event()

    def handle(task):
        if task.key == "slow":
            assert goes_on.wait(30)
        return note_done(task.key)

    one = worker(database, handle)
    one.start()
    put_in_line(database, "slow")
    wait_until(lambda: one._tasks)
    one.stop()

    (item,) = left(database)
    assert (item.held_by, item.attempts) == (None, 0)
    assert item.due_at <= now_of(database)
    assert worker(database, does).do_one()
    goes_on.set()
    one._hands[0].join(30)
    assert done(database) == {"slow": 1}


def test_a_handler_that_asks_hands_back_by_itself(database):
    def handle(task):
        one.tell_to_stop()
        task.must_go_on()

    put_in_line(database, "a")
    one = worker(database, handle)
    assert one.do_one()
    (item,) = left(database)
    assert (item.held_by, item.attempts) == (None, 0)


def test_two_versions_live_side_by_side_each_with_what_it_knows(database):
    put_in_line(database, *(f"new{number}" for number in range(3)), kind="newer.kind")
    put_in_line(database, "old")
    older = worker(database, does)
    newer = Worker(
        database, [Kind(KIND, does), Kind("newer.kind", does)], lease_seconds=60, threads=1
    )

    assert [older.do_one(), older.do_one()] == [True, False]
    assert {(item.kind, item.attempts) for item in left(database)} == {("newer.kind", 0)}
    while newer.do_one():
        continue
    assert sum(done(database).values()) == 4


def test_a_long_line_of_one_kind_does_not_keep_the_others_waiting(database):
    order = []
    kinds = [Kind(name, lambda task: order.append(task.held.kind)) for name in ("many", "few")]
    put_in_line(database, *map(str, range(9)), kind="many")
    put_in_line(database, "1", kind="few")
    one = Worker(database, kinds, lease_seconds=60, threads=1)
    one.do_one(), one.do_one()
    assert sorted(order) == ["few", "many"]


def test_every_tick_is_done_once_however_many_workers_there_are(database):
    often = Schedule("often", KIND, Every(timedelta(seconds=1)), catches_up=True)
    with at_work(*(worker(database, does, schedules=[often], threads=2) for _ in range(3))):
        wait_until(lambda: len(done(database)) >= 3)
    with database.reading() as session:
        ticks = session.exec(select(WorkTick.tick_at)).all()
    waiting = {item.key for item in left(database)}
    keys = {f"often:{tick:%Y-%m-%dT%H:%M:%SZ}" for tick in ticks}
    assert set(done(database)) | waiting == keys
    assert set(done(database).values()) == {1}


def test_something_unexpected_does_not_end_the_worker(database, caplog, monkeypatch):
    monkeypatch.setattr(working, "_A_WHILE", 0.01)
    one = worker(database, does)
    met = iter([ZeroDivisionError(), Busy()])
    looks = one._due_kinds

    def first_fails():
        if error := next(met, None):
            raise error
        return looks()

    one._due_kinds = first_fails
    put_in_line(database, "a")
    with at_work(one):
        until_all_is_done(database, 1)
    assert "goes on" in caplog.text


def test_each_pause_is_longer_and_no_two_are_the_same():
    chance = random.Random(1)
    pauses = [[pause_after(attempt, chance) for _ in range(20)] for attempt in range(1, 30)]
    assert all(len(set(some)) == 20 for some in pauses)
    middles = [sorted(some)[10] for some in pauses[:9]]
    assert middles == sorted(middles)
    assert max(map(max, pauses)) <= LONGEST_PAUSE * 1.25


def test_what_was_committed_late_is_found_when_the_line_is_looked_at_from_the_start(
    database, monkeypatch
):
    def line():
        put_in_line(database, "late", due_at=now_of(database) - timedelta(hours=1))
        put_in_line(database, "first", "second")
        one._since = {KIND: now_of(database) - timedelta(minutes=1)}

    one = worker(database, does)
    line()
    assert [one.do_one() for _ in range(4)] == [True, True, False, True]
    assert done(database) == {"late": 1, "first": 1, "second": 1}

    line()
    monkeypatch.setattr(working, "LOOKED_BACK_EVERY", 0)
    one.do_one()
    assert done(database)["late"] == 2
