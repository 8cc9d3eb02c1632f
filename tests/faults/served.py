"""The real server with its database, and how it looks to those who watch over it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import psutil

from tests.faults.stream import LIMITS, must_say_when
from tests.faults.world import World
from tests.measuring import measured
from tests.processes import free_port
from tests.server import Started, process

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


@dataclass
class Served:
    """A server under way: who asks as the leader, and as the giver."""

    world: World
    started: Started
    address: str
    leader: httpx.Client
    giver: httpx.Client

    @property
    def pid(self) -> int:
        return self.started.process.pid

    @property
    def memory(self) -> int:
        return int(psutil.Process(self.pid).memory_info().rss)

    @property
    def connections(self) -> int:
        sockets = psutil.Process(self.pid).net_connections("tcp")
        return sum(socket.status == psutil.CONN_ESTABLISHED for socket in sockets)

    def follow_up(self, note: str) -> httpx.Response:
        said = {"health": "going_well", "better": "yes", "note": note}
        path, handover_id = "/api/v1/follow-ups", self.world.in_use_ids[0]
        return self.leader.post(path, json={**said, "handover_id": handover_id})

    def upload(self, content: bytes = PDF) -> httpx.Response:
        path = f"/api/v1/gifts/{self.world.gift_id}/files?filename=a.pdf"
        return self.giver.post(path, content=content)

    def notes(self) -> set[str]:
        """The notes of all follow-ups, as the API tells them."""
        found, path = set(), "/api/v1/follow-ups?limit=200"
        while path:
            page = self.leader.get(path)
            assert page.status_code == 200, page.text
            found |= {item["note"] for item in page.json()["items"]}
            path = page.links["next"]["url"] if "next" in page.links else ""
        return found

    def materials(self) -> int:
        path = f"/api/v1/gifts/{self.world.gift_id}/materials"
        return len(self.giver.get(path).json()["items"])

    def must_live(self) -> None:
        begun = time.monotonic()
        assert self.leader.get("/health/live").json() == {"status": "live"}
        assert time.monotonic() - begun < 5

    def is_ready(self) -> bool:
        answer = self.leader.get("/health/ready")
        if answer.status_code != 200:
            must_say_when(answer)
        return answer.status_code == 200


@contextmanager
def served(world: World, *, through: Sequence[str] = (), **environment: str) -> Iterator[Served]:
    settings = world.settings
    with process(
        "serve",
        "--port",
        str(free_port(settings)),
        data_dir=settings.data_dir,
        through=through,
        GAVEBORD_DATABASE_URL=settings.database_url,
        **measured(),
        **environment,
    ) as started:
        address = started.until_it_answers()
        with _client(address, world.leader_key) as leader, _client(address, world.giver_key) as by:
            yield Served(world, started, address, leader, by)


def until(is_so: Callable[[], bool], *, within: float = 15) -> None:
    give_up_at = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < give_up_at, "it has not happened in time"
        threading.Event().wait(0.05)


def _client(address: str, key: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=address, headers=headers, timeout=LIMITS)
