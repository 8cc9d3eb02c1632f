"""docs/access.md, made of the table: `python -m tests.access` writes it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.access.table import COLUMNS, OBJECTS, ROUTES, RULES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "access.md"
_BEFORE = """# Who may do what

Every route of the API, everybody who may ask, and the answer. This page is made of
`tests/access/answers.toml`, which a test holds against the product on both databases; the rules are
those of [the domain](domain.md).

A route goes by a rule, which may be another one for a draft than for what has been given. Find the
route further down, and the rule's row in the first table.

## The rules

`ok` is the answer that the route promises: 200, 201, 202 or 204. `out` is a list without what may
not be seen. 401 is that nobody is signed in, 403 that it is not theirs to do, 404 that it does not
exist, or that they may not know that it does. 409 is that it is theirs, and not possible in this
state; 422 that what they sent names something that they do not see.
"""
_COLUMNS = """## Who they are

Each of them is one thing only. Who is more than one, may do what any of them may; but an auditor
changes nothing, and an owner confirms nothing.
"""
_OBJECTS = "## Whose it is\n"
_ROUTES = "## The routes\n"


def page() -> str:
    parts = [_BEFORE, *_rules(), _COLUMNS, _defined("who", COLUMNS.items()), _OBJECTS]
    parts += [_defined("what", [(name or "-", what) for name, what in OBJECTS.items()]), _ROUTES]
    return "\n".join([*parts, *_routes()])


def _rules() -> Iterator[str]:
    """Those who are not signed in, or only read, are told the same so often that they come last."""
    columns = list(COLUMNS)
    columns = columns[3:] + columns[:3]
    rows = [
        [f"**{name}**", *(rule.answers[who] for who in columns)] for name, rule in RULES.items()
    ]
    yield _table(["rule", *columns], rows)
    yield "What each rule says:\n"
    yield "\n".join(f"- **{rule.name}**: {rule.why}" for rule in RULES.values()) + "\n"


def _routes() -> Iterator[str]:
    for group, routes in ROUTES.items():
        yield f"### {group}\n"
        rows = [
            [f"`{route}`" if place == 0 else "", what or "-", rule]
            for route, objects in routes.items()
            for place, (what, rule) in enumerate(objects.items())
        ]
        yield _table(["route", "whose", "rule"], rows)


def _defined(title: str, told: Iterable[tuple[str, str]]) -> str:
    return _table([title, "is"], [[f"**{name}**", what] for name, what in told])


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
