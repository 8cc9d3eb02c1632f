"""The tree keeps its shape when several change it at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import Session, select

from app.db import Database
from app.errors import Conflict, Invalid
from app.eventlog.log import By
from app.units import service
from app.units.models import Unit
from tests.conftest import NOON
from tests.make import Make

ROUNDS = 10


@pytest.fixture
def units(own_database):
    """Ids of new units at the top, committed."""

    def made(number):
        with own_database.writing() as session:
            make = Make(session, now=NOON)
            return [make.unit().key for _ in range(number)]

    return made


def at_once(database, *deeds):
    """What each deed raised, or None; all begin together, each in its own transaction."""
    barrier = Barrier(len(deeds))

    def go(deed):
        barrier.wait()
        try:
            with database.writing() as session:
                deed(session)
        except (Conflict, Invalid) as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(go, deeds))


def under(unit_id, parent_id):
    return lambda session: service.change(
        session, unit_id, {"parent_id": parent_id}, version=None, by=By(), now=NOON
    )


def closed(unit_id, successor_id):
    return lambda session: service.close(
        session, unit_id, successor_id=successor_id, version=None, by=By(), now=NOON
    )


def test_two_units_moved_under_each_other_at_once_never_make_a_ring(own_database, units):
    for _ in range(ROUNDS):
        a, b = units(2)

        refusals = at_once(own_database, under(a, b), under(b, a))

        assert [type(refusal) for refusal in refusals if refusal] == [Invalid]
        _no_rings(own_database)


def test_three_units_moved_in_a_ring_at_once_never_make_one(own_database, units):
    for _ in range(ROUNDS):
        a, b, c = units(3)

        refusals = at_once(own_database, under(a, b), under(b, c), under(c, a))

        assert [type(refusal) for refusal in refusals if refusal] == [Invalid]
        _no_rings(own_database)


def test_a_unit_moved_under_one_that_closes_at_once_ends_under_an_open_one(own_database, units):
    for _ in range(ROUNDS):
        moving, closing, successor = units(3)

        refusals = at_once(own_database, under(moving, closing), closed(closing, successor))

        with own_database.reading() as session:
            place = session.get(Unit, moving)
            assert place.parent_id == (None if refusals[0] else successor)
        assert refusals[1] is None


def test_two_units_that_close_into_each_other_at_once_leave_one_open(own_database, units):
    for _ in range(ROUNDS):
        a, b = units(2)

        refusals = at_once(own_database, closed(a, b), closed(b, a))

        assert [type(refusal) for refusal in refusals if refusal] == [Invalid]
        with own_database.reading() as session:
            assert [session.get(Unit, unit_id).is_closed for unit_id in (a, b)].count(True) == 1


def _no_rings(database: Database) -> None:
    with database.reading() as session:
        parents = dict(_parents(session))
    for unit_id in parents:
        seen, place = set(), unit_id
        while place is not None:
            assert place not in seen
            seen.add(place)
            place = parents[place]


def _parents(session: Session):
    return session.exec(select(Unit.id, Unit.parent_id)).all()
