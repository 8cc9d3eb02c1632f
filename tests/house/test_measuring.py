"""What SlipCover finds is handed to coverage.py as coverage.py would have found it itself."""

from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from coverage import Coverage
from slipcover import Slipcover
from slipcover.importer import SlipcoverLoader

from tests.measuring import arcs

EVERY_WAY = """
def walked(
    kind,
    many=(),
):
    if kind == "first":
        found = [
            one for one in many
        ]
    elif kind == "second":
        found = []
    for one in many:
        if one < 0:
            continue
        if one > 9:
            break
    else:
        kind = kind or "none"
    while many:
        with open(__file__) as file:
            if kind == "read":
                file.read()
        try:
            if kind == "first":
                many = many[2:]
        finally:
            many = many[1:]
    match kind:
        case "first" | "second":
            kind = "known"
        case str() as text if text:
            @staticmethod
            def inner():
                if text:
                    return 1
            inner()
    match kind:
        case "known":
            kind = 1
        case _:
            kind = 2
    if kind == 1:
        return kind

"""


@pytest.fixture(params=["first", "second", "read", "", "other", None])
def kind(request: pytest.FixtureRequest) -> str | None:
    return request.param


def spec_of(file: Path) -> ModuleSpec:
    spec = spec_from_file_location("walked", file)
    assert spec is not None
    return spec


def by_coverage(file: Path) -> Coverage:
    measuring = Coverage(data_file=None, branch=True, include=[str(file)], config_file=False)
    with measuring.collect():
        _run(spec_of(file))
    return measuring


def by_slipcover(file: Path) -> Coverage:
    probes = Slipcover(branch=True)
    spec = spec_of(file)
    spec.loader = SlipcoverLoader(probes, spec.loader, str(file))
    _run(spec)
    (seen,) = probes.get_coverage()["files"].values()
    measuring = Coverage(data_file=None, branch=True, config_file=False)
    found = arcs(file, seen["executed_lines"], seen["executed_branches"])
    measuring.get_data().add_arcs({str(file): found})
    return measuring


def _run(spec: ModuleSpec) -> None:
    assert spec.loader is not None
    spec.loader.exec_module(module_from_spec(spec))


@pytest.mark.parametrize("many", [(), (1,), (-1, 12, 3), (1, 2, 3)])
def test_the_lines_and_the_branches_are_those_of_coverage_py(tmp_path, kind, many):
    file = tmp_path / "walked.py"
    file.write_text(f"{EVERY_WAY}\n\nwalked({kind!r}, {many!r})\n")
    one, other = by_coverage(file), by_slipcover(file)
    assert one.analysis2(str(file)) == other.analysis2(str(file))
    assert one.branch_stats(str(file)) == other.branch_stats(str(file))
