"""The load: wrk, with one thread and sixteen connections."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.asks import Request

CONNECTIONS = 16
_SCRIPT = Path(__file__).with_name("load.lua")


class WrkIsMissing(Exception):
    """wrk is a program of its own, and not everyone has it."""

    def __str__(self) -> str:
        return "wrk makes the load, and is not installed. On Debian and Ubuntu: apt install wrk"


@dataclass(frozen=True)
class Measured:
    """What came of one load. `p50` and `p99` in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def put(address: str, requests: Sequence[Request], *, seconds: int, once: bool = False) -> Measured:
    """Loads the server with the requests in turn, or with each of them once. Raises where one of
    them is refused: what is not answered is not measured."""
    if shutil.which("wrk") is None:
        raise WrkIsMissing
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(_written(requests))
        file.flush()
        words = [
            *("wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--latency"),
            *("-s", str(_SCRIPT), address, "--", file.name, "once" if once else "again"),
        ]
        ran = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603
    said = json.loads(ran.stdout.splitlines()[-1])
    if said["refused"] or said["broken"]:
        raise RuntimeError(f"{said['refused']} refused, {said['broken']} broken: {requests[0]}")
    return Measured(said["requests"], said["seconds"], said["p50"], said["p99"])


def send(address: str, requests: Sequence[Request]) -> list[int]:
    """Sends each of them once, and says how long each answer is. Nothing is measured."""
    with (
        httpx.Client(base_url=address, timeout=60) as client,
        ThreadPoolExecutor(CONNECTIONS) as hands,
    ):

        def one(request: Request) -> int:
            sent = client.request(request.method, request.path, headers=request.all_headers)
            sent.raise_for_status()
            return len(sent.content)

        return list(hands.map(one, requests))


def _written(requests: Sequence[Request]) -> str:
    parts = [str(len(requests))]
    for request in requests:
        headers = [f"{name}: {value}" for name, value in request.all_headers.items()]
        parts += [request.method, request.path, *headers, ""]
    return "\n".join(parts) + "\n"
