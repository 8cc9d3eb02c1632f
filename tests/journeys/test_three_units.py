"""The story that the product is for, told through the real server on both databases."""

from datetime import datetime, timedelta

import httpx
import pytest

from tests.conftest import NOON
from tests.make import FILLED
from tests.server import running

NOBODY_ELSE = {"ripple": {"answer": "none"}}


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.instant = NOON

    def __call__(self) -> datetime:
        return self.instant


@pytest.fixture
def clock() -> Clock:
    return Clock()


def client(address: str, key: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=30
    )


def test_a_gift_to_three_units_is_received_by_one_and_the_others_are_at_the_door(
    own_database, committed, clock
):
    secretary, leaders = committed.secretary(), [committed.person() for _ in range(3)]
    units = [committed.unit(leader=leader) for leader in leaders]
    network = committed.network()
    secretary_key, leader_key = committed.key(secretary), committed.key(leaders[0])
    committed.session.commit()

    with (
        running(own_database.info["settings"], now=clock) as address,
        client(address, secretary_key) as secretariat,
        client(address, leader_key) as leader,
    ):
        registered = secretariat.post("/gifts", json={"network_id": network.id, **FILLED})
        assert registered.status_code == 201
        gift = registered.json()
        assert gift["missing"] == ["contacts"]
        named = secretariat.post(
            f"/gifts/{gift['id']}/contacts",
            json={"person_id": secretary.id},
            headers={"If-Match": registered.headers["etag"]},
        )
        assert named.json()["missing"] == []

        handovers = []
        for unit in units:
            drafted = secretariat.post(
                "/handovers", json={"gift_id": gift["id"], "unit_id": unit.id}
            )
            assert leader.get(drafted.headers["location"][7:]).status_code == 404
            delivered = secretariat.post(
                f"/handovers/{drafted.json()['id']}/delivery",
                json=NOBODY_ELSE,
                headers={"If-Match": drafted.headers["etag"]},
            )
            assert delivered.status_code == 200, delivered.text
            handovers.append(delivered.json())
        assert [handover["kind"] for handover in handovers] == ["lead", "co", "co"]

        [task] = leader.get("/queue").json()["items"]
        assert (task["verb"], task["handover"]["id"]) == ("acknowledge", handovers[0]["id"])
        receipt = leader.post(f"/handovers/{task['handover']['id']}/receipt")
        assert receipt.json()["state"] == "acknowledged"
        assert secretariat.get("/door").json()["items"] == []

        clock.instant = NOON + timedelta(days=15)
        at_door = secretariat.get("/door").json()["items"]
        assert [item["id"] for item in at_door] == [item["id"] for item in handovers[1:]]
        assert all(item["dust_days"] == 1 for item in at_door)
        assert secretariat.get("/shelf").json()["items"] == []

        clock.instant = NOON + timedelta(days=60)
        [on_shelf] = leader.get("/shelf").json()["items"]
        assert on_shelf["id"] == handovers[0]["id"]

        story = leader.get(
            f"/handovers/{on_shelf['id']}/story", headers={"Accept-Language": "en"}
        ).json()["items"]
        assert [entry["type"] for entry in story] == [
            "handover.drafted",
            "handover.delivered",
            "handover.ripple_answered",
            "handover.acknowledged",
        ]
