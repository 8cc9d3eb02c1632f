"""`python -m bench`: seeds, measures, and says what it came to."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from app import clock
from app.db import Database
from bench import report
from bench.load import WrkIsMissing
from bench.measuring import Plan, Run, Seeded, measure
from bench.seeding import seed
from bench.world import World
from tests.databases import fresh_database

WHOLE = Plan(rounds=3, seconds=3, starts=5)
SHORT = Plan(rounds=1, seconds=1, starts=1, once=300, is_warmed=False)


def main() -> None:
    asked = _asked()
    plan = SHORT if asked.short else WHOLE

    def each(kind: str) -> list[Run]:
        return _run(kind, asked.sizes, plan)

    # Beside each other, where it is only tried whether all of it still works.
    try:
        with ThreadPoolExecutor(len(asked.databases) if asked.short else 1) as threads:
            runs = [run for kind in threads.map(each, asked.databases) for run in kind]
    except WrkIsMissing as error:
        sys.exit(str(error))
    table = report.written(runs, machine=machine())
    say(table)
    if asked.raw:
        asked.raw.write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n")
    if asked.write:
        report.put_into(asked.write, table)


def _run(kind: str, sizes: Sequence[int], plan: Plan) -> list[Run]:
    today = clock.local_day(clock.now())
    with ExitStack() as stack:
        seeded = [stack.enter_context(_seeded(kind, World(size, today))) for size in sizes]
        return measure(kind, seeded, plan=plan, say=say)


@contextmanager
def _seeded(kind: str, world: World) -> Iterator[Seeded]:
    with (
        tempfile.TemporaryDirectory(prefix="gavebord-bench-") as folder,
        fresh_database(kind, Path(folder)) as settings,
    ):
        say(f"{kind} {world.size:>9,} seeding ...")
        database = Database(settings)
        seed(database, world)
        database.close()
        yield Seeded(world, settings.data_dir, settings.url)


def machine() -> str:
    now = clock.now()
    cores = os.cpu_count()
    return f"Python {platform.python_version()}, {cores} cores, {now:%d.%m.%Y}"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--short", action="store_true", help="one short round of each")
    parser.add_argument("--write", type=Path, help="a document to keep the table in")
    parser.add_argument("--raw", type=Path, help="a file to keep the figures in, as JSON")
    return parser.parse_args()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
