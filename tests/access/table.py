"""Who gets which answer, as `answers.toml` has it: rules, and which of them each route goes by."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_TOLD = tomllib.loads((Path(__file__).parent / "answers.toml").read_text("utf-8"))
COLUMNS: Mapping[str, str] = _TOLD["columns"]
OBJECTS: Mapping[str, str] = _TOLD["objects"]
ROUTES: Mapping[str, Mapping[str, Mapping[str, str]]] = _TOLD["routes"]
"""By group: each route, with the rule for each object."""


@dataclass(frozen=True)
class Rule:
    """`answers` are by column."""

    name: str
    why: str
    answers: Mapping[str, str]


def _rules() -> Iterator[Rule]:
    for name, told in _TOLD["rules"].items():
        answers = told["answers"].replace("|", " ").split()
        yield Rule(name, told["why"], dict(zip(COLUMNS, answers, strict=True)))


RULES = {rule.name: rule for rule in _rules()}
BY_ROUTE = {route: objects for group in ROUTES.values() for route, objects in group.items()}
