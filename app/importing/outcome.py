"""What a file asks for, step by step, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.spreadsheet import Problem


@dataclass(frozen=True)
class Change:
    """A column that says something new of what is there already; empty where nothing is known."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """What a row asks for. `act` does it, by the verbs; `changes` are of what is there already.
    Neither new nor changed: nothing is done."""

    row: int
    name: str
    is_new: bool
    changes: Sequence[Change]
    act: Callable[[], object]

    @property
    def changed(self) -> Sequence[str]:
        """The columns that say something new."""
        return [change.column for change in self.changes]

    @property
    def is_needed(self) -> bool:
        return self.is_new or bool(self.changes)


@dataclass(frozen=True)
class Outcome:
    """What became of the rows, or would have. With problems, nothing was done."""

    created: Sequence[Step]
    changed: Sequence[Step]
    unchanged: Sequence[Step]
    problems: Sequence[Problem]

    @classmethod
    def of(cls, steps: Sequence[Step], problems: Sequence[Problem]) -> "Outcome":
        """Rows with problems are counted as nothing else."""
        troubled = {problem.row for problem in problems}
        sound = sorted(
            (step for step in steps if step.row not in troubled), key=lambda step: step.row
        )
        return cls(
            created=[step for step in sound if step.is_new],
            changed=[step for step in sound if step.changes and not step.is_new],
            unchanged=[step for step in sound if not step.is_needed],
            problems=problems,
        )
