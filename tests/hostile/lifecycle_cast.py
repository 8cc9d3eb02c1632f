"""Who takes part in the machine's town, and what each of them is to a handover."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from app.people.models import Person
from tests.handovers.scene import Scene
from tests.hostile.lifecycle_model import CONFIRMER, GIVER, LEADER, RECEIVER, TABLE, Gone
from tests.make import Make

GIVERS = {"giver", "co_driver", "consultant", "secretary"}
NETWORK = {"giver", "co_driver", "consultant", "participant", "reference_leader"}
LEADERS = {"unit": {"leader", "substitute"}, "other": {"other_leader"}, "area": {"above"}}
NEXT_UP: dict[str, set[str]] = {"unit": {"above"}, "other": {"above"}, "area": set()}
STAFF = {
    "unit": {"owner", "colleague", "leader", "substitute"},
    "other": {"other_leader"},
    "area": {"owner", "colleague", "above"},
}


class Town:
    """The scene of the other tests, and a second unit beside the first."""

    def __init__(self, make: Make, client_of: Callable[[Person], TestClient]) -> None:
        scene = Scene(make, client_of)
        self.scene = scene
        self.people: dict[str, Person] = {
            name: getattr(scene, name)
            for name in (*GIVERS, *NETWORK, "leader", "substitute", "owner", "colleague")
        }
        self.people |= {"above": scene.above, "stranger": scene.stranger}
        self.people["other_leader"] = make.person(name="Anna Anden")
        other = make.unit(
            leader=self.people["other_leader"], parent_id=scene.area.key, name="Den anden enhed"
        )
        self.units = {"unit": scene.unit, "other": other, "area": scene.area}
        self.gift = make.gift(network=scene.network, contact=scene.giver, is_given=False)

    def id_of(self, name: str) -> int:
        return self.people[name].key

    def name_of(self, person_id: int | None) -> str | None:
        return next((name for name, one in self.people.items() if one.key == person_id), None)


EVERYONE = sorted({*GIVERS, *NETWORK, *STAFF["unit"], "above", "stranger", "other_leader"})


def sees(actor: str, gone: Gone) -> bool:
    return gone.is_shown or actor == "secretary" or actor in NETWORK


def may(actor: str, action: str, gone: Gone) -> bool:
    """Whether the actor, or the one on whose behalf, may take the step."""
    receivers = LEADERS[gone.unit] | ({gone.owner} if gone.owner else set())
    match TABLE[action].who:
        case str() as who if who == GIVER:
            return actor in GIVERS
        case str() as who if who == LEADER:
            return actor in LEADERS[gone.unit]
        case str() as who if who == RECEIVER:
            return actor in receivers
        case str() as who if who == CONFIRMER:
            may_confirm = GIVERS | NEXT_UP[gone.unit]
            return actor in may_confirm and actor != gone.owner
    raise ValueError(action)
