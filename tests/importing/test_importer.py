"""The threads that read and apply files, with real commits beside them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app.db import Database
from app.errors import Busy
from app.importing import importer as module
from app.importing import runs
from app.importing.importer import Importer, Order
from app.importing.models import ImportRun, Interruption, RunState
from app.people.models import Person
from app.people.signed_in import SignedIn
from tests.conftest import NOON
from tests.make import Make
from tests.processes import wait_until

ROWS = 40
CONTENT = "Mail;Navn\n" + "".join(f"p{n}@lindborg.example;Person\n" for n in range(ROWS))


@pytest.fixture
def importer():
    importer = Importer(lambda: NOON)
    yield importer
    importer.close()


@pytest.fixture
def secretary(own_database) -> SignedIn:
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        return make.signed_in(make.secretary())


@pytest.fixture
def order(own_database, secretary) -> Order:
    """A list that has been started."""
    folder = own_database.info["settings"].imports_dir
    with own_database.writing() as session:
        make, person = Make(session, now=NOON), session.get(Person, secretary.id)
        run = make.import_run(person, CONTENT.encode(), rows_new=ROWS)
        runs.start(session, secretary, run.key, here=(), folder=folder, now=NOON)
    return Order.of(run, own_database, folder, secretary)


def stored(database) -> tuple[ImportRun, int]:
    """The import, and how many people there are beside the secretary."""
    with database.reading() as session:
        run = session.exec(select(ImportRun)).one()
        return run, len(session.exec(select(Person.id)).all()) - 1


class Halfway:
    """Stands still after some steps, until it is let go on."""

    def __init__(self, importer: Importer, monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        note = importer.note_progress

        def noted(order: Order, done: int, total: int) -> None:
            note(order, done, total)
            if done == after:
                self.reached.set()
                assert self.go_on.wait(30)

        monkeypatch.setattr(importer, "note_progress", noted)


def test_how_far_it_is_can_be_seen_while_it_is_done_and_others_read_meanwhile(
    importer, order, own_database, monkeypatch
):
    halfway = Halfway(importer, monkeypatch, after=7)
    importer.apply(order)
    assert halfway.reached.wait(30)
    assert importer.progress(order.run_id) == (7, ROWS)
    assert importer.here == {order.run_id}
    run, people = stored(own_database)
    assert (run.state, people) == (RunState.RUNNING, 0)
    halfway.go_on.set()
    wait_until(lambda: not importer.here)
    run, people = stored(own_database)
    assert (run.state, run.done, run.total, people) == (RunState.APPLIED, ROWS, ROWS, ROWS)


def test_when_the_application_ends_nothing_is_half_done_and_it_may_be_started_again(
    importer, order, own_database, monkeypatch
):
    halfway = Halfway(importer, monkeypatch, after=7)
    importer.apply(order)
    assert halfway.reached.wait(30)
    with ThreadPoolExecutor(1) as thread:
        closed = thread.submit(importer.close)
        assert importer._is_stopping.wait(30)
        halfway.go_on.set()
        closed.result(30)
    run, people = stored(own_database)
    assert (run.state, run.interruption, people) == (RunState.READY, Interruption.STOPPED, 0)


def test_after_the_application_has_ended_nothing_is_begun(importer, order, own_database):
    importer.close()
    importer.apply(order)
    assert importer.here == frozenset()
    assert stored(own_database)[1] == 0


def test_what_nobody_expected_is_told_as_that_and_undoes_all(
    importer, order, own_database, monkeypatch
):
    def broken(_order: Order, done: int, _total: int) -> None:
        if done == 7:
            raise ZeroDivisionError

    monkeypatch.setattr(importer, "note_progress", broken)
    importer.apply(order)
    wait_until(lambda: not importer.here)
    run, people = stored(own_database)
    assert (run.state, run.interruption, people) == (RunState.READY, Interruption.FAILED, 0)


def test_two_servers_see_how_far_it_is_where_there_can_be_two(
    importer, order, own_database, monkeypatch
):
    monkeypatch.setattr(module, "_A_WHILE", 0)
    halfway = Halfway(importer, monkeypatch, after=7)
    importer.apply(order)
    assert halfway.reached.wait(30)
    run, people = stored(own_database)
    seen = 0 if own_database.is_sqlite else 6
    assert (run.done, people) == (seen, 0)
    halfway.go_on.set()
    wait_until(lambda: not importer.here)


def test_what_was_found_is_noted_when_the_database_has_time_again(
    importer, own_database, secretary, monkeypatch
):
    folder = own_database.info["settings"].imports_dir
    with own_database.writing() as session:
        person = session.get(Person, secretary.id)
        run = Make(session, now=NOON).import_run(person, state=RunState.READING)
    busy = iter([Busy(), Busy()])
    monkeypatch.setattr(module, "_A_WHILE", 0.01)
    note = runs.note_read

    def noted(session, **values):
        for error in busy:
            raise error
        note(session, **values)

    monkeypatch.setattr(runs, "note_read", noted)
    importer.read(Order.of(run, own_database, folder, secretary))
    wait_until(lambda: not importer.here)
    run, _ = stored(own_database)
    assert (run.state, run.rows_new) == (RunState.READY, 1)


def test_while_it_is_done_others_change_things_only_where_there_are_several_writers(
    importer, order, own_database, monkeypatch
):
    halfway = Halfway(importer, monkeypatch, after=7)
    importer.apply(order)
    assert halfway.reached.wait(30)
    settings = own_database.info["settings"].model_copy(update={"busy_seconds": 0.1})
    other = Database(settings)
    told = []
    try:
        with other.writing() as session:
            Make(session, now=NOON).unit(name="Imens")
    except Busy as busy:
        told.append(busy.status)
    halfway.go_on.set()
    wait_until(lambda: not importer.here)
    other.close()
    assert told == ([503] if own_database.is_sqlite else [])
    assert stored(own_database)[0].state is RunState.APPLIED
