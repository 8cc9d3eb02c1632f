"""What requests of the API and visits of pages have in common: who asks, and the one hop to the
database in which they are signed in and answered."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Any, TypeVar

from fastapi import Request
from sqlmodel import Session

from app.db import Database
from app.errors import Busy
from app.people.credentials import Use
from app.rows import Rows, rows_of
from app.running import settings_of
from app.settings import Settings

Asked = TypeVar("Asked", bound="Asking")
Result = TypeVar("Result")


@dataclass
class Asking:
    """`rows` and `session` are there within a hop."""

    request: Request
    now: datetime
    rows: Rows = field(init=False)
    _open: Callable[[], Session] = field(init=False)

    @property
    def state(self) -> Any:
        """Of the application: what all requests share."""
        return self.request.app.state

    @cached_property
    def session(self) -> Session:
        """Opened by whoever asks for it first: the hot reads never do."""
        return self._open()

    @property
    def settings(self) -> Settings:
        """With what has been changed of them while the product runs."""
        return settings_of(self.state)

    def stand_on(self, rows: Rows, open_session: Callable[[], Session]) -> None:
        """The transaction of this hop, instead of that of the hop before."""
        self.rows, self._open = rows, open_session
        self.__dict__.pop("session", None)


SignIn = Callable[[Asked], Use | None]
"""Says who it is that asks, and what they used for it; None where nobody is signed in."""

Work = Callable[[Asked], Result]


def read(
    asked: Asked, sign_in: SignIn[Asked], work: Work[Asked, Result]
) -> tuple[Result, Use | None]:
    """What the work gives, and the use that is still to be noted."""
    database: Database = asked.state.database
    with database.connected() as connection:
        asked.stand_on(Rows(connection), partial(database.session_on, connection))
        database.running.look(connection)
        use = sign_in(asked)
        return work(asked), None if use is None or use.is_noted else use


def change(asked: Asked, sign_in: SignIn[Asked], work: Work[Asked, Result]) -> Result:
    """Everything in one transaction, where changes are made."""
    database: Database = asked.state.database
    with database.writing() as session:
        database.running.look(session.connection())
        asked.stand_on(rows_of(session), lambda: session)
        use = sign_in(asked)
        if use is not None and not use.is_noted:
            use.note(session, now=asked.now)
        return work(asked)


async def note(asked: Asking, use: Use) -> None:
    """A read that has its answer is not refused because its use could not be noted just now: the
    next use is."""
    with suppress(Busy):
        await asked.state.places.spare(partial(_noted, asked.state.database, use, asked.now))


async def note_looks(asked: Asking) -> None:
    """Looks that cannot be noted just now are noted with the next one."""
    with suppress(Busy):
        await asked.state.looks.note(asked.state.places, asked.state.database)


def _noted(database: Database, use: Use, now: datetime) -> None:
    with database.writing() as session:
        use.note(session, now=now)
