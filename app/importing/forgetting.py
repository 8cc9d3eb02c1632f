"""Whoever is pseudonymised is not named either in what was found in files."""

from typing import Any

from sqlmodel import Session, select

from app.importing.findings import without
from app.importing.models import ImportRun
from app.people import forgetting
from app.people.forgetting import Former


def forget(session: Session, former: Former) -> None:
    """The counts stay as they were. The file itself goes when its 90 days are over."""
    for run in session.exec(select(ImportRun).with_for_update(key_share=True)).all():
        kept: tuple[Any, Any] = without(run.steps, run.problems, former.is_named_in)
        if kept != (run.steps, run.problems):
            run.steps, run.problems = kept
    session.flush()


forgetting.also(forget)
