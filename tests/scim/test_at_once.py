"""Two changes from the directory at the same moment are as one after the other."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict
from app.eventlog.log import By
from app.people import queries
from app.people.models import Person
from app.people.signed_in import Role
from app.scim import forms, groups, service
from app.scim.groups import MemberChange, Wanted
from app.scim.refusals import Refused
from tests.conftest import NOON
from tests.make import Make
from tests.units.test_moving_at_once import ROUNDS, at_once


def kept(person, **over):
    fields = {"user_name": person.mail, "external_id": None, "name": person.name}
    fields |= {"mail": person.mail, "phone": None, "title": "", "locale": "da", "is_active": True}
    return forms.KeptUser(**{**fields, **over})


def made(new):
    """Where there is an administrator the second waits and sees the first; where there is none, the
    database has the last word."""

    def deed(session):
        try:
            service.provision(session, new, by=By(), now=NOON)
        except (Refused, IntegrityError) as refusal:
            raise Conflict from refusal

    return deed


@pytest.fixture
def two(own_database):
    with own_database.writing() as session:
        make = Make(session, now=NOON)
        people = [make.person(), make.person()]
        make.person(role=Role.SECRETARIAT)
    return people


def test_a_person_that_is_made_twice_at_once_is_one_person(own_database, two):
    for number in range(ROUNDS):
        new = kept(two[0], user_name=f"ny{number}", mail=f"ny{number}@lindborg.example")

        refusals = at_once(own_database, made(new), made(new))

        assert len([refusal for refusal in refusals if refusal]) == 1


def test_of_two_administrators_made_inactive_at_once_one_stays(own_database, two):
    for _ in range(ROUNDS):
        with own_database.writing() as session:
            for person in two:
                row = session.get(Person, person.key)
                row.roles, row.left_at = Role.ADMINISTRATOR, None

        def inactive(person):
            wanted = kept(person, is_active=False)
            return lambda session: service.change(
                session, str(person.key), lambda _: wanted, if_match=None, by=By(), now=NOON
            )

        refusals = at_once(own_database, *map(inactive, two))

        assert [type(refusal) for refusal in refusals if refusal] == [Conflict]
        with own_database.writing() as session:
            assert len(queries.holding(session, Role.ADMINISTRATOR)) == 1


def test_people_who_join_a_group_at_once_are_both_in_it(own_database, two):
    form = forms.KeptGroup(name="Ledere", external_id=None)
    with own_database.writing() as session:
        group_id = groups.make(session, Wanted(form), by=By(), now=NOON).key

    def joins(person):
        wanted = Wanted(form, MemberChange(added=frozenset({str(person.key)})))
        return lambda session: groups.change(
            session, str(group_id), lambda _: wanted, if_match=None, by=By(), now=NOON
        )

    assert at_once(own_database, *map(joins, two)) == [None, None]
    with own_database.writing() as session:
        assert groups.queries.member_ids(session, group_id) == {one.key for one in two}
