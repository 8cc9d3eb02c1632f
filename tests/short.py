"""The short form of the tests, `pytest -p tests.short`, leaves out what repeats; it says how much.

Every test is run, and every input on SQLite. On PostgreSQL, where a test has many inputs, the first
is tried: what differs there is the database, which each request of a test goes through. Who may see
what, is tried whole on both. Of the pages, the two ways to look at one take turns."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

WHOLE = ("tests/access/", "tests/house/")
_left_out: list[int] = []


def repeats(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """In the order in which they are written."""
    on_postgresql, ways = defaultdict(list), defaultdict(list)
    for item in items:
        test, params = item.nodeid.partition("[")[0], _params(item)
        if params.get("database") == "postgresql" and not test.startswith(WHOLE):
            on_postgresql[test].append(item)
        if params.keys() == {"language", "size"}:
            ways[test].append(item)
    found = [item for of_test in on_postgresql.values() for item in of_test[1:]]
    for number, of_test in enumerate(ways.values()):
        turn = of_test[number % len(of_test)]
        found += [item for item in of_test if item is not turn]
    return found


def _params(item: pytest.Item) -> dict[str, Any]:
    return item.callspec.params if hasattr(item, "callspec") else {}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before anybody else puts them in another order."""
    others = repeats(items)
    _left_out[:] = [len(others)]
    config.hook.pytest_deselected(items=others)
    gone = set(others)
    items[:] = [item for item in items if item not in gone]


def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = _left_out


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _left_out[:] = getattr(node, "workeroutput", {}).get("left_out", _left_out)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for count in filter(None, _left_out):
        terminalreporter.write_line(f"{count} that repeat others are left to `make test`.")
