"""How imports look in JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.i18n import Locale, translate
from app.importing.columns import SheetKind
from app.importing.findings import Done, problems_of, steps_of
from app.importing.importer import Importer
from app.importing.models import ImportRun, Interruption, RunState
from app.importing.queries import Named
from app.importing.runs import is_abandoned
from app.rest.pages import PageOf

SHOWN = 200
"""So many problems are shown at once; `problem_count` is of all."""


class ImportSummary(BaseModel):
    """`done` of `total` rows are applied so far. `is_abandoned` says that whoever read or applied
    it is gone: it can be applied again, or has to be sent again. `interruption` is why nothing came
    of the last application: the server `stopped`, the database was `busy`, somebody else changed
    the same and it was `overtaken`, or it `failed`."""

    id: int
    kind: SheetKind
    filename: str
    size: int
    state: RunState
    is_abandoned: bool
    interruption: Interruption | None
    uploaded_at: datetime
    uploaded_by_id: int
    uploaded_by: str
    started_at: datetime | None
    started_by_id: int | None
    started_by: str | None
    finished_at: datetime | None
    done: int
    total: int
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    problem_count: int


class ImportProblem(BaseModel):
    """Row 0 is the file as a whole, row 1 its heading; without a column it is the whole row."""

    row: int
    column: str | None
    problem: str


class ChangedColumn(BaseModel):
    column: str
    before: str
    after: str


class ImportStep(BaseModel):
    row: int
    name: str
    columns: list[ChangedColumn]


class ImportOut(ImportSummary):
    """With the first 200 problems, or else the first 200 rows that are new and that change
    something."""

    problems: list[ImportProblem]
    new: list[ImportStep]
    changed: list[ImportStep]


class Imports(PageOf):
    items: list[ImportSummary]


def summary_json(named: Named, importer: Importer, *, now: datetime) -> dict[str, Any]:
    run, uploaded_by, started_by = named
    done, total = how_far(run, importer)
    return {
        "id": run.id,
        "kind": run.kind,
        "filename": run.filename,
        "size": run.size,
        "state": run.state,
        "is_abandoned": is_abandoned(run, here=importer.here, now=now),
        "interruption": run.interruption,
        "uploaded_at": run.uploaded_at,
        "uploaded_by_id": run.uploaded_by_id,
        "uploaded_by": uploaded_by,
        "started_at": run.started_at,
        "started_by_id": run.started_by_id,
        "started_by": started_by,
        "finished_at": run.finished_at,
        "done": done,
        "total": total,
        "rows_new": run.rows_new,
        "rows_changed": run.rows_changed,
        "rows_unchanged": run.rows_unchanged,
        "problem_count": run.problem_count,
    }


def import_json(
    named: Named, importer: Importer, *, locale: Locale, now: datetime
) -> Mapping[str, Any]:
    run = named[0]
    return {
        **summary_json(named, importer, now=now),
        "problems": [
            {"row": one.row, "column": one.column, "problem": translate(one.message, locale)}
            for one in problems_of(run.problems[:SHOWN])
        ],
        "new": _steps_json(steps_of(run.steps, "new")),
        "changed": _steps_json(steps_of(run.steps, "changed")),
    }


def how_far(run: ImportRun, importer: Importer) -> tuple[int, int]:
    """By this process's own knowledge where it is at work on it, else by the row."""
    told = importer.progress(run.key) if run.state is RunState.RUNNING else None
    if told is None or not told[1]:
        return run.done, run.total
    return told


def _steps_json(steps: Sequence[Done]) -> list[Mapping[str, Any]]:
    return [
        {
            "row": step.row,
            "name": step.name,
            "columns": [
                {"column": column, "before": before, "after": after}
                for column, before, after in step.changes
            ],
        }
        for step in steps
    ]
