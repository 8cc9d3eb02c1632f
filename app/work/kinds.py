"""What a worker can do: handlers by the kind of item, given to it by those who know them."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from sqlmodel import Session

from app.db import Database
from app.work.items import Held

Result = TypeVar("Result")
Work = Callable[[Session], Result]
Change = Callable[[Work[Any]], Any]
Writing = Callable[[Session], None]

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)


class Failed(Exception):
    """The step could not be taken. `why` is kept, and read by an administrator: a code, which the
    page may have words for, or what a server answered; no secrets, and nobody's name. Tried again
    after so long, or as long as that usually is; never if it is final, which is for what will not
    be otherwise the next time. `writing` is kept with that it failed, only if the item is still
    held."""

    def __init__(
        self,
        why: str,
        *,
        after: timedelta | None = None,
        is_final: bool = False,
        writing: "Writing | None" = None,
    ) -> None:
        super().__init__(why)
        self.why, self.after, self.is_final, self.writing = why, after, is_final, writing


class HandedBack(Exception):
    """The handler stops because the worker does, or because it is too early. Another one takes the
    step from the start, after so long: this was no attempt."""

    def __init__(self, *, after: timedelta = timedelta()) -> None:
        super().__init__()
        self.after = after


@dataclass
class Task:
    """An item that a handler is at work on, outside any transaction."""

    held: Held
    database: Database
    _change: Change
    _is_stopping: Callable[[], bool]
    _lost: threading.Event = field(default_factory=threading.Event)

    @property
    def key(self) -> str:
        """What the other side is told, so that it can tell a step that is taken twice."""
        return self.held.key

    @property
    def payload(self) -> Mapping[str, Any]:
        return self.held.payload

    @property
    def attempt(self) -> int:
        return self.held.attempt

    def change(self, work: Work[Result]) -> Result:
        """A transaction of its own, before it is finished: for what is the same done twice."""
        done: Result = self._change(work)
        return done

    def must_go_on(self) -> None:
        """HandedBack where the worker is about to stop, or somebody else has the item. For handlers
        that take long."""
        if self._is_stopping() or self._lost.is_set():
            raise HandedBack

    def lose(self) -> None:
        self._lost.set()


Handler = Callable[[Task], Writing | None]
"""Takes the step. What it gives back is written in the transaction in which the item is finished,
only if it is still held."""


@dataclass(frozen=True)
class Kind:
    name: str
    handle: Handler


def pause_after(attempt: int, chance: random.Random) -> timedelta:
    """Twice as long each time, and never the same for all who failed together."""
    whole = min(FIRST_PAUSE * (1 << min(attempt - 1, 20)), LONGEST_PAUSE)
    return whole * chance.uniform(0.75, 1.25)
