"""What is quick is taken and finished several at a time, and each is as if it had been alone."""

import logging
import threading

import pytest
from sqlalchemy import text

from app.work import pace
from app.work.kinds import Failed
from app.work.pace import MOST, QUICK, Pace
from tests.work.steps import KIND, left, note_done
from tests.work.world import done, make_due, prepare, put_in_line, worker

KEYS = [f"item{number:02}" for number in range(MOST)]


@pytest.fixture
def database(own_database):
    prepare(own_database)
    return own_database


def quick_so_far(database, handle):
    """One that has seen how quick they are."""
    made = worker(database, handle)
    for _ in range(MOST):
        made._pace.took(KIND, 0)
    return made


def quick(database, handle):
    """One to which they stay quick, however busy the machine is."""
    made = quick_so_far(database, handle)
    made._pace.took = lambda *_: None
    return made


def test_the_pace_rises_with_each_that_was_quick_and_falls_with_one_that_was_not():
    pace, seen = Pace(), []
    for _ in range(6):
        seen.append(pace.of(KIND))
        pace.took(KIND, QUICK)
    assert (seen, pace.of("other")) == ([1, 2, 4, 8, 16, MOST], 1)
    pace.took(KIND, 2 * QUICK)
    assert pace.of(KIND) == 1


def test_several_are_taken_together_and_done_in_their_order(database):
    put_in_line(database, *KEYS)
    seen = []
    quick(database, lambda task: seen.append((task.key, task.attempt))).do_some()
    assert seen == [(key, 1) for key in KEYS]
    assert left(database) == []


def test_each_ends_in_its_own_way(database):
    put_in_line(database, "good", "bad", "hopeless", "written")

    def handle(task):
        if task.key == "written":
            return note_done(task.key)
        if task.key != "good":
            raise Failed("as planned", is_final=task.key == "hopeless")
        return None

    quick(database, handle).do_some()
    assert done(database) == {"written": 1}
    kept = {
        item.key: (item.attempts, item.held_by, item.dead_at is None) for item in left(database)
    }
    assert kept == {"bad": (1, None, True), "hopeless": (1, None, False)}


def test_one_that_takes_long_after_all_lets_somebody_else_have_the_others(database, monkeypatch):
    monkeypatch.setattr(pace, "QUICK", 0.5)
    put_in_line(database, *KEYS)

    def handle(task):
        if task.key == KEYS[1]:
            threading.Event().wait(2 * pace.QUICK)

    quick_so_far(database, handle).do_some()
    waiting = {item.key: (item.attempts, item.held_by) for item in left(database)}
    assert waiting == dict.fromkeys(KEYS[2:], (0, None))


def test_a_worker_that_stops_hands_back_what_it_has_not_begun(database):
    put_in_line(database, *KEYS)
    stopping = quick(database, lambda task: stopping.tell_to_stop())
    stopping.do_some()
    waiting = {item.key: (item.attempts, item.held_by) for item in left(database)}
    assert waiting == dict.fromkeys(KEYS[1:], (0, None))


def test_what_has_been_tried_is_taken_alone(database):
    """It may be what ends its worker, and would end the others' chances with it."""
    put_in_line(database, *KEYS[:3])
    gone = quick(database, None)
    assert len(gone.change(lambda session: gone._take_some(KIND, *since(gone), session))) == 3
    make_due(database)
    seen = []
    again = quick(database, lambda task: seen.append(task.attempt))
    for count in (1, 2, 3):
        again.do_some()
        assert seen == [2] * count
    assert left(database) == []


def since(one):
    ((_, found),) = one._due_kinds()
    return (found,)


def test_what_was_taken_over_meanwhile_is_left_to_whoever_has_it(database, caplog):
    put_in_line(database, *KEYS[:3])

    def handle(task):
        if task.key == KEYS[1]:
            with database.writing() as session:
                taken = text("UPDATE work_item SET fence = fence + 1 WHERE key = :key")
                session.execute(taken, {"key": task.key})

    one = quick(database, handle)
    with caplog.at_level(logging.WARNING):
        one.do_some()
    assert [item.key for item in left(database)] == [KEYS[1]]
    assert "was taken over meanwhile" in caplog.text
