"""Browsers, trips, and the two providers: the real one, and one that says what a test wants."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.signing_in import trips
from app.signing_in.carried import Answer, Claims, Trip
from app.signing_in.provider import Provider
from tests.client import Client
from tests.provider.forger import Forger, forger
from tests.provider.process import BACK, RealProvider, provider
from tests.signing_in.browser import Browser


@pytest.fixture
def settled(app: FastAPI, tmp_path: Path):
    """Changes settings for this test; it begins in development, with a folder of its own."""
    before = app.state.settings

    def changed(**settings):
        app.state.settings = app.state.settings.model_copy(update=settings)

    changed(mode="development", data_dir=tmp_path)
    yield changed
    app.state.settings = before


@pytest.fixture
def new_browser(app: FastAPI, settled):
    """Makes a browser that knows nothing of the others."""

    def made() -> Browser:
        return Browser(Client(app), app.state.settings.mail_dir)

    return made


@pytest.fixture
def browser(new_browser) -> Browser:
    return new_browser()


@pytest.fixture(scope="session")
def real() -> Iterator[RealProvider]:
    with provider() as started:
        yield started


@pytest.fixture
def forged() -> Iterator[Forger]:
    with forger() as started:
        yield started


@pytest.fixture
def trip() -> Trip:
    return trips.planned("/gaver/7")


@pytest.fixture
def come_back(forged: Forger, trip: Trip) -> Callable[..., Claims]:
    """Comes back from the forger with a code, for which it gives a token with these claims; those
    that are None are left out."""

    def come_back_with(
        *, now: datetime, provider: Provider | None = None, token: str | None = None, **over: Any
    ) -> Claims:
        good = forged.claims(**{"nonce": trip.nonce, "at": now.timestamp(), **over})
        forged.tokens["id_token"] = token or forged.sign(good)
        provider = provider or Provider(forged.settings())
        answer = Answer(code="a code")
        return asyncio.run(provider.claims(answer, trip, redirect_uri=BACK, now=now))

    return come_back_with


@pytest.fixture
def settings(session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Other settings than those that the database was opened with."""
    theirs = session.info["settings"]

    def change(**over: object) -> None:
        monkeypatch.setitem(session.info, "settings", theirs.model_copy(update=over))

    return change
