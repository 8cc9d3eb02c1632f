"""Which lines and branches of the product are run: `pytest -p tests.measuring`, then `coverage
report`.

SlipCover writes probes into what is loaded of the product, and nothing else is slower for it;
coverage.py is told of every line of every library, which makes a test twice as slow on Python 3.11.
What was found is handed to coverage.py, which knows what counts and what is left out."""

import ast
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import slipcover
from coverage import Coverage, CoverageData
from coverage.python import PythonFileReporter

HERE = Path(__file__).parent.parent
_PRODUCT = HERE / "app"
_NEVER = 2**30
"""How often a probe is passed in vain before it is taken out, which costs more than passing it."""

Found = dict[str, tuple[list[int], list[tuple[int, int]]]]
"""Of each file the lines that were run, and the branches: the line of an `if`, a loop or a `match`,
and the line where it went on, which is 0 when it left."""

_probes: list[slipcover.Slipcover] = []
_found: dict[str, tuple[set[int], set[tuple[int, int]]]] = defaultdict(lambda: (set(), set()))


def measured() -> dict[str, str]:
    """For the environment of a process that is measured too, by coverage.py itself: the others that
    the tests start are not, for they run what is measured here."""
    return {"COVERAGE_PROCESS_START": str(HERE / "pyproject.toml")} if _probes else {}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before anything of the product is loaded, in each process that runs tests."""
    is_shared_out = getattr(early_config.known_args_namespace, "numprocesses", None)
    if is_shared_out and "PYTEST_XDIST_WORKER" not in os.environ:
        return
    assert "app" not in sys.modules, "another plugin has loaded the product before it was measured"
    probes = slipcover.Slipcover(branch=True, d_miss_threshold=_NEVER)
    slipcover.ImportManager(probes, slipcover.FileMatcher(sources=[_PRODUCT])).__enter__()
    _probes.append(probes)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    for probes in _probes:
        found = {
            file: (seen["executed_lines"], seen["executed_branches"])
            for file, seen in probes.get_coverage()["files"].items()
        }
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is None:
            _add(found)
        else:
            output["measured"] = found
    if _found:
        _write()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _add(getattr(node, "workeroutput", {}).get("measured", {}))


def _add(found: Found) -> None:
    for file, (lines, branches) in found.items():
        _found[file][0].update(lines)
        _found[file][1].update((here, there) for here, there in branches)


def _write() -> None:
    data = CoverageData(suffix=True)
    data.add_arcs({str(HERE / file): arcs(HERE / file, *seen) for file, seen in _found.items()})
    data.touch_files(map(str, _PRODUCT.rglob("*.py")))  # What was never loaded counts too.
    data.write()


def arcs(
    file: Path, lines: Iterable[int], branches: Iterable[tuple[int, int]]
) -> set[tuple[int, int]]:
    """What coverage.py would have found where SlipCover found this."""
    reporter = PythonFileReporter(str(file), Coverage())
    ways: dict[int, set[int]] = defaultdict(set)
    for here, there in reporter.arcs():
        ways[here].add(there)
    inside, cases, defined = _shape(ast.parse(reporter.source()))
    run = {(-1, line) for line in lines}
    for here, line in branches:
        there = defined.get(line, line)
        if here in cases:  # A `match`: past each case until the one that fits.
            for case in cases[here]:
                into = {inside[case]} if inside[case] == there else ways[case] - {inside[case]}
                run |= {(case, out) for out in into}
                if inside[case] == there:
                    break
        elif there in ways[here]:
            run.add((here, there))
        else:  # Out of a `with`, a `try` or a function: whatever way is not inside.
            run |= {(here, out) for out in ways[here] - {inside.get(here)}}
    return run


def _shape(tree: ast.Module) -> tuple[dict[int, int], dict[int, list[int]], dict[int, int]]:
    """The first line inside each `if`, loop and case; the cases of each `match`; and the first line
    of what is decorated, by the line of its name."""
    inside, cases, defined = {}, {}, {}
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While):
            inside[node.lineno] = node.body[0].lineno
        elif isinstance(node, ast.Match):
            cases[node.lineno] = [case.pattern.lineno for case in node.cases]
            inside |= {case.pattern.lineno: case.body[0].lineno for case in node.cases}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            defined[node.lineno] = min(one.lineno for one in (node, *node.decorator_list))
    return {line: defined.get(first, first) for line, first in inside.items()}, cases, defined
