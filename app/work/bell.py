"""Wakes the workers of this process when there is something to do."""

import threading

from sqlalchemy import event
from sqlmodel import Session

NAME = "bell"
"""What a database has it under in `info`, where there is a worker in the same process."""


class Bell:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.times = 0

    def ring(self) -> None:
        with self._changed:
            self.times += 1
            self._changed.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Until it has rung once more than was heard, or so long."""
        with self._changed:
            self._changed.wait_for(lambda: self.times != heard, seconds)


def ring_when_kept(session: Session) -> None:
    """After the commit: before it nobody would find anything."""
    bell = session.info.get(NAME)
    if bell is not None and not session.info.get("rings"):
        session.info["rings"] = True
        event.listen(session, "after_commit", lambda _: bell.ring())
