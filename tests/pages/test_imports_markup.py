"""The pages on imports are well made too, whatever became of the file and whoever looks."""

from datetime import timedelta

import pytest

from app.importing.columns import SheetKind
from app.importing.models import Interruption, RunState
from app.importing.runs import ABANDONED_AFTER
from app.people.signed_in import Role
from tests.conftest import NOON
from tests.pages.test_markup import found_in, keep

pytestmark = pytest.mark.in_process("leaves what is for later undone")

STEP = [2, "<b>Nina", [["Titel", "", "Leder"], ["Navn", "Før", "Nina & Co"]]]
STEPS = {"new": [STEP] * 3, "changed": [STEP] * 3}
WRONG = [
    [0, None, {"text": "Filen er tom.", "values": {}}],
    [2, "Mail", {"text": "Nej.", "values": {}}],
]


def test_pages_on_imports_are_well_made(desk_of, make, tmp_path):
    secretary = make.secretary()
    desk = desk_of(secretary)
    begun = {"started_at": NOON, "started_by_id": secretary.key}
    gone = {**begun, "heartbeat_at": NOON - ABANDONED_AFTER - timedelta(seconds=1)}
    runs = {
        "reading": make.import_run(secretary, state=RunState.READING),
        "given-up": make.import_run(secretary, **{**gone, "state": RunState.READING}),
        "faulty": make.import_run(
            secretary, state=RunState.FAULTY, problems=WRONG, problem_count=300
        ),
        "ready": make.import_run(secretary, steps=STEPS, rows_new=5000, rows_changed=3),
        "nothing": make.import_run(secretary, rows_new=0),
        "gifts": make.import_run(secretary, kind=SheetKind.GIFTS),
        "again": make.import_run(secretary, interruption=Interruption.BUSY),
        "abandoned": make.import_run(secretary, **{**gone, "state": RunState.RUNNING}),
        "applied": make.import_run(
            secretary, state=RunState.APPLIED, finished_at=NOON, steps=STEPS, **begun
        ),
    }
    for name, run in runs.items():
        keep(tmp_path, name, desk.get(f"/imports/{run.key}").text)
    keep(tmp_path, "list", desk.get("/imports").text)
    keep(tmp_path, "refused", desk.press("/imports", "/imports").text)
    auditor = desk_of(make.person(role=Role.AUDITOR))
    for name in ("ready", "abandoned", "gifts"):
        keep(tmp_path, f"auditor-{name}", auditor.get(f"/imports/{runs[name].key}").text)
    page = f"/imports/{runs['ready'].key}"
    assert desk.press(page, f"{page}/application").status_code == 303
    keep(tmp_path, "running", desk.get(page).text)
    late = desk.send(f"{page}/application", [])
    assert late.status_code == 409
    keep(tmp_path, "twice", late.text)

    assert found_in(tmp_path) == []
