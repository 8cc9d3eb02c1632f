"""The real server for the tests: on loopback, at a port of its own, stopped when they are done."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
import uvicorn

from app import clock
from app.main import create_app
from app.serving import listen
from app.settings import Settings
from tests.databases import BUSY_KEYS, IS_PAIR
from tests.forked import Forked
from tests.measuring import measured
from tests.pair import pair
from tests.processes import START_WITHIN


@contextmanager
def running(settings: Settings, *, now: Callable[[], datetime] = clock.now) -> Iterator[str]:
    """The server in a thread of this process, so that a test can move its clock; its address.
    Where the tests are run against two servers, the address of the proxy before them."""
    if IS_PAIR:
        with pair(settings, now=now) as both:
            yield both.address
        return
    listener = listen(settings.model_copy(update={"port": 0}))
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings, now=now), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield _answering(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(START_WITHIN)
        listener.close()


@contextmanager
def command(
    *words: str, data_dir: Path, is_measured: bool = False, **environment: str
) -> Iterator[tuple[str, list[str]]]:
    """`gavebord WORDS` as a process of its own: its address, and the lines it has printed."""
    through = ("env",) if is_measured else ()
    if is_measured:
        environment |= measured()
    with process(*words, data_dir=data_dir, through=through, **environment) as started:
        yield started.until_it_answers(), started.lines


@dataclass
class Started:
    """A command that has been started: what it has printed, and where it answers."""

    process: subprocess.Popen[str] | Forked
    lines: list[str] = field(default_factory=list)

    def until_it_answers(self) -> str:
        address = None
        while address is None:
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
            assert line, f"the command ended: {self.lines}"
            self.lines.append(line.strip())
            address = re.search(r"http://127\.0\.0\.1:\d+", line)
        return _answering(address[0])

    def kill(self) -> None:
        """As `kill -9` does: it is told nothing, and finishes nothing."""
        self.process.kill()
        self.process.wait(START_WITHIN)


@contextmanager
def process(
    *words: str, data_dir: Path, through: Sequence[str] = (), **environment: str
) -> Iterator[Started]:
    """`gavebord WORDS`: forked, or started by the command `through`. It is stopped in the end."""
    env = {
        **os.environ,
        "GAVEBORD_DATA_DIR": str(data_dir),
        "GAVEBORD_MODE": "development",
        "GAVEBORD_KEY_REQUESTS_A_MINUTE": str(BUSY_KEYS),
        "PYTHONUNBUFFERED": "1",
        "PYTHONFAULTHANDLER": "1",
        **environment,
    }
    started: subprocess.Popen[str] | Forked
    if through:
        whole = [*through, sys.executable, "-m", "app", *words]
        started = subprocess.Popen(whole, env=env, stdout=subprocess.PIPE, text=True)
    else:
        started = Forked(words, env=env)
    assert started.stdout is not None
    try:
        yield Started(started)
    finally:
        started.terminate()
        try:
            started.wait(START_WITHIN)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait(START_WITHIN)
        started.stdout.close()


def _answering(address: str) -> str:
    give_up_at = time.monotonic() + START_WITHIN
    while True:
        try:
            httpx.get(f"{address}/health/live", timeout=5).raise_for_status()
            return address
        except httpx.TransportError:
            if time.monotonic() > give_up_at:
                raise
            threading.Event().wait(0.05)
