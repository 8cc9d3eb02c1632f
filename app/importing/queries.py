"""Every SELECT on imports. Lists leave out what was found in the files: it may be much."""

from collections.abc import Sequence

from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.importing.models import ImportRun, RunState
from app.people.models import Person

Named = tuple[ImportRun, str, str | None]
"""An import, and the names of those who brought the file and who started it."""


def get(session: Session, run_id: int) -> Named:
    found = session.execute(_NAMED.where(col(ImportRun.id) == run_id)).first()
    if found is None:
        raise NotFound
    return found[0], found[1], found[2]


def locked(session: Session, run_id: int) -> ImportRun:
    run = session.get(
        ImportRun, run_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if run is None:
        raise NotFound
    return run


def page(session: Session, *, before_id: int | None, limit: int) -> Sequence[Named]:
    """The newest first."""
    statement = _NAMED.options(defer(col(ImportRun.problems)), defer(col(ImportRun.steps)))  # type: ignore[arg-type]
    if before_id is not None:
        statement = statement.where(col(ImportRun.id) < before_id)
    found = session.execute(statement.order_by(col(ImportRun.id).desc()).limit(limit))
    return [(run, brought, started) for run, brought, started in found]


def running(session: Session) -> ImportRun | None:
    """There is one at most."""
    statement = (
        select(ImportRun).where(ImportRun.state == RunState.RUNNING).with_for_update(key_share=True)
    )
    return session.exec(statement).first()


_starter = aliased(Person)
_NAMED = (
    select(ImportRun, Person.name, _starter.name)
    .join(Person, col(Person.id) == ImportRun.uploaded_by_id)
    .outerjoin(_starter, col(_starter.id) == ImportRun.started_by_id)
)
