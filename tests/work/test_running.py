"""The worker as people start it: within the product, and as a command of its own."""

import pytest
from sqlmodel import select

from app.chores import SCHEDULES
from app.db import Database
from app.work.models import WorkTick
from tests.databases import DATABASES, fresh_database
from tests.forked import Forked
from tests.processes import environment, free_port, wait_until
from tests.server import command
from tests.work.steps import left

ALL = {schedule.name for schedule in SCHEDULES}


def heard(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.exec(select(WorkTick.schedule)))


def test_the_product_does_its_work_by_itself(tmp_path):
    with fresh_database("sqlite", tmp_path) as settings:
        database, port = Database(settings), str(free_port(settings))
    with command("run", "--port", port, data_dir=tmp_path):
        wait_until(lambda: heard(database) == ALL and not left(database))
        database.close()


@pytest.mark.parametrize("own_database", DATABASES[-1:], indirect=True)
def test_the_command_works_until_it_is_told_to_stop(own_database, tmp_path):
    log_file = tmp_path / "log"
    with log_file.open("wb") as log:
        process = Forked(["worker"], env=environment(own_database.info["settings"]), log=log)
    try:
        wait_until(lambda: heard(own_database) == ALL and not left(own_database))
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
    (said,) = log_file.read_text("utf-8").splitlines()
    assert said.startswith("Arbejder på det, der venter.")
