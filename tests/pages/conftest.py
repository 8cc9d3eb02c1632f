from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.people import sessions
from app.people.models import Person
from app.people.sessions import Lifetimes, Way
from tests.conftest import NOON, client_of
from tests.pages.desk import Desk


@pytest.fixture
def at_desk(app: FastAPI, session: Session) -> Callable[[Person], Desk]:
    """The person, signed in in a browser of their own."""

    def sat_down(person: Person) -> Desk:
        lifetimes = Lifetimes(timedelta(hours=12), timedelta(days=7))
        secret = sessions.begin(
            session, person, way=Way.LINK, agent="", lifetimes=lifetimes, now=NOON
        )
        client = client_of(app)
        client.cookies.set("gavebord", secret)
        return Desk(person, client)

    return sat_down
