"""The servers that are measured, as processes of their own, on loopback."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.databases import BUSY_KEYS

START_WITHIN = 30
STOP_WITHIN = 30
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server. `first_answer_after` in seconds from when it was started."""

    pid: int
    address: str
    first_answer_after: float

    def cpu_seconds(self) -> float:
        """User and system time so far, of this process."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mib(self) -> float:
        """What it holds in memory now."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        resident = next(line for line in lines if line.startswith("VmRSS:"))
        return int(resident.split()[1]) / 1024


@contextmanager
def product(data_dir: Path, database_url: str) -> Iterator[Server]:
    """`gavebord serve`."""
    environment = {
        "GAVEBORD_MODE": "development",
        "GAVEBORD_KEY_REQUESTS_A_MINUTE": str(BUSY_KEYS),
        "GAVEBORD_DATA_DIR": str(data_dir),
        "GAVEBORD_DATABASE_URL": database_url,
    }
    port = free_port()
    words = [str(Path(sys.executable).with_name("gavebord")), "serve", "--port", str(port)]
    with _running(words, port, "/health/live", environment) as server:
        yield server


@contextmanager
def rival(name: str, **environment: str) -> Iterator[Server]:
    """An application of `bench.rivals`, served as the product is."""
    port = free_port()
    words = [
        *(sys.executable, "-m", "uvicorn", f"bench.rivals:{name}", "--factory"),
        *("--port", str(port), "--log-level", "warning", "--no-access-log", "--no-server-header"),
        *("--http", "httptools", "--loop", "uvloop"),
    ]
    with _running(words, port, "/", environment) as server:
        yield server


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _running(
    words: list[str], port: int, path: str, environment: dict[str, str]
) -> Iterator[Server]:
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        words,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # A line for each request, which nobody reads here.
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(process, port, address + path)
        yield Server(process.pid, address, time.perf_counter() - began)
    finally:
        # As Ctrl+C is: nobody is left whom it should wait for.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int, url: str) -> None:
    give_up_at = time.perf_counter() + START_WITHIN
    while time.perf_counter() < give_up_at:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            httpx.get(url, timeout=5)
            return
        except OSError:
            threading.Event().wait(0.005)
    raise RuntimeError(f"{process.args} did not answer")
