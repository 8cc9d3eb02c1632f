"""A small municipality in a real database, for a server that runs as a process of its own."""

from dataclasses import dataclass

from app import clock
from app.db import Database
from app.gifts.models import Gift
from app.handovers.lifecycle import State
from app.migrating import migrate
from app.networks.models import Network
from app.people.models import Person
from app.settings import Settings
from app.units.models import Unit
from tests.make import Make

PLANNED = {"read_back": "Vi holder ét møde pr. ung.", "first_step": "Kalenderen åbnes."}


@dataclass(frozen=True)
class World:
    """The ids and keys of a unit's leader and of the giver of the gift that files lie with."""

    settings: Settings
    unit_id: int
    leader_id: int
    gift_id: int
    in_use_ids: tuple[int, ...]
    leader_key: str
    giver_key: str

    def deliver(self, count: int) -> list[int]:
        """So many new handovers to the unit, each of which can get a receipt."""
        database = Database(self.settings)
        with database.writing() as session:
            make = Make(session, now=clock.now())
            unit = session.get(Unit, self.unit_id)
            gift = session.get(Gift, self.gift_id)
            network = session.get(Network, gift.network_id)
            leader = session.get(Person, self.leader_id)
            gifts = [make.gift(network=network, contact=leader) for _ in range(count)]
            ids = [make.handover(gift=gift, unit=unit).key for gift in gifts]
        database.close()
        return ids


def new_world(settings: Settings) -> World:
    database = Database(settings)
    migrate(database)
    with database.writing() as session:
        make = Make(session, now=clock.now())
        giver, leader = make.person(name="Gry Giver"), make.person(name="Lea Leder")
        unit = make.unit(leader=leader)
        network = make.network(leader=giver)
        gift = make.gift(network=network, contact=giver)
        world = World(
            settings=settings,
            unit_id=unit.key,
            leader_id=leader.key,
            gift_id=gift.key,
            in_use_ids=_in_use(make, network, unit, leader),
            leader_key=make.key(leader),
            giver_key=make.key(giver),
        )
    database.close()
    return world


def _in_use(make: Make, network: Network, unit: Unit, leader: Person) -> tuple[int, ...]:
    gifts = [make.gift(network=network) for _ in range(4)]
    return tuple(
        make.handover(gift=gift, unit=unit, state=State.IN_USE, owner=leader, **PLANNED).key
        for gift in gifts
    )
