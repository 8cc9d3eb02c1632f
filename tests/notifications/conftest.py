"""What the product tells people, for tests: tasks that no worker holds, and who was told."""

from collections.abc import Callable, Mapping
from datetime import date
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.chores import FAN_OUT
from app.clock import noon_of
from app.eventlog.fan_out import how_many_set_aside
from app.notifications.composing import content_of
from app.notifications.digests import gather
from app.notifications.envelopes import envelope_of
from app.notifications.models import Digest, Notification
from app.notifications.reminders import scan
from app.people.models import Person
from app.rows import rows_of
from tests.conftest import NOON, OneTransaction
from tests.handovers.scene import Scene
from tests.make import Make

MONDAY = date(2026, 3, 2)


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


@pytest.fixture
def mailed(session):
    """What each person's mail says on the day, after the hours have been waited for."""

    def look(day: date = MONDAY, *, between=lambda: None):
        scan(lambda work: work(session), now=noon_of(day))
        gather(lambda work: work(session), now=noon_of(day))
        between()
        session.flush()
        of_day = select(Digest.id).where(Digest.day == day).order_by(Digest.id)
        rows = rows_of(session)
        envelopes = [envelope_of(rows, one) for one in session.exec(of_day)]
        contents = [content_of(rows, one, day) for one in envelopes if one.mail]
        return {content.person_id: content for content in contents if content}

    return look
