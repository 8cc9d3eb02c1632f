"""There is always an administrator, whoever stops being one at the same moment."""

import pytest

from app.errors import Conflict
from app.eventlog.log import By
from app.people import queries, service
from app.people.models import Person
from app.people.signed_in import Role
from tests.conftest import NOON
from tests.make import Make
from tests.units.test_moving_at_once import ROUNDS, at_once


@pytest.fixture
def two_ids(own_database):
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        return [make.person().key, make.person().key]


def without_roles(person_id):
    return lambda session: service.give_roles(
        session, person_id, [], version=None, by=By(), now=NOON
    )


def gone(person_id):
    return lambda session: service.leave(session, person_id, version=None, by=By(), now=NOON)


@pytest.mark.parametrize(
    "deeds", [(without_roles, without_roles), (gone, gone), (without_roles, gone)]
)
def test_of_the_last_two_administrators_who_stop_at_once_one_stays(own_database, two_ids, deeds):
    for _ in range(ROUNDS):
        with own_database.writing() as session:
            for person_id in two_ids:
                person = session.get(Person, person_id)
                person.roles, person.left_at = Role.ADMINISTRATOR, None

        stops = [deed(person_id) for deed, person_id in zip(deeds, two_ids, strict=True)]
        refusals = at_once(own_database, *stops)

        assert [type(refusal) for refusal in refusals if refusal] == [Conflict]
        with own_database.writing() as session:
            assert len(queries.holding(session, Role.ADMINISTRATOR)) == 1
