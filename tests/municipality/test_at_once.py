"""A number is changed while somebody else is at work: every due day is by the new one, whoever
comes first. On real connections."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.clock import local_day
from app.errors import Stale
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.handovers.service import answering
from app.handovers.service.deed import Asked
from app.municipality import queries, service
from tests.conftest import NOON
from tests.make import Make
from tests.processes import wait_until

BY_THE_NEW_ONE = local_day(NOON) + timedelta(days=3)
"""Three working days after a Monday."""


@pytest.fixture
def place(own_database):
    """The leader, an administrator, and a handover that awaits its receipt; committed."""
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        leader = make.person()
        handover = make.handover(unit=make.unit(leader=leader), days_ago=9)
        administrator = make.signed_in(make.administrator())
        return make.signed_in(leader), administrator, handover.key


class Deeds:
    """Two transactions: in the one the receipt is given, in the other the number is changed."""

    def __init__(self, database, place):
        self.database = database
        self.leader, self.administrator, self.handover_id = place

    def acknowledge(self, session):
        answering.acknowledge(session, Asked(self.leader), self.handover_id, now=NOON)

    def change(self, session):
        said = {"patience_acknowledged": 3}
        service.change(session, self.administrator, said, version=None, now=NOON)

    def one_within_the_other(self, first, second):
        """The second begins when the first is done but for its commit, which waits for it."""
        done, go_on = threading.Event(), threading.Event()

        def hold():
            with self.database.writing() as session:
                first(session)
                session.flush()
                done.set()
                assert go_on.wait(30)

        def follow():
            with self.database.writing() as session:
                second(session)

        with ThreadPoolExecutor(2) as pool:
            holding = pool.submit(hold)
            assert done.wait(30)
            following = pool.submit(follow)
            wait_until(lambda: self.is_waiting(following))
            go_on.set()
            holding.result(30)
            following.result(30)

    def is_waiting(self, following):
        """SQLite lets nobody in meanwhile; PostgreSQL says who waits for whom."""
        assert not following.done()
        if self.database.is_sqlite:
            return following.running()
        with self.database.connected() as connection:
            return connection.execute(_WAITING).scalar_one() > 0

    def due_on(self):
        with self.database.reading() as session:
            handover = session.get(Handover, self.handover_id)
            assert handover.state is State.ACKNOWLEDGED
            return handover.life_due_on


_WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def deeds(own_database, place):
    return Deeds(own_database, place)


def test_who_is_at_work_ends_first_and_is_reckoned_anew(deeds):
    deeds.one_within_the_other(deeds.acknowledge, deeds.change)
    assert deeds.due_on() == BY_THE_NEW_ONE


def test_who_comes_meanwhile_waits_and_goes_by_the_new_number(deeds):
    deeds.one_within_the_other(deeds.change, deeds.acknowledge)
    assert deeds.due_on() == BY_THE_NEW_ONE


def test_of_two_who_saw_the_same_version_one_is_told(deeds):
    refusals = []

    def other(session):
        said = {"pause_days": 90}
        try:
            service.change(session, deeds.administrator, said, version=1, now=NOON)
        except Stale as stale:
            refusals.append(stale)

    deeds.one_within_the_other(deeds.change, other)
    assert len(refusals) == 1
    with deeds.database.reading() as session:
        version, shown = queries.every(session)
    assert version == 2
    assert [setting.name for setting in shown if setting.is_changed] == ["patience_acknowledged"]


def test_a_change_that_is_not_kept_changes_nothing(deeds):
    def attempt():
        with deeds.database.writing() as session:
            deeds.change(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        attempt()
    with deeds.database.writing() as session:
        deeds.database.running.look(session.connection())
        deeds.acknowledge(session)
    assert deeds.due_on() == local_day(NOON) + timedelta(days=28)
    assert deeds.database.running.changes.values == ()
