"""The speed of the work as tables, each figure with whether it is what it should be. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

OURS = "gavebord"
SLOWING = 0.8
"""The last tenth of a long line is to go at least so much as fast as the first."""
_NAMES = {
    OURS: "Gavebordet",
    "procrastinate": "Procrastinate",
    "pgqueuer-2": "pgqueuer, one at a time",
    "pgqueuer": "pgqueuer, ten at a time",
}


@dataclass
class Speeds:
    """Items a second: by the number of workers and by name; and ours in each tenth of a long
    line."""

    backlog: int
    backlog_workers: int
    at: dict[int, Mapping[str, float]] = field(default_factory=dict)
    tenths: Sequence[float] = ()


def written(speeds: Speeds, *, machine: str) -> str:
    """Markdown. What falls short is said in the table itself."""
    parts = [f"{machine}. Items a second, which are taken and done with, and do nothing."]
    return "\n".join([*parts, "", *_beside(speeds), "", *_backlog(speeds)])


def _beside(speeds: Speeds) -> Iterator[str]:
    names = list(next(iter(speeds.at.values())))
    yield f"| workers | {' | '.join(_NAMES[name] for name in names)} | as wanted |"
    yield f"|---|{'---|' * len(names)}---|"
    for workers, rates in speeds.at.items():
        figures = " | ".join(f"{rates[name]:,.0f}" for name in names)
        yield f"| {workers} | {figures} | {_verdict(rates)} |"


def _verdict(rates: Mapping[str, float]) -> str:
    """Not slower than anybody; nothing where there is nobody."""
    if len(rates) == 1:
        return ""
    slower = [
        f"{_NAMES[name]} {rate / rates[OURS]:.1f} times as fast"
        for name, rate in rates.items()
        if rate > rates[OURS]
    ]
    return f"no: {', '.join(slower)}" if slower else "yes"


def _backlog(speeds: Speeds) -> Iterator[str]:
    tenths, workers = speeds.tenths, speeds.backlog_workers
    yield f"A line of {speeds.backlog:,}, {workers} workers: items a second in each tenth of it."
    yield ""
    yield f"| {' | '.join(str(place) for place in range(1, 11))} | does not slow |"
    yield f"|{'---|' * 10}---|"
    is_even = tenths[-1] >= SLOWING * tenths[0]
    yield f"| {' | '.join(f'{rate:,.0f}' for rate in tenths)} | {'yes' if is_even else 'no'} |"
