"""Files that pages give away are saved, never shown, and no browser keeps a copy of its own."""

import pytest

from app.handovers.lifecycle import State
from tests.databases import ON_ONE

pytestmark = ON_ONE


@pytest.mark.parametrize("kind", ["calendar", "example", "problems"])
def test_nothing_in_a_file_may_do_anything(scene, desk_of, make, kind):
    handover, made = scene.handover(State.ACCEPTED), make.import_run(scene.secretary)
    path = {
        "calendar": f"/handovers/{handover.id}/calendar.ics",
        "example": "/imports/example/people.csv",
        "problems": f"/imports/{made.key}/problems.csv",
    }[kind]

    headers = desk_of(scene.secretary).get(path).headers

    assert headers["Content-Disposition"].startswith('attachment; filename="')
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
