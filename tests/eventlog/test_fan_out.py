"""Each event is passed on once, whatever happens to those who pass it on."""

import os
import signal
import sqlite3
import threading
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, text, update
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from app.db import Database
from app.errors import Busy
from app.eventlog import fan_out, log
from app.eventlog.fan_out import AT_A_TIME, FanOut
from app.eventlog.log import By
from app.eventlog.models import Event, EventSetAside
from app.people.events import PersonLeft, PersonReturned
from app.rows import Prepared, Rows
from app.settings import Settings
from tests.conftest import NOON
from tests.forked import forked
from tests.processes import wait_until

TYPES = {"person.left", "person.returned"}


def happen(database, count, kind=PersonLeft):
    with database.writing() as session:
        for number in range(count):
            log.record(session, kind(subject_id=number), By(), at=NOON)


def waiting(database):
    with database.reading() as session:
        statement = select(Event.id).where(Event.fanned_out_at.is_(None)).order_by(Event.id)
        return session.exec(statement).all()


def each(take):
    """A taker that takes them one after another."""

    def take_all(rows, events, now):
        for event in events:
            take(rows, event, now)

    return take_all


def pass_on(database, *takers, types=TYPES):
    passing = FanOut(types, [each(take) for take in takers])
    with database.writing() as session:
        return passing.pass_on(session, now=NOON)


@pytest.fixture
def kept(own_database):
    """What a taker writes, in a table that would hold it twice."""
    with own_database.writing() as session:
        session.execute(text("CREATE TABLE taken (event_id INTEGER NOT NULL)"))

    def all_of_it():
        with own_database.reading() as session:
            return Counter(session.execute(text("SELECT event_id FROM taken")).scalars())

    return all_of_it


def write(rows, event, now):
    rows.connection.execute(text("INSERT INTO taken VALUES (:id)"), {"id": event["id"]})


def test_in_the_order_of_the_log_so_many_at_a_time_until_all_are_passed_on(own_database):
    happen(own_database, AT_A_TIME + 2)
    first, heard = waiting(own_database), []

    def hear(rows, event, now):
        heard.append(event["id"])

    assert not pass_on(own_database, hear)
    assert (heard, waiting(own_database)) == (first[:AT_A_TIME], first[AT_A_TIME:])
    assert pass_on(own_database, hear)
    assert (heard, waiting(own_database)) == (first, [])
    assert pass_on(own_database, hear)
    assert heard == first


def test_every_taker_has_each_event_with_all_that_it_says(own_database):
    with own_database.writing() as session:
        log.record(session, PersonLeft(subject_id=7), By(3, 4), at=NOON)
    heard = []

    def hear(rows, event, now):
        assert isinstance(rows, Rows)
        heard.append((event["type"], event["subject_id"], event["actor_id"], now))

    pass_on(own_database, hear, hear)
    assert heard == [("person.left", 7, 3, NOON)] * 2


def test_what_no_taker_knows_waits_for_a_newer_version_and_stops_nobody(own_database):
    happen(own_database, AT_A_TIME + 1, PersonReturned)
    unknown = waiting(own_database)
    happen(own_database, 1)
    passing, heard = FanOut({"person.left"}, [each(lambda *told: heard.append(told))]), []
    with own_database.writing() as session:
        assert passing.pass_on(session, now=NOON)
        assert Rows(session.connection()).first(passing.is_waiting, {}) is None
    assert (len(heard), waiting(own_database)) == (1, unknown)


def test_an_event_that_cannot_be_taken_is_set_aside_and_stops_nobody(own_database, kept):
    happen(own_database, 3)
    first, poisonous, last = waiting(own_database)

    def take(rows, event, now):
        write(rows, event, now)
        if event["id"] == poisonous:
            raise KeyError("what somebody wrote")

    assert pass_on(own_database, take)

    assert (kept(), waiting(own_database)) == (Counter([first, last]), [])
    with own_database.reading() as session:
        ((found, event),) = fan_out.set_aside(session, most=10)
        assert fan_out.how_many_set_aside(session) == 1
    assert (found.event_id, event.id, found.set_aside_at) == (poisonous, poisonous, NOON)
    assert "KeyError" in found.error
    assert "wrote" not in found.error


