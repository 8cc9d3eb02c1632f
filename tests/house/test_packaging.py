"""What is delivered: locked, complete, and without a trace of the machine that it was made on."""

import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.build import build_wheel

ROOT = Path(__file__).resolve().parents[2]
MADE_BY_TOOLS = {
    *("node_modules", "vendor", "__pycache__", "build", "dist", "htmlcov", "data", "shots"),
}
OURS_THOUGH_HIDDEN = {".ci", ".editorconfig", ".gitattributes", ".gitignore", ".npmrc"}
NPM_PROJECTS = (ROOT / "frontend", ROOT / "tests" / "provider", ROOT / "tests" / "node")
SOMEBODYS_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/")
REGISTRY = re.compile(r"registry\.npmjs|pythonhosted\.|pypi\.(?:org|python)", re.IGNORECASE)


def test_every_locked_package_has_hashes() -> None:
    for lock in ("run", "dev", "node"):
        assert pins(lock)
        assert [pin for pin, hashes in pins(lock).items() if not hashes] == []


def test_the_locks_name_no_address() -> None:
    locks = [*(ROOT / "requirements").glob("*.txt")]
    locks += [project / "package-lock.json" for project in NPM_PROJECTS]
    assert len(locks) == 8
    assert [lock.name for lock in locks if "://" in lock.read_text("utf-8")] == []


def test_what_is_run_is_what_is_tested() -> None:
    assert pins("run").items() <= pins("dev").items()


def test_everything_asked_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run, dev = project["project"]["dependencies"], project["dependency-groups"]["dev"]
    assert {name_of(line) for line in run} <= {name_of(pin) for pin in pins("run")}
    assert {name_of(line) for line in dev} <= {name_of(pin) for pin in pins("dev")}


@pytest.mark.parametrize("project", NPM_PROJECTS, ids=lambda path: path.name)
def test_the_files_from_npm_are_pinned_and_checked_by_content(project: Path) -> None:
    wanted = json.loads((project / "package.json").read_text("utf-8"))
    asked = {**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})}
    locked = json.loads((project / "package-lock.json").read_text("utf-8"))["packages"]
    del locked[""]
    for name, version in asked.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    for package in locked.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package


def test_the_wheel_brings_all_that_the_command_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    files = zipfile.ZipFile(tmp_path / build_wheel(str(tmp_path))).namelist()
    assert {"app/cli.py", "app/locale/en.po", "migrations/env.py"} <= set(files)
    assert "app/static/vendor/manifest.json" in files
    tops = {file.split("/")[0] for file in files}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"app", "migrations"}


def test_no_file_names_somebodys_machine_or_a_registry() -> None:
    telling = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path, text in our_texts()
        for line in text.splitlines()
        if SOMEBODYS_MACHINE.search(line) or REGISTRY.search(line)
    ]
    assert telling == []


def pins(lock: str) -> dict[str, list[str]]:
    """Each `name==version` of a lock file, with its hashes."""
    found: dict[str, list[str]] = {}
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    for entry in re.split(r"\n(?=\w)", re.sub(r"(?m)^ *#.*\n?", "", text)):
        pin, *hashes = entry.split(" \\\n")
        found[pin.strip()] = [line.strip() for line in hashes if "--hash=" in line]
    return found


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def our_texts() -> Iterator[tuple[Path, str]]:
    folders = [ROOT]
    while folders:
        for path in folders.pop().iterdir():
            if path.name.startswith(".") and path.name not in OURS_THOUGH_HIDDEN:
                continue
            if path.is_dir() and path.name not in MADE_BY_TOOLS:
                folders.append(path)
            elif path.is_file():
                yield path, path.read_bytes().decode("utf-8", errors="replace")
