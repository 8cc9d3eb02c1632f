"""`gavebord`, with its one clock asked of a test: `python -m tests.clocked ADDRESS serve`."""

import runpy
import socket
import sys
import threading
from datetime import datetime

from app import clock


class AskedClock:
    """Asks the test what time it is, each time anybody wants to know."""

    def __init__(self, address: str) -> None:
        host, port = address.split(":")
        self.connection = socket.create_connection((host, int(port)))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.connection.makefile("r")
        self.lock = threading.Lock()

    def __call__(self) -> datetime:
        with self.lock:
            self.connection.sendall(b"?")
            return datetime.fromisoformat(self.answers.readline().strip())


if __name__ == "__main__":
    # Before anything else is imported: they take the clock as it is when they are.
    clock.now = AskedClock(sys.argv.pop(1))
    runpy.run_module("app", run_name="__main__")
