"""What is asked for, and how much of the bare route's speed it should have. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench.world import World, secret

API = "/api/v1"
LEADERS = 200
"""So many unit leaders take turns at asking; each sees what a unit leader may see."""
ASKED = 1000
"""So many different requests take turns."""


@dataclass(frozen=True)
class Request:
    path: str
    person_id: int
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def all_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {secret(self.person_id)}", **self.headers}


@dataclass(frozen=True)
class Ask:
    """One kind of request. `share` is the part of the bare route's requests per second that it
    should have on SQLite; half of it on PostgreSQL. `once` where each can only be sent once;
    `opens` is what each of them has been shown shortly before."""

    name: str
    share: float | None
    requests: Callable[[World], Sequence[Request]]
    p99_within: float | None = None
    once: bool = False
    opens: Callable[[Request], Request] | None = None


def leaders(world: World) -> Sequence[int]:
    step = max(1, world.units // LEADERS)
    return range(1, world.units + 1, step)[:LEADERS]


def _pages(world: World) -> list[Request]:
    """By state, by network, by two states at once, and by the leader's own unit."""
    chosen = leaders(world)
    found = []
    for number in range(ASKED):
        person_id = chosen[number % len(chosen)]
        query = (
            "state=in_use",
            f"network_id={number % world.networks + 1}",
            "state=trial&state=accepted&is_paused=false",
            f"unit_id={person_id}",
        )[number % 4]
        found.append(Request(f"{API}/handovers?{query}", person_id))
    return found


def _ones(world: World, *, under: str = "") -> list[Request]:
    chosen = leaders(world)
    seen = (row for row in range(1, world.size + 1) if world.state_of(row) != "draft")
    step = max(1, world.size // ASKED)
    ids = [row for row in seen if row % step in (0, 1)][:ASKED]
    return [
        Request(f"{API}/handovers/{row}{under}", chosen[number % len(chosen)])
        for number, row in enumerate(ids)
    ]


def _acknowledgements(world: World) -> list[Request]:
    return [
        Request(
            f"{API}/handovers/{row}/receipt",
            world.unit_of(row),
            "POST",
            {"If-Match": '"3"', "Idempotency-Key": f"bench-{row}"},
        )
        for row in world.delivered_ids()
    ]


def _opened(acknowledgement: Request) -> Request:
    """Nobody answers what they have not looked at."""
    return Request(acknowledgement.path.removesuffix("/receipt"), acknowledgement.person_id)


def _first_uses(world: World) -> list[Request]:
    """What a key costs when it is used for the first time in a minute, and that day."""
    return [Request(f"{API}/me", person_id) for person_id in range(1, world.units + 1)]


def _same(world: World, *, path: str) -> list[Request]:
    return [Request(f"{API}{path}", person_id) for person_id in leaders(world)]


ASKS = (
    # The first, before any key has been used.
    Ask("first use of a key", None, _first_uses, once=True),
    Ask("page", 0.04, _pages, p99_within=5),
    Ask("one", 0.08, _ones),
    Ask("shelf", 0.04, partial(_same, path="/shelf")),
    Ask("door", 0.04, partial(_same, path="/door")),
    Ask("queue", 0.04, partial(_same, path="/queue")),
    Ask("counts", 0.08, partial(_same, path="/counts")),
    Ask("story", None, partial(_ones, under="/story")),
    Ask("events", None, partial(_same, path="/events")),
    # The last, because it changes what the others read.
    Ask("acknowledgement", 0.025, _acknowledgements, p99_within=5, once=True, opens=_opened),
)
TEXTBOOK_TIMES = 4
"""The page should be so many times as fast as a textbook route."""
GROWTH = 1.3
"""The most that anything may cost with the most data, in times what it costs with the least."""
COLD_START = 1.5
"""Seconds until the first answer."""
MEMORY = 120
"""MiB, after the run."""
