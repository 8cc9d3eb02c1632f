"""What the documents tell a newcomer to type is typed, word for word, into a shell."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.databases import DATABASES, copied_database, the_demo
from tests.processes import ROOT
from tests.server import running

QUICK_START, README = ROOT / "docs" / "quickstart.md", ROOT / "README.md"
STRICT = """set -eu -o pipefail
curl() { command curl --silent --show-error --fail "$@"; }
python3() { "$PYTHON" "$@"; }
"""
"""A refusal ends it, which a person would see; the Python is the one that the product runs on."""


@pytest.fixture(params=DATABASES)
def typed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Typed"]:
    """For a fresh demo on each database."""
    with (
        copied_database(request.param, tmp_path, the_demo) as settings,
        running(settings) as address,
    ):
        keys = json.loads((settings.data_dir / "demo-keys.json").read_text("utf-8"))
        typed = Typed(f"{address}/api/v1", keys["secretary"], keys["leader"])
        with typed.secretary:
            yield typed


class Typed:
    """The commands of a document, with the demo's keys where it says to put them."""

    def __init__(self, api: str, secretary: str, leader: str) -> None:
        self.secretary = httpx.Client(
            base_url=api, headers={"Authorization": f"Bearer {secretary}"}, timeout=30
        )
        self.own = {
            "SECRETARY=gvb_...": f"SECRETARY={secretary}",
            "LEADER=gvb_...": f"LEADER={leader}",
            "API=http://127.0.0.1:8000/api/v1": f"API={api}",
        }

    def __call__(self, text: str) -> str:
        """What was answered to all of it."""
        commands = "\n".join(re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
        for said, own in self.own.items():
            assert commands.count(said) == 1, said
            commands = commands.replace(said, own)
        done = subprocess.run(
            ["bash", "-c", STRICT + commands],
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHON": sys.executable},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr + done.stdout[-500:]
        return done.stdout

    def items(self, path: str) -> list[dict[str, object]]:
        answer = self.secretary.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]


def test_the_quick_start_brings_a_gift_to_three_units_and_one_of_them_takes_it(typed):
    known = {gift["id"] for gift in typed.items("/gifts?limit=200")}

    answered = typed(QUICK_START.read_text("utf-8"))

    (gift,) = [gift for gift in typed.items("/gifts?limit=200") if gift["id"] not in known]
    handovers = typed.items(f"/handovers?gift_id={gift['id']}")
    states = {handover["unit_name"]: handover["state"] for handover in handovers}
    assert states == {
        "Ungeenheden": "delivered",
        "Voksenenheden": "accepted",
        "Familiehuset": "delivered",
    }
    assert '"missing":["contacts"]' in answered
    assert 'etag: "1"' in answered


def test_the_numbers_in_the_quick_start_are_those_of_the_demo(typed):
    (network,) = typed.items("/networks?q=voksen")
    assert (network["id"], network["name"]) == (1, "Fra ung til voksen")
    assert typed.secretary.get("/units/2").json()["name"] == "Social og Familie"
    units = {unit["id"]: unit["name"] for unit in typed.items("/units?parent_id=2")}
    said = {7: "Ungeenheden", 8: "Voksenenheden", 9: "Familiehuset"}
    assert units | said == units
    for words in ("is number 1.", "which is unit 2,", "are 7, 8 and 9.", "UNIT in 7 8 9;"):
        assert words in QUICK_START.read_text("utf-8")


def test_what_the_readme_says_to_try_works(typed):
    (_, try_it) = README.read_text("utf-8").split("## Try it\n")

    answered = typed(try_it)

    assert '"state":"acknowledged"' in answered
