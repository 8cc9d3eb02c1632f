"""A part of the API's tests against two servers behind a proxy; `make test-pair` runs them all."""

import os
import re
import subprocess
import sys

from tests.processes import ROOT

PART = ("tests/journeys/test_two_leaders.py", "tests/rest/test_idempotency.py")


def test_whichever_server_answers_the_api_is_the_same():
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.pair_report", *PART],
        cwd=ROOT,
        env={**ours, "GAVEBORD_TEST_DATABASES": "pair"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )

    assert ended.returncode == 0, f"{ended.stdout[:9000]}\n...\n{ended.stdout[-3000:]}"
    (counts,) = re.findall(r"requests answered: (.*);", ended.stdout)
    one, other = (int(re.search(rf"\b{name} (\d+)", counts)[1]) for name in ("one", "other"))
    assert min(one, other) > 2  # Of some thirty; all to one server but two is one run in 100,000.
    assert int(re.search(r"\b(\d+) passed", ended.stdout)[1]) > 15
