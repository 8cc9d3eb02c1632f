"""The figures as tables, each with whether it is what it should be. Pure."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.asks import ASKS, COLD_START, GROWTH, MEMORY, TEXTBOOK_TIMES, Ask
from bench.measuring import Result, Run

_JUDGED_AT = 100_000


def written(runs: Sequence[Run], *, machine: str) -> str:
    """Markdown. What falls short is said in the table itself."""
    parts = [f"{machine}. 16 connections, one process, signed in by API key as unit leaders."]
    for run in runs:
        parts += ["", *_run(run)]
    for kind in dict.fromkeys(run.kind for run in runs):
        parts += ["", *_growth([run for run in runs if run.kind == kind])]
    return "\n".join(parts)


def put_into(document: Path, table: str, *, name: str = "bench") -> None:
    """Between the two marks of that name in the document, in place of what is there."""
    begin, end = marks_of(name)
    before, rest = document.read_text().split(begin)
    after = rest.split(end)[1]
    document.write_text(f"{before}{begin}\n{table}\n{end}{after}")


def marks_of(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def _run(run: Run) -> Iterator[str]:
    yield f"### {_named(run.kind)}, {run.size:,} handovers"
    yield ""
    heads = ("asked for", "a second", "of bare", "wanted", "p50 ms", "p99 ms", "CPU µs", "bytes")
    yield f"| {' | '.join(heads)} | as wanted |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for ask in ASKS:
        result = run.results[ask.name]
        wanted = _wanted(run, ask)
        yield (
            f"| {ask.name} | {result.per_second:,.0f} | {result.share:.1%} "
            f"| {f'{wanted:.2%}' if wanted else ''} | {result.p50:.1f} | {result.p99:.1f} "
            f"| {result.cpu:,.0f} | {result.body:,} | {_verdict(run, ask)} |"
        )
    yield ""
    page = run.results["page"]
    if page.textbook:
        times = page.per_second / page.textbook
        yield f"The page is {times:.1f} times as fast as a textbook route."
    start = f"First answer {run.start:.2f} s after the start ({_says(run.start < COLD_START)})"
    yield f"{start}, {run.memory:.0f} MiB after the run ({_says(run.memory < MEMORY)})."


def _growth(runs: Sequence[Run]) -> Iterator[str]:
    if len(runs) < 2:
        return
    least, most = runs[0], runs[-1]
    yield f"### {_named(least.kind)}: what {most.size:,} cost beside {least.size:,}"
    yield ""
    yield "| asked for | times | as wanted |"
    yield "|---|---|---|"
    for ask in ASKS:
        times = _cost(least.results[ask.name], most.results[ask.name])
        yield f"| {ask.name} | {times:.2f} | {_says(times <= GROWTH)} |"


def _cost(least: Result, most: Result) -> float:
    """How many times as long one takes: in bare requests, so that a slower hour does not count."""
    return least.share / most.share


def _wanted(run: Run, ask: Ask) -> float | None:
    if ask.share is None:
        return None
    return ask.share if run.kind == "sqlite" else ask.share / 2


def _verdict(run: Run, ask: Ask) -> str:
    """Judged at 100,000 handovers only."""
    wanted, result = _wanted(run, ask), run.results[ask.name]
    if wanted is None or run.size != _JUDGED_AT:
        return ""
    short = []
    if result.share < wanted:
        short.append("too few")
    if ask.p99_within and result.p99 > ask.p99_within * result.p50:
        short.append("the slowest are too slow")
    if result.textbook and result.per_second < TEXTBOOK_TIMES * result.textbook:
        short.append("too near the textbook")
    return f"no: {', '.join(short)}" if short else "yes"


def _says(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _named(kind: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
