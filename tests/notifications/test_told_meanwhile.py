"""Whoever passes events on refers to handovers and people, and waits for nobody who changes one:
both might wait for what the other has, and PostgreSQL would end one of them."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.eventlog.fan_out import FanOut
from app.eventlog.log import By
from app.gifts import service as gifts
from app.handovers.service import noting
from app.handovers.service.deed import Asked
from app.networks import service as networks
from app.networks.models import NetworkRole
from app.notifications.models import Notification
from app.notifications.recipients import RULES
from app.notifications.telling import tell
from app.people import keys
from app.people import service as people
from app.people.keys import Scope
from app.people.signed_in import Role, SignedIn
from app.units import posts
from app.units import service as units
from app.units.models import PostKind
from tests.conftest import NOON, migrated
from tests.make import Make

TERM = {"from_on": NOON.date(), "to_on": None}


@pytest.fixture
def postgresql(tmp_path):
    """On SQLite one writes at a time, and nobody else locks anything."""
    with migrated("postgresql", tmp_path) as database:
        yield database


@dataclass
class World:
    giver: SignedIn
    gift_id: int
    handover_id: int
    unit_id: int
    other_unit_id: int
    other_network_id: int


@pytest.fixture
def world(postgresql):
    """The giver, who keeps the registers too, is to be told of what the unit has written."""
    with postgresql.writing() as session:
        make = Make(session, now=NOON)
        giver, leader = make.administrator(), make.person()
        gift = make.gift(network=make.network(leader=giver), contact=giver)
        unit = make.unit(leader=leader)
        handover = make.handover(gift=gift, unit=unit)
        asked = Asked(make.signed_in(leader))
        noting.write_note(session, asked, handover.key, text="Vi begynder i maj.", now=NOON)
        return World(
            SignedIn(giver.key, giver.name, frozenset({Role.SECRETARIAT})),
            gift.key,
            handover.key,
            unit.key,
            make.unit().key,
            make.network().key,
        )


def make_an_edition(session, world):
    changes = {"kind": "material", "changes": "To mødeledere.", "version": None, "now": NOON}
    gifts.change(session, world.giver, world.gift_id, {"ask": "To mødeledere."}, **changes)


def close_the_unit(session, world):
    successor_id = world.other_unit_id
    term = {"successor_id": successor_id, "version": None, "by": By(), "now": NOON}
    units.close(session, world.unit_id, **term)


def give_the_giver_a_post(session, world):
    term = {"person_id": world.giver.id, "kind": PostKind.LEADER, **TERM}
    posts.fill_post(session, world.other_unit_id, **term, by=By(), now=NOON)


def give_the_giver_a_role(session, world):
    term = {"member_id": world.giver.id, "role": NetworkRole.LEADER, **TERM}
    networks.join(session, None, world.other_network_id, **term, now=NOON)


def give_the_giver_a_key(session, world):
    label = {"label": "Script", "scopes": [Scope.READ], "expires_at": None}
    keys.make(session, world.giver.id, **label, by=By(), now=NOON)


def let_another_administrator_go(session, world):
    other = Make(session, now=NOON).person(mail="anden@lindborg.example", role=Role.ADMINISTRATOR)
    people.leave(session, other.key, version=None, by=By(), now=NOON)


@pytest.mark.parametrize(
    "change",
    [
        make_an_edition,
        close_the_unit,
        give_the_giver_a_post,
        give_the_giver_a_role,
        give_the_giver_a_key,
        let_another_administrator_go,
    ],
)
def test_what_has_happened_is_passed_on_while_somebody_changes_what_it_is_about(
    postgresql, world, change
):
    with postgresql.writing() as changing:
        change(changing, world)
        changing.flush()

        with postgresql.writing() as passing_on:
            passing_on.execute(text("SET LOCAL lock_timeout = '1s'"))
            assert FanOut(sorted(RULES), [tell]).pass_on(passing_on, now=NOON)

    with postgresql.reading() as session:
        told = select(Notification.person_id, Notification.handover_id)
        assert session.exec(told).all() == [(world.giver.id, world.handover_id)]
