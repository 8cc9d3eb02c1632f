"""One database, one size: everything that is asked, beside a bare route, turn by turn."""

import statistics
from collections.abc import Callable, Sequence
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
    once: int = 3000
    """At most so many in a round, of what can be sent once."""
    is_warmed: bool = True


def measure(
    world: World,
    kind: str,
    *,
    data_dir: Path,
    database_url: str,
    plan: Plan,
    say: Callable[[str], None],
) -> Run:
    run = Run(kind, world.size)
    run.start = statistics.median(_start(data_dir, database_url) for _ in range(plan.starts))
    textbook_url = database_url.replace("postgresql://", "postgresql+psycopg://")
    with (
        product(data_dir, database_url) as server,
        rival("bare") as bare,
        rival("textbook", BENCH_URL=textbook_url) as textbook,
    ):
        for ask in ASKS:
            run.results[ask.name] = _measured(world, ask, server, bare, textbook, plan)
            result = run.results[ask.name]
            say(f"{kind} {world.size:>9,} {ask.name:<16} {_line(result)}")
        run.memory = server.memory_mib()
    return run


def _start(data_dir: Path, database_url: str) -> float:
    with product(data_dir, database_url) as server:
        return server.first_answer_after


def _measured(
    world: World, ask: Ask, server: Server, bare: Server, textbook: Server, plan: Plan
) -> Result:
    requests = ask.requests(world)
    warm, *turns = _turns(ask, requests, plan)
    body = _body_of(server, warm[0])
    httpx.put(f"{bare.address}/size", content=str(body)).raise_for_status()
    flat = [Request("/", request.person_id, request.method) for request in requests[:100]]
    if plan.is_warmed:
        load.put(server.address, warm, seconds=1, once=ask.once)
        load.put(bare.address, flat, seconds=1)
    bares: list[Measured] = []
    ours: list[Measured] = []
    cpus: list[float] = []
    for turn in turns:
        bares.append(load.put(bare.address, flat, seconds=plan.seconds))
        before = server.cpu_seconds()
        ours.append(load.put(server.address, turn, seconds=plan.seconds, once=ask.once))
        cpus.append((server.cpu_seconds() - before) / ours[-1].requests * 1e6)
    books: list[Measured] = []
    if ask.name == "page":
        # Afterwards: it is still busy with what it was asked for when nobody waits any more.
        books = [load.put(textbook.address, turn, seconds=plan.seconds) for turn in turns]
    return Result(
        body=body,
        per_second=statistics.median(one.per_second for one in ours),
        bare=statistics.median(one.per_second for one in bares),
        p50=statistics.median(one.p50 for one in ours),
        p99=statistics.median(one.p99 for one in ours),
        cpu=statistics.median(cpus),
        textbook=statistics.median(one.per_second for one in books) if books else None,
    )


def _turns(ask: Ask, requests: Sequence[Request], plan: Plan) -> list[Sequence[Request]]:
    """What is sent in each round, and before the first. What can be sent once is shared out."""
    rounds = plan.rounds + 1
    if not ask.once:
        return [requests] * rounds
    each = min(len(requests) // rounds, plan.once)
    return [requests[turn * each : (turn + 1) * each] for turn in range(rounds)]


def _body_of(server: Server, request: Request) -> int:
    """How large the answer is, once it is known to be one."""
    sent = httpx.request(
        request.method, server.address + request.path, headers=request.all_headers, timeout=60
    )
    sent.raise_for_status()
    return len(sent.content)


def _line(result: Result) -> str:
    return (
        f"{result.per_second:>8,.0f}/s {result.share:>7.1%} of bare  "
        f"p50 {result.p50:.1f} ms  p99 {result.p99:.1f} ms  {result.cpu:,.0f} us"
    )