def test_what_the_database_refuses_to_hold_is_the_fault_of_the_event(own_database, kept):
    happen(own_database, 2)
    first, poisonous = waiting(own_database)
    strange = Prepared(insert(EventSetAside).values(event_id=bindparam("id"), error=""))

    def take(rows, event, now):
        write(rows, event, now)
        if event["id"] == poisonous:
            rows.change(strange, {"id": poisonous})

    assert pass_on(own_database, take)
    assert kept() == Counter([first])
    with own_database.reading() as session:
        assert "IntegrityError" in session.get(EventSetAside, poisonous).error


def test_set_aside_it_can_be_passed_on_again_once(own_database, kept):
    happen(own_database, 1)
    (event_id,) = waiting(own_database)

    def fail(rows, event, now):
        raise ValueError

    for _ in range(2):
        pass_on(own_database, fail)
        with own_database.writing() as session:
            assert fan_out.pass_on_again(session, event_id)
            assert not fan_out.pass_on_again(session, event_id)
        assert waiting(own_database) == [event_id]
    pass_on(own_database, write)
    assert kept() == Counter([event_id])
    with own_database.reading() as session:
        assert fan_out.how_many_set_aside(session) == 0


def test_trouble_with_the_database_is_nobodys_fault_and_all_of_them_wait_on(own_database, kept):
    happen(own_database, 3)
    before = waiting(own_database)

    def take(rows, event, now):
        write(rows, event, now)
        if event["id"] == before[-1]:
            raise OperationalError("", None, _full())

    with pytest.raises(Busy):
        pass_on(own_database, take)
    assert (kept(), waiting(own_database)) == (Counter(), before)


def _full():
    """As SQLite says that the disk is full; on PostgreSQL the kind of error is enough."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


def test_several_at_once_pass_each_event_on_once(own_database, kept):
    happen(own_database, 4 * AT_A_TIME)
    everything, begun = waiting(own_database), threading.Barrier(3, timeout=60)

    def work():
        begun.wait()
        while not pass_on(own_database, write):
            continue

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Whoever found nothing free stopped early, and the next look finds what is left.
    while waiting(own_database):
        pass_on(own_database, write)
    assert kept() == Counter(everything)


def test_on_postgresql_two_at_once_do_not_wait_for_each_other(own_database, kept):
    """On SQLite there is one writer at a time."""
    happen(own_database, AT_A_TIME + 3)
    everything = waiting(own_database)

    def meanwhile(rows, event, now):
        write(rows, event, now)
        if event["id"] == everything[0] and not own_database.is_sqlite:
            pass_on(own_database, write)

    pass_on(own_database, meanwhile)
    left = everything[AT_A_TIME:] if own_database.is_sqlite else []
    assert waiting(own_database) == left
    assert kept() == Counter(event_id for event_id in everything if event_id not in left)


@pytest.mark.parametrize("at", [1, 3])
def test_killed_halfway_nothing_is_lost_and_nothing_is_there_twice(own_database, kept, at):
    happen(own_database, 5)
    everything = waiting(own_database)
    settings: Settings = own_database.info["settings"]
    words = [str(settings.data_dir), settings.database_url, str(everything[at])]

    assert forked(pass_on_killed_at, *words) == -signal.SIGKILL
    assert (kept(), waiting(own_database)) == (Counter(), everything)
    # PostgreSQL holds them for the one that was killed until it has noticed.
    wait_until(lambda: pass_on(own_database, write) and waiting(own_database) == [])
    assert kept() == Counter(everything)


def pass_on_killed_at(folder: str, url: str, last: str) -> None:
    """Once that event was passed on."""
    database = Database(Settings(data_dir=Path(folder), database_url=url, _env_file=None))

    def take(rows, event, now):
        write(rows, event, now)
        if event["id"] == int(last):
            os.kill(os.getpid(), signal.SIGKILL)

    pass_on(database, take)


def test_what_is_committed_late_is_passed_on_all_the_same(own_database, kept):
    """On PostgreSQL somebody may still be writing an event with a lower id."""
    happen(own_database, 1)
    late = waiting(own_database)
    with own_database.writing() as session:
        session.execute(update(Event).values(fanned_out_at=NOON))
    happen(own_database, 1)
    pass_on(own_database, write)
    with own_database.writing() as session:
        session.execute(update(Event).where(Event.id == late[0]).values(fanned_out_at=None))
    pass_on(own_database, write)
    assert waiting(own_database) == []
    assert kept()[late[0]] == 1
