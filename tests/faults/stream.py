"""Receipts, follow-ups and uploads, one after another, until the server is gone."""

import hashlib
import json
import random
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from tests.faults.world import World

LIMITS = httpx.Timeout(30)
_MOST_TIMES = 100
_SOON = threading.Event()


@dataclass
class Sent:
    """One request with an Idempotency-Key. `answer` is None as long as nobody has answered."""

    kind: str
    path: str
    secret: str
    content: bytes
    subject: int
    mark: str = field(default_factory=lambda: _mark())
    answer: bytes | None = None
    was_done_before: bool = False
    """It was not answered, but sent again it turned out to have been done."""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def send(self, client: httpx.Client) -> None:
        """Any answer but the right one is a failure; no answer at all is a doubt. Told to come
        back later, as on a machine that has too much to do, it does."""
        for _ in range(_MOST_TIMES):
            response = self.offer(client)
            if response.status_code != 503:
                break
            must_say_when(response)
            _SOON.wait(0.2)
        self.take(response)

    def offer(self, client: httpx.Client) -> httpx.Response:
        return client.post(
            self.path.format(mark=self.mark),
            content=self.content,
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Idempotency-Key": self.mark,
                "Content-Type": "application/json",
            },
        )

    def take(self, response: httpx.Response) -> None:
        assert response.status_code in (200, 201), (self.path, response.status_code, response.text)
        if self.answer is None:
            self.was_done_before = "Idempotency-Replayed" in response.headers
            self.answer = response.content
        else:
            assert response.headers["Idempotency-Replayed"] == "true"
            assert response.content == self.answer


class Stream:
    """Some clients that each send one request after another."""

    def __init__(
        self,
        world: World,
        chance: random.Random,
        *,
        clients: int = 5,
        ends: threading.Event | None = None,
    ) -> None:
        """The clients go on until `ends`, or until the server is gone. Told "not now", they do
        not insist: that request is one of those without an answer."""
        self._ends = ends
        self._requests = _requests(world, chance)
        self._next = threading.Lock()
        self._clients = clients
        self.sent: list[Sent] = []
        self.failures: list[Exception] = []
        self.refused = 0
        self.is_under_way = threading.Event()
        """Set when the first has been answered."""

    def send_to(self, address: str) -> list[threading.Thread]:
        threads = [
            threading.Thread(target=self._go_on, args=[address]) for _ in range(self._clients)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _go_on(self, address: str) -> None:
        try:
            with httpx.Client(base_url=address, timeout=LIMITS) as client:
                while self._ends is None or not self._ends.is_set():
                    with self._next:
                        request = next(self._requests)
                        self.sent.append(request)
                    response = request.offer(client)
                    if response.status_code == 503:
                        self.refused += 1
                        must_say_when(response)
                        (self._ends or _SOON).wait(0.05)
                    else:
                        request.take(response)
                    self.is_under_way.set()
        except httpx.TransportError:
            """The server is gone: what was under way is in doubt."""
        except Exception as failure:
            self.failures.append(failure)
        finally:
            self.is_under_way.set()


def _mark() -> str:
    """Without digits: some rows of them look like a CPR number, and are refused."""
    return uuid.uuid4().hex.translate(_LETTERS)


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def must_say_when(response: httpx.Response) -> None:
    """A 503 as it must be: what is wrong, in words, and when to try again."""
    assert response.status_code == 503, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) > 0
    problem = response.json()
    assert problem["code"] in ("busy", "unsettled")
    assert problem["detail"]


def _requests(world: World, chance: random.Random) -> Iterator[Sent]:
    delivered = world.deliver(60)
    while True:
        kind = chance.choice(("receipt", "follow-up", "upload"))
        if kind == "receipt" and delivered:
            handover_id = delivered.pop()
            path = f"/api/v1/handovers/{handover_id}/receipt"
            yield Sent(kind, path, world.leader_key, b"", handover_id)
        elif kind != "upload":
            handover_id = chance.choice(world.in_use_ids)
            request = Sent("follow-up", "/api/v1/follow-ups", world.leader_key, b"", handover_id)
            said = {"handover_id": handover_id, "health": "going_well", "better": "yes"}
            request.content = json.dumps({**said, "note": request.mark}).encode()
            yield request
        else:
            path = f"/api/v1/gifts/{world.gift_id}/files?filename=a.pdf&title={{mark}}"
            content = b"%PDF-1.7\n" + chance.randbytes(chance.choice((100, 20_000, 400_000)))
            yield Sent(kind, path, world.giver_key, content, world.gift_id)
