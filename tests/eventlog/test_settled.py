"""Who reads the log by cursor misses nothing, also while others are still writing."""

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from threading import Barrier, Event

from app.eventlog import log, queries
from app.eventlog.log import By
from app.people.events import PersonRegistered
from app.rows import Rows
from tests.conftest import NOON

WRITERS, EACH = 6, 20


def read(database, after_id=0):
    with database.connected() as connection:
        rows, statement = Rows(connection), queries.page_of(())
        events = queries.page(rows, statement, parameters={}, after_id=after_id, limit=1000)
        return [(event["id"], event["subject_id"]) for event in events]


def write(session, subject_id):
    log.record(session, PersonRegistered(subject_id=subject_id), By(), at=NOON)
    session.flush()


def test_an_event_is_not_shown_before_those_with_lower_numbers_are_settled(own_database):
    if own_database.is_sqlite:  # Writers take turns there: numbers are committed in order.
        with own_database.writing() as session:
            write(session, 1)
            assert read(own_database) == []
        assert [subject for _, subject in read(own_database)] == [1]
        return

    with ExitStack() as slow:
        early = slow.enter_context(own_database.writing())
        write(early, 1)
        with own_database.writing() as session:
            write(session, 2)
        assert read(own_database) == []

    assert [subject for _, subject in read(own_database)] == [1, 2]


def test_a_change_that_is_given_up_holds_nobody_back(own_database):
    with own_database.writing() as session:
        write(session, 1)
        session.rollback()
    with own_database.writing() as session:
        write(session, 2)

    assert [subject for _, subject in read(own_database)] == [2]


def test_a_reader_who_goes_on_from_the_last_it_saw_sees_everything_once(own_database):
    barrier, done = Barrier(WRITERS + 1), Event()

    def writer(number):
        barrier.wait()
        for count in range(EACH):
            with own_database.writing() as session:
                write(session, number * EACH + count)
                write(session, 1000 + number * EACH + count)

    def reader():
        barrier.wait()
        seen = []
        while True:
            is_last = done.wait(0.001)
            seen += read(own_database, after_id=seen[-1][0] if seen else 0)
            if is_last:
                return seen

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(reader)
        writings = [pool.submit(writer, number) for number in range(WRITERS)]
        wait(writings)
        done.set()
        seen = reading.result()
        assert [writing.exception() for writing in writings] == [None] * WRITERS

    everything = range(WRITERS * EACH)
    assert sorted(subject for _, subject in seen) == [
        *everything,
        *(1000 + number for number in everything),
    ]
    assert [number for number, _ in seen] == sorted(number for number, _ in seen)
