"""What a worker of the product and one of a rival do alike, in a process of their own: they get
ready, wait for the word, note when they took each item, and say so in the end.

Nothing of the product is imported here: a rival has an environment of its own.
"""

import signal
import sys
from array import array
from pathlib import Path

KIND = "bench.nothing"
THREADS = 2
"""Items that a worker is at work on at a time: as the product has it unless it is told."""


def wait_for_the_word() -> None:
    """Until the one who measures says so, when everybody is ready."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


def when_told(stop) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop())


def note(taken: "array[float]", path: str) -> None:
    Path(path).write_bytes(taken.tobytes())
