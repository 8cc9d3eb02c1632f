"""`python -m bench.work`: how many items a second workers do that have nothing to do, beside
pgqueuer and Procrastinate on the same server; and whether a long line slows ours."""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import work_report
from bench.__main__ import machine, say
from bench.report import put_into
from bench.work_lines import Contender, databases, product, rivals
from bench.work_report import Speeds


@dataclass(frozen=True)
class Plan:
    """So many rounds of so many items for so many workers, in each of which everybody has a turn
    before anybody has the next one; and a long line of the product's for `backlog_workers`."""

    rounds: int
    items: int
    backlog: int
    workers: Sequence[int] = (1, 2, 4)
    backlog_workers: int = 2


WHOLE = Plan(rounds=3, items=3000, backlog=100_000)
SHORT = Plan(rounds=1, items=100, backlog=200, workers=(1, 2))


def measure(contenders: Sequence[Contender], plan: Plan) -> Speeds:
    taken = Speeds(plan.backlog, plan.backlog_workers)
    with tempfile.TemporaryDirectory(prefix="gavebord-bench-") as made:
        folder = Path(made)
        with databases(contenders, folder) as urls:
            for workers in plan.workers:
                taken.at[workers] = _turns(contenders, urls, plan, workers, folder)
            ours, *_ = contenders
            moments = ours.work_off(
                urls[ours.name], plan.backlog, workers=plan.backlog_workers, folder=folder
            )
            taken.tenths = tenths_of(moments)
            say(f"{ours.name:<14} {plan.backlog:,}: {_line(taken.tenths)}")
    return taken


def _turns(
    contenders: Sequence[Contender], urls: dict[str, str], plan: Plan, workers: int, folder: Path
) -> dict[str, float]:
    """Items a second, in the middle of the rounds."""
    rates: dict[str, list[float]] = {one.name: [] for one in contenders}
    for _ in range(plan.rounds):
        for one in contenders:
            moments = one.work_off(urls[one.name], plan.items, workers=workers, folder=folder)
            rates[one.name].append(rate_of(moments))
            say(f"{one.name:<14} {workers} workers: {rates[one.name][-1]:>8,.0f}/s")
    return {name: statistics.median(found) for name, found in rates.items()}


def rate_of(moments: Sequence[float]) -> float:
    """A second, from the first to the last."""
    return (len(moments) - 1) / (moments[-1] - moments[0])


def tenths_of(moments: Sequence[float]) -> list[float]:
    """A second, in each tenth of the line."""
    each = len(moments) // 10
    return [rate_of(moments[place * each : (place + 1) * each + 1]) for place in range(10)]


def _line(tenths: Sequence[float]) -> str:
    return ", ".join(f"{rate:,.0f}" for rate in tenths)


def main() -> None:
    asked = _asked()
    contenders = [product()]
    if asked.short:
        say("The short form measures the product only.")
    else:
        contenders += rivals(asked.rivals)
    speeds = measure(contenders, SHORT if asked.short else WHOLE)
    table = work_report.written(speeds, machine=machine())
    say(table)
    if asked.write:
        put_into(asked.write, table, name="bench-work")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.work", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few items, and the product only")
    parser.add_argument("--write", type=Path, help="a document to keep the table in")
    parser.add_argument(
        "--rivals",
        type=Path,
        default=Path(".venv/rivals/bin/python"),
        help="the Python that has them; `make bench-work` installs it",
    )
    asked = parser.parse_args()
    if not (asked.short or asked.rivals.exists()):
        sys.exit(f"{asked.rivals} is not there: run `make bench-work`")
    return asked


if __name__ == "__main__":
    main()
