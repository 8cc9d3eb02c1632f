"""The real server for the tests: on loopback, at a port of its own, stopped when they are done."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import uvicorn

from app import clock
from app.main import create_app
from app.serving import listen
from app.settings import Settings
from tests.databases import IS_PAIR
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
    server = uvicorn.Server(uvicorn.Config(create_app(settings, now=now), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield _answering(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(START_WITHIN)
        listener.close()


@contextmanager
def command(*words: str, data_dir: Path, **environment: str) -> Iterator[tuple[str, list[str]]]:
    """`gavebord WORDS` as a process of its own: its address, and the lines it has printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", *words],
        env={
            **os.environ,
            "GAVEBORD_DATA_DIR": str(data_dir),
            "PYTHONUNBUFFERED": "1",
            **environment,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        address = None
        while address is None:
            line = process.stdout.readline()
            assert line, f"the command ended: {lines}"
            lines.append(line.strip())
            address = re.search(r"http://127\.0\.0\.1:\d+", line)
        yield _answering(address[0]), lines
    finally:
        process.terminate()
        process.wait(START_WITHIN)
        process.stdout.close()


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
