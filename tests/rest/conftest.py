"""A world that hostile requests are sent to, and that none of them may change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, SQLModel, select

from app.db import Database
from app.gifts.models import Material, MaterialKind
from app.people.signed_in import Role
from app.units.models import Post
from tests.conftest import NOON, Wired, client_of, own_session, within
from tests.make import Make
from tests.rest.described import Operation
from tests.webhooks import made as webhooks


@dataclass
class World:
    """One of everything, and a client for somebody who may do all of it."""

    session: Session
    client: TestClient
    ids: dict[str, int]

    def path(self, route: Operation, **others: object) -> str:
        return route.path.format(**{**self.ids, **others})

    def rows(self) -> dict[str, Any]:
        """Every row of every table."""
        self.session.expire_all()
        return {
            table.name: self.session.execute(select(table)).all()
            for table in SQLModel.metadata.sorted_tables
        }

    def send(self, route: Operation, body: bytes, **headers: str) -> Any:
        return self.client.request(
            route.method.upper(),
            self.path(route),
            content=body,
            headers={"If-Match": "*", "Content-Type": "application/json", **headers},
        )


@pytest.fixture(scope="module")
def world(wired: Wired, database: Database) -> Iterator[World]:
    """Shared by all the tests here: they show that none of them changes it."""
    with own_session(database) as session:
        make = Make(session, now=NOON)
        person = make.person(role=f"{Role.ADMINISTRATOR} {Role.SECRETARIAT}")
        network = make.network()
        gift = make.gift(network=network, contact=person)
        material = Material(
            gift_id=gift.key,
            kind=MaterialKind.LINK,
            title="Link",
            url="https://a",
            added_at=NOON,
        )
        session.add(material)
        unit = make.unit()
        post: Post = make.post(unit, person)
        handover = make.handover(gift=gift, unit=unit, owner=person)
        ids = {
            "person_id": person.key,
            "network_id": network.key,
            "member_id": make.member(network, person).id,
            "gift_id": gift.key,
            "unit_id": unit.key,
            "post_id": post.id,
            "session_id": make.web_session(person).id,
            "handover_id": handover.key,
        }
        session.flush()
        ids["material_id"] = material.id
        app = within(wired, database, session)
        client = client_of(app, {"Authorization": f"Bearer {make.key(person)}"})
        assert client.get("/api/v1/me").status_code == 200
        ids["follow_up_id"] = _follow_up(client, handover.key)
        ids["import_id"] = make.import_run(person).key
        ids["notification_id"] = make.message(person, handover).id
        ids["work_id"] = make.dead_work().number
        webhook = webhooks.webhook(make)
        ids["webhook_id"] = webhook.key
        ids["delivery_id"] = webhooks.delivery(make, webhook).id
        yield World(session, client, ids)


def _follow_up(client: TestClient, handover_id: int) -> int:
    accepted = client.post(
        f"/api/v1/handovers/{handover_id}/acceptance",
        json={
            "owner_id": client.get("/api/v1/me").json()["id"],
            "next_on": "2026-04-01",
            "read_back": "Et fast møde.",
            "first_step": "Vi ringer.",
        },
        headers={"If-Match": "*"},
    )
    assert accepted.status_code == 200, accepted.text
    recorded = client.post(
        "/api/v1/follow-ups",
        json={
            "handover_id": handover_id,
            "health": "going_well",
            "note": "Det går.",
            "better": "yes",
        },
    )
    assert recorded.status_code == 201, recorded.text
    return recorded.json()["id"]
