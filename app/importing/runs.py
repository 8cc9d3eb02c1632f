"""The verbs of imports: a file is received, read, started and applied. None commits."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from app.errors import Conflict, Message
from app.eventlog import log
from app.eventlog.log import By
from app.gifts.files import clean_name
from app.importing import files, findings, queries
from app.importing.columns import SheetKind
from app.importing.events import ImportApplied, ImportReceived
from app.importing.models import ImportRun, Interruption, RunState
from app.importing.outcome import Outcome
from app.importing.rights import may_import
from app.people import forgetting
from app.people.forgetting import Former
from app.people.signed_in import SignedIn
from app.spreadsheet import Problem

KEPT_DAYS = 90
"""Files of people are no archive: what was found in them, and they themselves, are forgotten."""
_KEPT = timedelta(days=KEPT_DAYS)
ABANDONED_AFTER = timedelta(minutes=2)
"""Without a sign of life for so long, whoever read or applied it is taken for gone."""


class GivenUp(Exception):
    """Somebody else has started it anew meanwhile: what this one did is rolled back."""


def receive(
    session: Session,
    person: SignedIn,
    *,
    kind: SheetKind,
    filename: str,
    file: IO[bytes],
    folder: Path,
    now: datetime,
) -> ImportRun:
    """Keeps the file, which is then to be read."""
    may_import(person, kind)
    name = clean_name(filename)
    digest, size = files.keep(folder, file, now=now)
    run = ImportRun(
        kind=kind,
        filename=name,
        size=size,
        digest=digest,
        uploaded_at=now,
        uploaded_by_id=person.id,
        heartbeat_at=now,
    )
    session.add(run)
    session.flush()
    log.record(session, ImportReceived(subject_id=run.key, kind=kind), By(person.id), at=now)
    return run


def forget_old(session: Session, *, now: datetime) -> None:
    """What was found in files that were sent more than 90 days ago."""
    session.execute(delete(ImportRun).where(col(ImportRun.uploaded_at) < now - _KEPT))


def forget_person(session: Session, former: Former) -> None:
    """Whoever is pseudonymised is not named either in what was found in files. The counts stay as
    they were, and the file itself goes when its 90 days are over."""
    for run in session.exec(select(ImportRun).with_for_update(key_share=True)).all():
        kept: tuple[Any, Any] = findings.without(run.steps, run.problems, former.is_named_in)
        if kept != (run.steps, run.problems):
            run.steps, run.problems = kept
    session.flush()


def forget_files(folder: Path, *, now: datetime) -> None:
    files.forget(folder, before=now - _KEPT)


def start(
    session: Session,
    person: SignedIn,
    run_id: int,
    *,
    here: Collection[int],
    folder: Path,
    now: datetime,
) -> ImportRun:
    """From now on it is being applied, and no other may be. `here` are those that this process is
    at work on. Conflict says why it cannot be started."""
    run = queries.locked(session, run_id)
    may_import(person, run.kind)
    other = queries.running(session)
    if other is not None:
        _must_be_abandoned(other, run, here=here, now=now)
        interrupt(session, other.key, other.attempt, Interruption.STOPPED)
        session.refresh(run)
    if run.state is not RunState.READY:
        raise Conflict(_NOT_READY[run.state])
    if not (folder / run.digest).is_file():
        raise Conflict(GONE)
    run.state, run.interruption = RunState.RUNNING, None
    run.attempt += 1
    run.started_at, run.started_by_id, run.heartbeat_at = now, person.id, now
    run.done, run.total = 0, run.rows_new + run.rows_changed
    session.add(run)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_ANOTHER) from error
    return run


def is_abandoned(run: ImportRun, *, here: Collection[int], now: datetime) -> bool:
    """Nobody reads or applies it any more, though somebody once began."""
    is_under_way = run.state in (RunState.READING, RunState.RUNNING)
    return is_under_way and run.id not in here and run.heartbeat_at <= now - ABANDONED_AFTER


def note_read(session: Session, run_id: int, outcome: Outcome) -> None:
    """What was found when it was read."""
    state = RunState.FAULTY if outcome.problems else RunState.READY
    _change(session, run_id, 0, RunState.READING, state=state, **_found(outcome))


def note_refused(session: Session, run_id: int, attempt: int, outcome: Outcome) -> None:
    """When it was to be done there were problems after all, and nothing is done."""
    _change(session, run_id, attempt, RunState.RUNNING, state=RunState.FAULTY, **_found(outcome))


def note_applied(
    session: Session,
    run_id: int,
    attempt: int,
    outcome: Outcome,
    *,
    kind: SheetKind,
    by: SignedIn,
    now: datetime,
) -> None:
    """In the transaction of what was done. GivenUp where it is no longer this one's to do."""
    found = _found(outcome)
    total = found["rows_new"] + found["rows_changed"]
    ended = {"state": RunState.APPLIED, "finished_at": now, "done": total, "total": total}
    if not _change(session, run_id, attempt, RunState.RUNNING, **ended, **found):
        raise GivenUp
    applied = ImportApplied(
        subject_id=run_id,
        kind=kind,
        rows_new=found["rows_new"],
        rows_changed=found["rows_changed"],
    )
    log.record(session, applied, By(by.id), at=now)


def interrupt(session: Session, run_id: int, attempt: int, why: Interruption) -> None:
    """Nothing came of it, and it may be started again."""
    _change(session, run_id, attempt, RunState.RUNNING, state=RunState.READY, interruption=why)


def note_progress(
    session: Session, run_id: int, attempt: int, done: int, total: int, *, now: datetime
) -> None:
    """For those who ask another server than the one that is at work."""
    told = {"done": done, "total": total, "heartbeat_at": now}
    _change(session, run_id, attempt, RunState.RUNNING, **told)


def unreadable(message: Message) -> Outcome:
    """What is found in a file that cannot be read at all."""
    return Outcome.of((), (Problem(findings.WHOLE_FILE, None, message),))


def _must_be_abandoned(
    other: ImportRun, run: ImportRun, *, here: Collection[int], now: datetime
) -> None:
    if is_abandoned(other, here=here, now=now):
        return
    raise Conflict(_NOT_READY[RunState.RUNNING] if other is run else _ANOTHER)


def _found(outcome: Outcome) -> dict[str, Any]:
    return {
        "rows_new": len(outcome.created),
        "rows_changed": len(outcome.changed),
        "rows_unchanged": len(outcome.unchanged),
        "problem_count": len(outcome.problems),
        "problems": findings.problems_json(outcome.problems),
        "steps": findings.steps_json(outcome),
    }


def _change(session: Session, run_id: int, attempt: int, was: RunState, **values: Any) -> bool:
    """Whether it still was in the state, and this attempt the last one."""
    still = (
        col(ImportRun.id) == run_id,
        col(ImportRun.attempt) == attempt,
        col(ImportRun.state) == was,
    )
    changed = session.execute(update(ImportRun).where(*still).values(**values))
    assert isinstance(changed, CursorResult)
    return changed.rowcount == 1


GONE = Message("Filen er her ikke mere. Læg den op igen.")
_ANOTHER = Message("En anden fil er ved at blive indlæst. Vent, til den er færdig.")
_NOT_READY = {
    RunState.READING: Message("Filen er ikke læst endnu. Vent lidt, eller læg den op igen."),
    RunState.FAULTY: Message("Der er noget i filen, der skal rettes. Læg den så op igen."),
    RunState.RUNNING: Message("Filen er allerede ved at blive indlæst."),
    RunState.APPLIED: Message("Filen er allerede indlæst."),
}


forgetting.also(forget_person)
