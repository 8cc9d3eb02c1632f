"""Nobody gets the same post, or the same role, twice when two give it at the same moment."""

from sqlmodel import select

from app.errors import Conflict
from app.eventlog.log import By
from app.networks import service as networks
from app.networks.models import Member, NetworkRole
from app.people.signed_in import Role, SignedIn
from app.units import posts
from app.units.models import Post, PostKind
from tests.conftest import NOON
from tests.make import Make
from tests.units.test_moving_at_once import ROUNDS, at_once

TODAY = NOON.date()


def test_of_two_who_fill_the_same_post_at_once_one_does(own_database):
    for _ in range(ROUNDS):
        with own_database.writing() as session:
            make = Make(session, now=NOON)
            unit_id, person_id = make.unit().key, make.person(mail=None).key

        def fill(session, unit_id=unit_id, person_id=person_id):
            term = {"kind": PostKind.LEADER, "from_on": TODAY, "to_on": None}
            posts.fill_post(session, unit_id, person_id=person_id, **term, by=By(), now=NOON)

        refusals = at_once(own_database, fill, fill)

        assert [type(refusal) for refusal in refusals if refusal] == [Conflict]
        with own_database.reading() as session:
            assert len(session.exec(select(Post).where(Post.unit_id == unit_id)).all()) == 1


def test_of_two_who_give_the_same_role_in_a_network_at_once_one_does(own_database):
    secretary = SignedIn(1, "Niels", frozenset({Role.SECRETARIAT}))
    for _ in range(ROUNDS):
        with own_database.writing() as session:
            make = Make(session, now=NOON)
            network_id, member_id = make.network().key, make.person(mail=None).key

        def join(session, network_id=network_id, member_id=member_id):
            term = {"role": NetworkRole.LEADER, "from_on": TODAY, "to_on": None}
            networks.join(session, secretary, network_id, member_id=member_id, **term, now=NOON)

        refusals = at_once(own_database, join, join)

        assert [type(refusal) for refusal in refusals if refusal] == [Conflict]
        with own_database.reading() as session:
            rows = session.exec(select(Member).where(Member.network_id == network_id)).all()
            assert len(rows) == 1
