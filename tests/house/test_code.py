"""Rules about the code itself that no other tool holds it to."""

import ast
import os
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
ASKS_THE_TIME = {"now", "today", "utcnow", "time", "time_ns", "localtime", "gmtime"}
NAMES_FOR_NOTHING = {"utils", "helpers", "common", "base", "types", "constants", "misc", "core"}
MAY_COMMIT = {"app/db.py", "app/migrating.py"}
MAY_LOCK_WHOLE_ROWS = {
    "app/rest/idempotency.py",
    "app/signing_in/logout.py",
    "app/signing_in/trips.py",
    "app/signing_in/who.py",
    "app/webhooks/service.py",
    "app/work/items.py",
}
"""They delete what they lock, or nobody refers to it."""


def sources(*folders: str) -> list[tuple[str, str]]:
    return [source for folder in folders for source in _sources(folder)]


@cache
def _sources(folder: str) -> list[tuple[str, str]]:
    found = []
    for at, inner, files in os.walk(ROOT / folder):
        inner[:] = sorted(set(inner) - {"vendor", "node_modules"})
        for path in (Path(at, name) for name in sorted(files) if name.endswith(".py")):
            found.append((path.relative_to(ROOT).as_posix(), path.read_text("utf-8")))
    return found


@cache
def calls(text: str) -> list[tuple[str, str]]:
    """Every call of the form `thing.name(...)` in the text, as (thing, name)."""
    return [
        (ast.unparse(node.func.value), node.func.attr)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    """A migration is not held in mind: it lists a day's tables once, and is never edited."""
    long = {
        path: text.count("\n")
        for path, text in sources("app", "tests", "frontend", "migrations")
        if text.count("\n") > LONGEST and not path.startswith("migrations/versions/")
    }
    assert long == {}


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = [
        f"{path}: {thing}.{name}()"
        for path, text in sources("app", "migrations")
        for thing, name in calls(text)
        if name in ASKS_THE_TIME and re.fullmatch(r"(\w+\.)?(datetime|date|time)", thing)
    ]
    assert asking == ["app/clock.py: datetime.now()"]


def test_every_module_says_its_rule_first() -> None:
    silent = [
        path
        for path, text in sources("app")
        if text.strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_modules_are_named_by_what_they_are_about() -> None:
    stems = {Path(path).stem for path, _ in sources("app")}
    folders = {part for path, _ in sources("app") for part in Path(path).parts[:-1]}
    assert (stems | folders) & NAMES_FOR_NOTHING == set()


def test_a_transaction_is_ended_only_where_it_was_begun() -> None:
    ending = {path for path, text in sources("app") for _, name in calls(text) if name == "commit"}
    assert ending <= MAY_COMMIT


@pytest.mark.parametrize("verb", ["add", "add_all", "delete", "execute", "exec"])
def test_routes_leave_the_database_to_verbs_and_queries(verb: str) -> None:
    touching = [
        f"{path}: {thing}.{name}()"
        for path, text in sources("app")
        if re.search(r"/(\w+_)?api\.py$", path)
        for thing, name in calls(text)
        if name == verb and thing.endswith("session")
    ]
    assert touching == []


@pytest.mark.parametrize("verb", ["add", "add_all", "delete", "flush"])
def test_queries_only_ask(verb: str) -> None:
    changing = [
        f"{path}: {thing}.{name}()"
        for path, text in sources("app")
        if path.endswith(("/queries.py", "/reading.py", "/schemas.py"))
        for thing, name in calls(text)
        if name == verb and thing.endswith("session")
    ]
    assert changing == []


def test_a_feature_with_routes_has_all_that_they_stand_on() -> None:
    features = [path.parent for path in (ROOT / "app").glob("*/api.py")]
    assert features
    for feature in features:
        there = {path.stem for path in feature.iterdir()}
        if "models" in there:
            assert {"forms", "service", "queries", "events"} <= there, feature.name


def test_no_test_is_left_out() -> None:
    left_out = [
        f"{path}: {name}"
        for path, text in sources("tests")
        for thing, name in calls(text)
        if (thing, name) in {("pytest", "skip"), ("pytest", "xfail"), ("time", "sleep")}
        or (thing == "pytest.mark" and name in {"skip", "skipif", "xfail"})
    ]
    assert left_out == []


def test_a_test_is_named_by_a_sentence() -> None:
    short = [
        f"{path}: {node.name}"
        for path, text in sources("tests")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and node.name.count("_") < 2
    ]
    assert short == []


def test_nobody_who_only_refers_to_a_row_waits_for_who_changes_it() -> None:
    """On PostgreSQL a plain FOR UPDATE waits for all who refer to the row, as to the person that a
    message is for, and two who do both wait for each other. It is for those who delete."""
    plain = {
        path
        for path, text in sources("app")
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call)
        for lock in _locks(call)
        if not re.search(r"'?(key_share|read)'?(=|: )True", lock)
    }
    assert plain == MAY_LOCK_WHOLE_ROWS


def _locks(call: ast.Call) -> list[str]:
    """How rows are locked by the call, written out."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "with_for_update":
        return [", ".join(ast.unparse(word) for word in call.keywords)]
    return [ast.unparse(word.value) for word in call.keywords if word.arg == "with_for_update"]
