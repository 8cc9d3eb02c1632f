"""What was found in a file, as JSON that is kept: sentences stay sentences in both languages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Message
from app.importing.outcome import Outcome, Step
from app.spreadsheet import Problem

MOST_PROBLEMS = 10_000
"""So many problems are kept of one file. Nobody corrects more of them one by one."""
MOST_STEPS = 200
"""So many new rows are kept, and so many that change something."""
NOT_NAMED = "…"
"""Instead of somebody who has been pseudonymised."""
WHOLE_FILE = 0
"""The row of a problem that is none of a row."""


@dataclass(frozen=True)
class Done:
    """A row that is new, or changes something: pairs of what was and what is, by column."""

    row: int
    name: str
    changes: Sequence[tuple[str, str, str]]


def problems_json(problems: Sequence[Problem]) -> list[Any]:
    return [
        [problem.row, problem.column, _message_json(problem.message)]
        for problem in problems[:MOST_PROBLEMS]
    ]


def problems_of(kept: Sequence[Any]) -> list[Problem]:
    return [Problem(row, column, _message(message)) for row, column, message in kept]


def steps_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "new": [_step_json(step) for step in outcome.created[:MOST_STEPS]],
        "changed": [_step_json(step) for step in outcome.changed[:MOST_STEPS]],
    }


def steps_of(kept: Mapping[str, Any], which: str) -> list[Done]:
    """Those that are `new`, or `changed`."""
    return [
        Done(row, name, [(column, before, after) for column, before, after in changes])
        for row, name, changes in kept.get(which, ())
    ]


def without(
    steps: Mapping[str, Sequence[Any]], problems: Sequence[Any], is_named_in: Callable[[str], bool]
) -> tuple[dict[str, Any], list[Any]]:
    """The same steps and problems, without who is named in them: rows that are theirs are no more
    than rows."""

    def step(row: int, name: str, changes: Sequence[Any]) -> list[Any]:
        if is_named_in(name):
            return [row, NOT_NAMED, []]
        return [row, name, [one for one in changes if not any(map(is_named_in, one))]]

    def value(kept: Any) -> Any:
        if isinstance(kept, dict):
            return {**kept, "values": {k: value(one) for k, one in kept["values"].items()}}
        return NOT_NAMED if is_named_in(str(kept)) else kept

    return (
        {which: [step(*one) for one in ones] for which, ones in steps.items()},
        [[row, column, value(message)] for row, column, message in problems],
    )


def _step_json(step: Step) -> list[Any]:
    changes = [[change.column, change.before, change.after] for change in step.changes]
    return [step.row, step.name, changes]


def _message_json(message: Message) -> Any:
    return {"text": message.text, "values": {k: _value(v) for k, v in message.values.items()}}


def _value(value: object) -> Any:
    if isinstance(value, Message):
        return _message_json(value)
    return value if isinstance(value, int) else str(value)


def _message(kept: Mapping[str, Any]) -> Message:
    values = {
        name: _message(value) if isinstance(value, dict) else value
        for name, value in kept["values"].items()
    }
    text = kept["text"]
    return Message(text, **values)
