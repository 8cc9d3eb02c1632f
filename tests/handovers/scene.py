"""One network, one unit, and everyone around a gift on its way from the one to the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import col, select

from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.handovers.models import Handover
from app.networks.models import NetworkRole
from app.people.models import Person
from app.units.models import PostKind
from tests.make import Make

PLANNED = {"read_back": "Vi holder ét møde pr. ung.", "first_step": "Kalenderen åbnes."}
NO_RIPPLE = {"answer": "none"}
_METHODS = {"owner": "PUT", "plan": "PUT"}


@dataclass
class Scene:
    make: Make
    client_of: Callable[[Person], TestClient]
    _clients: dict[int, TestClient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        make = self.make
        self.giver = make.person(name="Gry Giver", phone="12345678")
        self.co_driver, self.consultant = make.person(), make.person()
        self.participant, self.reference_leader = make.person(), make.person()
        self.network = make.network(leader=self.giver, name="Det gode ungeliv")
        make.member(self.network, self.co_driver, role=NetworkRole.CO_DRIVER)
        make.member(self.network, self.consultant, role=NetworkRole.CONSULTANT)
        make.member(self.network, self.participant, role=NetworkRole.PARTICIPANT)
        make.member(self.network, self.reference_leader, role=NetworkRole.REFERENCE_LEADER)
        self.above = make.person(name="Ove Oven")
        self.leader = make.person(name="Lea Leder")
        self.substitute = make.person(name="Stig Stedfortræder")
        self.area = make.unit(leader=self.above, name="Børn og Unge")
        self.unit = make.unit(name="Ungeenheden", parent_id=self.area.key)
        self.post = make.post(self.unit, self.leader)
        self.substitute_post = make.post(self.unit, self.substitute, kind=PostKind.SUBSTITUTE)
        self.owner = make.person(name="Tove Tovholder", unit_id=self.unit.key)
        self.colleague = make.person(name="Kaj Kollega", unit_id=self.unit.key)
        self.secretary = make.person(name="Sara Sekretær", role="secretariat")
        self.stranger = make.person(name="Frede Fremmed")

    def handover(self, state: State = State.DELIVERED, **over: Any) -> Handover:
        """To the unit, of a new gift of the network unless one is given."""
        over.setdefault("gift", self.make.gift(network=self.network, contact=self.giver))
        over.setdefault("unit", self.unit)
        if state in (State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED):
            over = {"owner": self.owner, **PLANNED, **over}
        return self.make.handover(state=state, **over)

    def client(self, person: Person) -> TestClient:
        if person.key not in self._clients:
            self._clients[person.key] = self.client_of(person)
        return self._clients[person.key]

    def get(self, person: Person, path: str, **params: Any) -> Response:
        return self.client(person).get(f"/api/v1/{path}", params=params)

    def sees(self, person: Person, handover: Handover) -> dict[str, Any]:
        """The handover as the person reads it now."""
        response = self.get(person, f"handovers/{handover.id}")
        assert response.status_code == 200, response.text
        return response.json()

    def does(
        self,
        person: Person,
        noun: str,
        handover: Handover,
        *,
        method: str | None = None,
        seen: str | None = "now",
        params: dict[str, Any] | None = None,
        **body: Any,
    ) -> Response:
        """Takes a step, having seen the version of now; `seen` says another, or None for no
        If-Match at all."""
        method = method or _METHODS.get(noun, "POST")
        seen = f'"{handover.version}"' if seen == "now" else seen
        return self.client(person).request(
            method,
            f"/api/v1/handovers/{handover.id}/{noun}",
            headers={} if seen is None else {"If-Match": seen},
            params=params,
            **({} if method == "DELETE" else {"json": body}),
        )

    def events(self, handover: Handover, kind: str | None = None) -> list[Event]:
        """What the log says of the handover, oldest first; only of the kind, if one is named."""
        statement = select(Event).where(Event.handover_id == handover.id)
        if kind is not None:
            statement = statement.where(Event.type == kind)
        return list(self.make.session.exec(statement.order_by(col(Event.id))).all())

    def happened(self, handover: Handover) -> list[str]:
        return [event.type for event in self.events(handover)]

    def story(self, person: Person, handover: Handover, language: str = "da") -> list[str]:
        response = self.client(person).get(
            f"/api/v1/handovers/{handover.id}/story", headers={"Accept-Language": language}
        )
        assert response.status_code == 200, response.text
        return [entry["text"] for entry in response.json()["items"]]

    def leaves_vacant(self) -> None:
        """Nobody sits on the unit's post any more."""
        for post in (self.post, self.substitute_post):
            self.make.session.delete(post)
        self.make.session.flush()


def pointers(response: Response) -> list[str]:
    """The fields that a 422 names."""
    assert response.status_code == 422, response.text
    return [error.get("pointer") or error["parameter"] for error in response.json()["errors"]]
