"""What the pages are made of: html-validate finds nothing, whoever looks and whatever is refused.

Left to other rules: several fields of one name are a list, lists keep their role where their marks
are taken away, a word in a list may explain itself (details is no section to HTML), and how blanks
and empty elements are written is the templates' own matter.
"""

import json
import subprocess
from pathlib import Path

from app.handovers.lifecycle import State
from tests.databases import ON_ONE
from tests.node.install import PACKAGES, node

pytestmark = ON_ONE

RULES = Path(__file__).parent / "markup.json"
VALIDATOR = PACKAGES / "html-validate" / "bin" / "html-validate.mjs"


def test_every_page_is_well_made(scene, desk_of, tmp_path, make):
    waiting, taken = scene.handover(), scene.handover(State.IN_USE)
    draft = scene.handover(State.DRAFT)
    everywhere = ["/", "/board", "/board?column=delivered", "/me/sessions"]
    for place, person in enumerate((scene.leader, scene.owner, scene.giver, scene.secretary)):
        desk = desk_of(person)
        seen = [waiting, taken, *([draft] if person in (scene.giver, scene.secretary) else [])]
        for path in [*everywhere, *(f"/handovers/{one.id}" for one in seen)]:
            keep(tmp_path, f"{place}{path}", desk.get(path).text)
    page = f"/handovers/{waiting.id}"
    refused = desk_of(scene.leader).press(page, f"{page}/answer", answer="decline")
    keep(tmp_path, "refused", refused.text)
    keep(tmp_path, "lost", desk_of(scene.leader).get("/no-such", 404).text)

    assert found_in(tmp_path) == []


def keep(folder: Path, name: str, html: str) -> None:
    plain = "".join(letter if letter.isalnum() else "-" for letter in name)
    (folder / f"{plain}.html").write_text(html, "utf-8")


def found_in(folder: Path) -> list[str]:
    """What is wrong with the pages. The report is a file: a pipe may end before it does."""
    told = folder / "report.json"
    form = f"json={told}"
    command = [node(), VALIDATOR, "--config", RULES, "--formatter", form, f"{folder}/*.html"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.is_file(), run.stderr
    return [
        f"{Path(report['filePath']).stem}:{fault['line']}: {fault['message']} ({fault['ruleId']})"
        for report in json.loads(told.read_text("utf-8"))
        for fault in report["messages"]
    ]
