"""A worker of the product that does nothing with each item: `python -m bench.work_product URL
WHERE`, where it is noted when each was taken."""

import sys
import threading
import time
from array import array
from contextlib import closing

from app.db import Database
from app.settings import Settings
from app.work.kinds import Kind, Task
from app.work.worker import Worker
from bench.work_hands import KIND, THREADS, note, wait_for_the_word, when_told


def main(url: str, where: str) -> None:
    taken = array("d")

    def nothing(task: Task) -> None:
        taken.append(time.monotonic())

    told = threading.Event()
    when_told(told.set)
    with closing(Database(Settings(database_url=url, _env_file=None))) as database:
        worker = Worker(database, [Kind(KIND, nothing)], lease_seconds=60, threads=THREADS)
        wait_for_the_word()
        worker.start()
        told.wait()
        worker.stop()
    note(taken, where)


if __name__ == "__main__":
    main(*sys.argv[1:])
