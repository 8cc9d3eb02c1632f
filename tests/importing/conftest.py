"""Files as secretaries make them, and bringing them in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app.db import Database
from app.eventlog.models import Event
from app.importing.columns import SheetKind
from app.importing.outcome import Outcome
from app.importing.service import import_file
from tests.conftest import NOON, OneTransaction
from tests.importing.files import danish_csv

Bring = Callable[..., Outcome]


@pytest.fixture
def bring(database: Database, session: Session, tmp_path: Path) -> Bring:
    """`bring(SheetKind.UNITS, ["Id", "Navn"], ["10", "Unge"])` imports a file with those rows."""

    def brought(kind: SheetKind, *rows: list[str], write=danish_csv, apply: bool = True, **more):
        path = write(tmp_path, *rows)
        opened = OneTransaction(database, session)
        return import_file(opened, kind, path, apply=apply, now=NOON, **more)

    return brought


@pytest.fixture
def happened(session: Session) -> Callable[[], list[str]]:
    """The types of all events so far."""

    def types() -> list[str]:
        return list(session.exec(select(Event.type).order_by(col(Event.id))))

    return types
