"""Pages are cut after a key: nothing comes twice, and nothing is left out."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.handovers.scene import Scene


def pages(client: TestClient, path: str, *, limit: int) -> list[list[int]]:
    """The ids of each page, following the Link header as a client would."""
    found, url = [], f"/api/v1/{path}{'&' if '?' in path else '?'}limit={limit}"
    while url:
        response = client.get(url)
        assert response.status_code == 200, response.text
        body = response.json()
        found.append([item.get("id") or item["handover"]["id"] for item in body["items"]])
        url = response.links.get("next", {}).get("url")
        assert (url is None) is (body["next"] is None)
        assert len(found) < 50
    return found


@pytest.fixture
def reader(scene: Scene) -> TestClient:
    """Eleven quiet handovers of each kind, several due on the same day."""
    for number in range(11):
        scene.handover(State.DELIVERED, days_ago=30 + number // 4)
        scene.handover(State.IN_USE, days_ago=120 + number // 4)
    return scene.client(scene.leader)


@pytest.mark.parametrize("path", ["handovers", "shelf", "door", "queue", "handovers?state=in_use"])
@pytest.mark.parametrize("limit", [1, 3, 11, 200])
def test_the_pages_together_are_the_list(reader: TestClient, path: str, limit: int):
    (whole,) = pages(reader, path, limit=200)
    cut = pages(reader, path, limit=limit)
    assert [number for page in cut for number in page] == whole
    assert len(set(whole)) == len(whole) >= 11
    assert all(len(page) == limit for page in cut[:-1])
    assert cut[-1]


def test_what_comes_while_one_reads_neither_repeats_nor_hides_anything(scene: Scene):
    before = [scene.handover(days_ago=40) for _ in range(6)]
    first = scene.get(scene.leader, "handovers", limit=3).json()
    scene.handover(days_ago=40)
    scene.does(scene.leader, "receipt", before[1])
    rest = scene.get(scene.leader, "handovers", limit=3, cursor=first["next"]).json()
    seen = [item["id"] for item in first["items"] + rest["items"]]
    assert seen == [handover.id for handover in reversed(before)]


def test_a_shelf_that_is_tidied_while_one_reads_hides_nothing(scene: Scene):
    quiet = [scene.handover(State.IN_USE, days_ago=120 - number) for number in range(6)]
    first = scene.get(scene.leader, "shelf", limit=3).json()
    scene.does(scene.owner, "plan", quiet[0], next_on="2026-04-01")
    rest = scene.get(scene.leader, "shelf", limit=3, cursor=first["next"]).json()
    assert [item["id"] for item in rest["items"]] == [handover.id for handover in quiet[3:]]


def test_a_cursor_is_good_for_its_own_list_only(scene: Scene):
    for _ in range(3):
        scene.handover(days_ago=40)
    cursor = scene.get(scene.leader, "handovers", limit=1).json()["next"]
    assert scene.get(scene.leader, "handovers", cursor=cursor, limit=2).status_code == 200
    for path, filters in [("handovers", {"state": "trial"}), ("door", {}), ("queue", {})]:
        response = scene.get(scene.leader, path, cursor=cursor, **filters)
        assert response.status_code == 422
        assert response.json()["errors"][0]["parameter"] == "cursor"


def test_a_page_says_where_the_next_one_is_with_the_same_filters(scene: Scene):
    scene.make.now = NOON - timedelta(days=1)
    for _ in range(3):
        scene.handover(State.TRIAL)
    link = scene.get(scene.leader, "handovers", state=["trial", "draft"], limit=2).links["next"]
    assert link["url"].startswith("/api/v1/handovers?state=trial&state=draft&limit=2&cursor=")
    assert len(scene.client(scene.leader).get(link["url"]).json()["items"]) == 1
