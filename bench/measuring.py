"""One kind of database, of every size: all that is asked, beside a bare route, turn by turn."""

import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench import load
from bench.asks import ASKS, Ask, Request
from bench.load import Measured
from bench.servers import Server, product, rival
from bench.world import World


@dataclass
class Result:
    """What one kind of request came to, in the middle of the rounds. `bare` and `textbook` in
    requests per second; `cpu` in microseconds of the service a request."""

    body: int
    per_second: float
    bare: float
    p50: float
    p99: float
    cpu: float
    textbook: float | None = None

    @property
    def share(self) -> float:
        return self.per_second / self.bare


@dataclass
class Run:
    """What a database of one size came to. `start` in seconds, `memory` in MiB."""

    kind: str
    size: int
    start: float = 0
    memory: float = 0
    results: dict[str, Result] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """How long: so many rounds of so many seconds, and starts of the service. Where nobody reads
    the figures, nothing need be warm."""

    rounds: int
    seconds: int
    starts: int
    once: int = 1000
    """At most so many in a round, of what can be sent once."""
    is_warmed: bool = True


@dataclass(frozen=True)
class Seeded:
    """A database that is filled, and where it is."""

    world: World
    data_dir: Path
    database_url: str


@dataclass(frozen=True)
class _Subject:
    run: Run
    world: World
    server: Server
    textbook: Server


def measure(
    kind: str, seeded: Sequence[Seeded], *, plan: Plan, say: Callable[[str], None]
) -> list[Run]:
    """All sizes beside each other: what the data costs must not hang on the hour."""
    with ExitStack() as stack:
        bare = stack.enter_context(rival("bare"))
        subjects = [_started(kind, one, stack, plan) for one in seeded]
        for ask in ASKS:
            for subject, result in zip(subjects, _measured(ask, subjects, bare, plan), strict=True):
                subject.run.results[ask.name] = result
                say(f"{kind} {subject.world.size:>9,} {ask.name:<18} {_line(result)}")
        for subject in subjects:
            subject.run.memory = subject.server.memory_mib()
        return [subject.run for subject in subjects]


def _started(kind: str, seeded: Seeded, stack: ExitStack, plan: Plan) -> _Subject:
    data_dir, url = seeded.data_dir, seeded.database_url
    start = statistics.median(_start(data_dir, url) for _ in range(plan.starts))
    server = stack.enter_context(product(data_dir, url))
    textbook_url = url.replace("postgresql://", "postgresql+psycopg://")
    textbook = stack.enter_context(rival("textbook", BENCH_URL=textbook_url))
    run = Run(kind, seeded.world.size, start=start)
    return _Subject(run, seeded.world, server, textbook)


def _start(data_dir: Path, database_url: str) -> float:
    with product(data_dir, database_url) as server:
        return server.first_answer_after


def _measured(ask: Ask, subjects: Sequence[_Subject], bare: Server, plan: Plan) -> list[Result]:
    loads = [_Load(ask, subject, bare, plan) for subject in subjects]
    for turn in range(plan.rounds):
        for one in loads:
            one.go(turn)
    return [one.result() for one in loads]


class _Load:
    """One kind of request to a database of one size, and what came of it in each round."""

    def __init__(self, ask: Ask, subject: _Subject, bare: Server, plan: Plan) -> None:
        self.ask, self.bare, self.plan = ask, bare, plan
        self.server, self.textbook = subject.server, subject.textbook
        requests = ask.requests(subject.world)
        self.flat = [Request("/", request.person_id, request.method) for request in requests[:100]]
        warm, *self.turns = _turns(ask, requests, plan)
        (self.body,) = load.send(self.server.address, warm[:1])
        self.bares: list[Measured] = []
        self.ours: list[Measured] = []
        self.cpus: list[float] = []
        if plan.is_warmed:
            load.put(self.server.address, warm, seconds=1, once=ask.once)
            self._put_bare(seconds=1)

    def go(self, turn: int) -> None:
        requests, server = self.turns[turn], self.server
        if self.ask.opens:
            load.send(server.address, [self.ask.opens(request) for request in requests])
        self.bares.append(self._put_bare(seconds=self.plan.seconds))
        before = server.cpu_seconds()
        measured = load.put(server.address, requests, seconds=self.plan.seconds, once=self.ask.once)
        self.ours.append(measured)
        self.cpus.append((server.cpu_seconds() - before) / measured.requests * 1e6)

    def result(self) -> Result:
        books: list[Measured] = []
        if self.ask.name == "page":
            # Afterwards: it is still busy with what it was asked for when nobody waits any more.
            books = [
                load.put(self.textbook.address, turn, seconds=self.plan.seconds)
                for turn in self.turns
            ]
        return Result(
            body=self.body,
            per_second=statistics.median(one.per_second for one in self.ours),
            bare=statistics.median(one.per_second for one in self.bares),
            p50=statistics.median(one.p50 for one in self.ours),
            p99=statistics.median(one.p99 for one in self.ours),
            cpu=statistics.median(self.cpus),
            textbook=statistics.median(one.per_second for one in books) if books else None,
        )

    def _put_bare(self, *, seconds: int) -> Measured:
        size = httpx.put(f"{self.bare.address}/size", content=str(self.body))
        size.raise_for_status()
        return load.put(self.bare.address, self.flat, seconds=seconds)


def _turns(ask: Ask, requests: Sequence[Request], plan: Plan) -> list[Sequence[Request]]:
    """What is sent in each round, and before the first. What can be sent once is shared out."""
    rounds = plan.rounds + 1
    if not ask.once:
        return [requests] * rounds
    each = min(len(requests) // rounds, plan.once)
    return [requests[turn * each : (turn + 1) * each] for turn in range(rounds)]


def _line(result: Result) -> str:
    return (
        f"{result.per_second:>8,.0f}/s {result.share:>7.1%} of bare  "
        f"p50 {result.p50:.1f} ms  p99 {result.p99:.1f} ms  {result.cpu:,.0f} us"
    )
