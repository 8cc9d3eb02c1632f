"""Filling an empty database with the demo, and the two keys to look around with."""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select, update

from app.db import Database
from app.demo.cast import assemble
from app.demo.content import content
from app.demo.story import tell
from app.errors import Conflict, Message, NotSignedIn
from app.eventlog.log import By
from app.eventlog.models import Event
from app.people import keys
from app.people.keys import Scope
from app.people.models import Person
from app.rows import rows_of
from app.units.models import Unit

SECRETARY = content().secretary.name
LEADER = "Henrik Dalum"
_KEYS_LAST = timedelta(days=365)
_NEWS_FOR = timedelta(days=7)
_FILLED = (Person, Unit, Event)


@dataclass(frozen=True)
class DemoKeys:
    """API keys of the demo's secretary and of one of its leaders."""

    secretary: str
    leader: str


def is_empty(database: Database) -> bool:
    """Whether nobody and nothing is there, and nothing has ever happened."""
    with database.reading() as session:
        firsts = (session.exec(select(kind.id).limit(1)).first() for kind in _FILLED)
        return all(first is None for first in firsts)


def fill(database: Database, *, data_dir: Path, now: datetime) -> DemoKeys:
    """The whole municipality in one transaction. Conflict when the database is not empty.

    The keys are written down before the commit: a demo is never there without its keys.
    """
    if not is_empty(database):
        raise Conflict(Message("Databasen er ikke tom. Demoen lægges kun i en tom database."))
    with database.writing() as session:
        cast = assemble(session, now=now)
        tell(cast, now=now)
        _is_history(session, now=now)
        demo_keys = DemoKeys(
            secretary=_key(session, SECRETARY, now=now),
            leader=_key(session, LEADER, now=now),
        )
        _remember(demo_keys, data_dir)
        return demo_keys


def _is_history(session: Session, *, now: datetime) -> None:
    """Nobody is told today of what happened long ago."""
    told = col(Event.at) < now - _NEWS_FOR
    session.execute(update(Event).where(told).values(fanned_out_at=Event.at))


def remembered(database: Database, *, data_dir: Path, now: datetime) -> DemoKeys | None:
    """The keys that were kept when the demo was laid in, if they open this database."""
    try:
        known = DemoKeys(**json.loads(_file(data_dir).read_text("utf-8")))
        with database.reading() as session:
            for secret in (known.secretary, known.leader):
                keys.signed_in(rows_of(session), secret, now=now)
    except (OSError, ValueError, TypeError, NotSignedIn):
        return None
    return known


def _remember(demo_keys: DemoKeys, data_dir: Path) -> None:
    """Keeps the demo's keys beside its data, for the owner of the files only."""
    data_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(_file(data_dir), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(demo_keys.__dict__, file)


def _key(session: Session, name: str, *, now: datetime) -> str:
    person_id = session.exec(select(Person.id).where(col(Person.name) == name)).one()
    assert person_id is not None
    _, secret = keys.make(
        session,
        person_id,
        label="demo",
        scopes=(Scope.READ, Scope.WRITE),
        expires_at=now + _KEYS_LAST,
        by=By(),
        now=now,
    )
    return secret


def _file(data_dir: Path) -> Path:
    return data_dir / "demo-keys.json"
