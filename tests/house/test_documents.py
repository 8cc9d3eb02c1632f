"""What the documents say exists, exists; and what exists, they tell of."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from app.db import _OPTIONS
from app.eventlog.log import CATALOG
from app.main import ROUTERS
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def rows(document: Path) -> dict[str, list[str]]:
    """The rows of its tables by the code word in the first column."""
    found = {}
    for line in document.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if word := re.fullmatch("`([^`]+)`", cells[0]):
            assert word[1] not in found, f"{document.name} tells twice of {word[1]}"
            found[word[1]] = cells[1:]
    return found


def test_every_event_is_told_of_with_what_it_carries() -> None:
    told = rows(DOCS / "reference" / "events.md")
    assert told.keys() == CATALOG.keys()
    for kind, event in CATALOG.items():
        carried = {field.name for field in fields(event)} - {"subject_id", "handover_id"}
        when, data = told[kind]
        assert when
        assert set(re.findall("`([a-z_]+)`", data)) == carried, kind


def test_every_setting_is_told_of_with_its_default() -> None:
    told = rows(DOCS / "reference" / "settings.md")
    defaults = {
        f"GAVEBORD_{name.upper()}": str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert {name: cells[0].strip("`") for name, cells in told.items()} == defaults
    assert all(field.description for field in Settings.model_fields.values())


def test_what_postgresql_is_asked_for_can_be_set_on_the_role_instead() -> None:
    page = (DOCS / "operations.md").read_text("utf-8")
    told = re.findall(r"^ALTER ROLE gavebord SET (\w+) = '(.+)';$", page, re.MULTILINE)
    assert told == re.findall(r"-c (\w+)=(\S+)", _OPTIONS)


@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        ("nginx", "    proxy_set_header X-Forwarded-For $remote_addr;\n"),
        ("haproxy", "    http-request set-header X-Forwarded-For %[src]\n"),
    ],
)
def test_a_proxy_says_who_asks_and_not_what_they_say_of_themselves(proxy: str, says: str) -> None:
    """tests/journeys/test_forwarded.py asks through Caddy, which says it unasked."""
    page = (DOCS / "operations.md").read_text("utf-8")
    (block,) = re.findall(rf"```{proxy}\n(.*?)```", page, re.DOTALL)
    assert block.count(says) == 1
    # In nginx a location with such a line of its own would have none of the server's.
    assert "        proxy_set_header" not in block
    (caddy,) = re.findall(r"```caddyfile\n(.*?)```", page, re.DOTALL)
    assert not re.search("header_up|trusted_proxies", caddy)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_points_only_at_what_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (document.parent / target).exists(), target
    assert text.startswith("# ")
    assert EMOJI.findall(text) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_only_routes_that_are_there(document: Path) -> None:
    paths = [re.sub(r"\{\w+\}", "{}", route.path) for router in ROUTERS for route in router.routes]
    known = {*paths, "/api/v1/openapi.json", "/api/v1"}
    for path in re.findall(r"/api/v1(?:/[\w{}$-]+)*(?:\.json)?", document.read_text("utf-8")):
        plain = re.sub(r"/(?:\d+|\{\w+\}|\$\w+)(?=/|$)", "/{}", path)
        assert plain in known, path


def test_every_decision_is_reached_from_the_list_of_them() -> None:
    decisions = DOCS / "decisions"
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (decisions / "README.md").read_text("utf-8")))
    assert listed == {path.name for path in decisions.glob("*.md")} - {"README.md"}
