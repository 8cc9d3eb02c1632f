from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.people import sessions
from app.people.cookies import lifetimes
from app.people.models import Person
from app.people.sessions import Way
from tests.conftest import NOON
from tests.handovers.scene import Scene
from tests.make import Make
from tests.pages.desk import Desk


@pytest.fixture
def scene(make: Make, signed_in: Callable[[Person], TestClient]) -> Scene:
    return Scene(make, signed_in)


@pytest.fixture
def desk_of(app: FastAPI, session: Session) -> Callable[[Person], Desk]:
    """A browser in which the person is signed in."""

    def made(person: Person) -> Desk:
        limits = lifetimes(app.state.settings)
        secret = sessions.begin(session, person, way=Way.DEMO, agent="", lifetimes=limits, now=NOON)
        client = TestClient(app)
        client.cookies.set("gavebord", secret, domain="testserver.local")
        return Desk(client)

    return made
