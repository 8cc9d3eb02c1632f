"""What a hard-killed run of these tests leaves behind, the next one ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from tests.databases import sweep
from tests.faults.served import until

DIES = (
    "import os, signal\n"
    "from tests.databases import fresh_database\n"
    "from pathlib import Path\n"
    "with fresh_database('postgresql', Path()) as settings:\n"
    "    print(settings.database_url.split('host=')[1], flush=True)\n"
    "    os.kill(os.getpid(), signal.SIGKILL)\n"
)


def test_a_database_server_whose_tests_were_killed_is_ended_by_the_next_run():
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    died = subprocess.run(
        [sys.executable, "-c", DIES], env=alone, stdout=subprocess.PIPE, text=True, check=False
    )
    assert died.returncode == -signal.SIGKILL
    folder = Path(died.stdout.strip())
    server = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n")[0]))

    sweep()

    until(lambda: not folder.exists())
    until(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)
