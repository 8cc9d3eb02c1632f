from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.people import sessions
from app.people.cookies import lifetimes
from app.people.models import Person
from app.people.sessions import Way
from app.people.signed_in import Role
from tests.client import Client
from tests.conftest import NOON
from tests.handovers.scene import Scene
from tests.make import Make
from tests.pages.desk import Desk


@pytest.fixture
def scene(make: Make, signed_in: Callable[[Person], TestClient]) -> Scene:
    return Scene(make, signed_in)


@pytest.fixture
def administrator(make: Make) -> Person:
    return make.person(name="Aksel Administrator", role=Role.ADMINISTRATOR)


@pytest.fixture
def secretary(make: Make) -> Person:
    return make.person(name="Sara Sekretær", role=Role.SECRETARIAT)


@pytest.fixture
def desk(desk_of: Callable[[Person], Desk], administrator: Person) -> Desk:
    """The administrator's."""
    return desk_of(administrator)


@pytest.fixture
def desk_of(app: FastAPI, session: Session) -> Callable[[Person], Desk]:
    """A browser in which the person is signed in."""

    def made(person: Person) -> Desk:
        limits = lifetimes(app.state.settings)
        secret = sessions.begin(session, person, way=Way.DEMO, agent="", lifetimes=limits, now=NOON)
        client = Client(app)
        client.cookies.set("gavebord", secret, domain="testserver.local")
        return Desk(client)

    return made
