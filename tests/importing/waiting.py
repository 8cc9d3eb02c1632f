"""Work that waits until the test does it: in the test's own thread, and its own transaction."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class Waiting(Executor):
    def __init__(self) -> None:
        self.work: list[Callable[[], object]] = []

    def submit(self, work: Callable[..., Any], /, *values: Any, **named: Any) -> Future[Any]:
        self.work.append(lambda: work(*values, **named))
        return Future()

    def do(self) -> int:
        """All that waits; how much it was."""
        waiting, self.work = self.work, []
        for one in waiting:
            one()
        return len(waiting)
