"""What the documents tell a newcomer to type is typed, word for word, into a shell."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from tests.databases import DATABASES, copied_database, the_demo
from tests.processes import ROOT, START_WITHIN, free_port, status_of, wait_until
from tests.server import running

QUICK_START, README = ROOT / "docs" / "quickstart.md", ROOT / "README.md"
COMMANDS = ROOT / "docs" / "commands.md"
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


def commands_in(text: str) -> str:
    return "\n".join(re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))


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
        commands = commands_in(text)
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


def test_a_municipality_of_your_own_begins_as_the_commands_say(tmp_path):
    """Where nothing is set but the port: the data lies in the folder that one stands in."""
    (section,) = re.findall(
        r"## A municipality of your own\n(.*?)\n## ", COMMANDS.read_text("utf-8"), re.DOTALL
    )
    *first, last = commands_in(section).splitlines()
    port = free_port(Settings(data_dir=tmp_path, _env_file=None))
    env = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LANG": "en_GB.UTF-8",
        "GAVEBORD_PORT": str(port),
    }
    shell = {"env": env, "cwd": tmp_path, "stdout": subprocess.PIPE, "text": True}

    made = subprocess.run(["bash", "-ec", "\n".join(first)], check=True, timeout=120, **shell)

    key = re.findall(r"gvb_\w+", made.stdout)[0]
    serving = subprocess.Popen(["bash", "-ec", f"exec {last}"], **shell)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until(
            lambda: serving.poll() is not None or status_of(f"{address}/health/ready") == 200
        )
        me = httpx.get(f"{address}/api/v1/me", headers={"Authorization": f"Bearer {key}"})
        assert (me.json()["name"], me.json()["roles"]) == ("Signe Aaskov", ["administrator"])
        assert (tmp_path / "data" / "gavebord.db").exists()
    finally:
        serving.terminate()
        serving.communicate(timeout=START_WITHIN)
