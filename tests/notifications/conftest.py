"""What the product tells people, for tests: tasks that no worker holds, and who was told."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.chores import FAN_OUT
from app.eventlog.fan_out import how_many_set_aside
from app.notifications.models import Notification
from app.people.models import Person
from tests.conftest import NOON, OneTransaction
from tests.handovers.scene import Scene
from tests.make import Make


@pytest.fixture
def own_task(database, session) -> Callable[[Mapping[str, object]], SimpleNamespace]:
    """An item in the test's own transaction."""
    inner = OneTransaction(database, session)
    return lambda payload: SimpleNamespace(payload=payload, database=inner)


@pytest.fixture
def scene(make: Make, signed_in: Callable[[Person], TestClient]) -> Scene:
    return Scene(make, signed_in)


@pytest.fixture
def pass_on(session: Session) -> Callable[[], None]:
    """Does what the worker does within a second."""

    def passed_on() -> None:
        while not FAN_OUT.pass_on(session, now=NOON):
            continue
        session.expire_all()
        assert how_many_set_aside(session) == 0

    return passed_on


@pytest.fixture
def told(session: Session) -> Callable[..., dict[int, str]]:
    """Who has been told, and why; of those that are unread, or of all."""

    def found(*, unread: bool = True) -> dict[int, str]:
        session.expire_all()
        rows = session.exec(select(Notification).order_by(Notification.id)).all()
        return {row.person_id: row.reason for row in rows if row.read_at is None or not unread}

    return found
