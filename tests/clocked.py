"""`gavebord`, with its one clock asked of a test, which has said where before the other words."""

import socket
import sys
import threading
from datetime import datetime, tzinfo

from app import clock
from app.__main__ import main as command


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


def main() -> None:
    """Those who have taken `clock.now` for theirs ask too: it is its source that is another."""
    asked = AskedClock(sys.argv.pop(1))

    class Asked(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return asked().astimezone(tz)

    clock.datetime = Asked
    command()
