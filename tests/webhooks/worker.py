"""The product's own worker as a process that a test kills."""

import sys
import threading
from contextlib import closing

from app.chores import worker_on
from app.db import Database
from app.settings import Settings


def main() -> None:
    data_dir, database_url, allowed = sys.argv[1:]
    settings = Settings(
        mode="development",
        data_dir=data_dir,
        database_url=database_url,
        webhook_allowed=allowed,
        work_lease_seconds=2,
        work_threads=1,
        _env_file=None,
    )
    with closing(Database(settings)) as database:
        worker_on(database, settings).start()
        threading.Event().wait()
