"""What a worker of a test does, for the tests and for processes that are to start quickly."""

from sqlalchemy import text
from sqlmodel import Session, select

from app.db import Database
from app.work.models import WorkItem

KIND = "test.step"


def note_done(key: str):
    """What a handler gives back: it is written where the item is finished."""

    def writing(session: Session) -> None:
        session.execute(text("INSERT INTO done (key) VALUES (:key)"), {"key": key})

    return writing


def left(database: Database) -> list[WorkItem]:
    with database.reading() as session:
        return list(session.exec(select(WorkItem)))
