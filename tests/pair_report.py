"""A plugin for a run against two servers: `pytest -p tests.pair_report`. It keeps to the tests of
the API, tells which of them cannot be run so and why, and fails unless both servers answered."""

from collections import Counter
from typing import Any

import pytest

from tests.pair import answered

left_out: dict[str, str] = {}
_answered: Counter[str] = Counter()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, others = [], []
    for item in items:
        mark = item.get_closest_marker("in_process")
        if mark is not None and _asks_the_api(item):
            left_out[item.nodeid] = mark.args[0]
        is_run = mark is None and _asks_the_api(item)
        (kept if is_run else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = kept


def _asks_the_api(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    serves = "own_database" in names and hasattr(getattr(item, "module", None), "running")
    return "wired" in names or serves


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["pair"] = (dict(answered), left_out)
        return
    _answered.update(answered)
    if exitstatus == 0 and not (_answered["one"] and _answered["other"]):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    counts, names = getattr(node, "workeroutput", {}).get("pair", ({}, {}))
    _answered.update(counts)
    left_out.update(names)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    say = terminalreporter.write_line
    terminalreporter.section("two servers behind a proxy")
    for name, reason in sorted(left_out.items()):
        say(f"not run: {name}: {reason}")
    counts = ", ".join(f"{name} {count}" for name, count in sorted(_answered.items()))
    say(f"requests answered: {counts or 'none'}; tests of the API not run: {len(left_out)}")
