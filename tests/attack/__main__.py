"""`make attack`: sqlmap and wapiti against the product with its demo, on both databases.

Nothing may be found, nothing may fail unexpectedly, and both must find the hole in the control.
"""

import csv
import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from app import clock
from app.db import Database
from app.demo import filling
from app.migrating import migrate
from tests.attack.control import leaky
from tests.attack.targets import targets
from tests.databases import DATABASES, fresh_database
from tests.hostile.everything import key_to_everything
from tests.server import running

PROGRAMS = Path(".venv/attack/bin").resolve()
MINUTES = float(os.environ.get("ATTACK_MINUTES", "10"))
"""The most that one program may take against one database."""
# Left out: those that need a service outside the machine to call back (ssrf, xxe, log4shell,
# spring4shell), those about TLS, which the proxy in front has, and those about other products.
MODULES = (
    "sql,timesql,xss,permanentxss,exec,file,redirect,crlf,ldap,shellshock,upload,"
    "http_headers,csp,cookieflags,htaccess,backup"
)
"""Not csrf: it looks for a token in each form, and ours are known by their origin, which
tests/signing_in/test_origin.py and tests/browser/test_forged_forms.py try."""


# Both end by themselves when their time is up and what they have begun is done.
_PATIENCE = 6


class Unexpected(logging.Handler):
    """Remembers what the product says it did not expect."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.getMessage()}: {record.exc_info and record.exc_info[1]!r}")


def main() -> int:
    unexpected = Unexpected()
    logging.getLogger("app").addHandler(unexpected)
    with tempfile.TemporaryDirectory(prefix="gavebord-attack-") as folder, leaky() as control:
        hole = [(f"{control}/?id=1", "id")]
        trouble = _missed("sqlmap", sqlmap(hole, "", "sqlite", Path(folder) / "control-sqlmap"))
        trouble += _missed("wapiti", wapiti(control, hole, "", Path(folder) / "control-wapiti"))
        for kind in DATABASES:
            trouble += _attacked(kind, Path(folder) / kind)
    trouble += unexpected.said
    for line in trouble:
        print(f"FOUND: {line}")
    print(f"{len(trouble)} findings.")
    return 1 if trouble else 0


def _missed(program: str, found: list[str]) -> list[str]:
    return [] if found else [f"{program} did not find the hole in the control"]


def _attacked(kind: str, folder: Path) -> list[str]:
    folder.mkdir()
    with fresh_database(kind, folder) as settings:
        database = Database(settings)
        migrate(database)
        filling.fill(database, data_dir=folder, now=clock.now())
        headers = {"Authorization": f"Bearer {key_to_everything(database)[1]}"}
        database.close()
        with (
            running(settings) as address,
            httpx.Client(base_url=address, headers=headers, timeout=30) as client,
        ):
            found = [(f"{address}{path}", name) for path, name in targets(client)]
            print(f"{kind}: {len(found)} parameters and paths at {address}", flush=True)
            trouble = sqlmap(found, headers["Authorization"], kind, folder / "sqlmap")
            return trouble + wapiti(address, found, headers["Authorization"], folder / "wapiti")


def sqlmap(
    found: list[tuple[str, str | None]], authorization: str, kind: str, folder: Path
) -> list[str]:
    """The parameters and paths that sqlmap calls injectable."""
    folder.mkdir()
    listed, results = folder / "targets.txt", folder / "results.csv"
    listed.write_text("\n".join(address if name else f"{address}*" for address, name in found))
    told = _run(
        folder,
        "sqlmap",
        *("-m", str(listed), "--batch", "--disable-coloring", "--flush-session"),
        *("--headers", f"Authorization: {authorization}", "--dbms", kind),
        *("--level", "2", "--risk", "1", "--technique", "BEUST", "--time-sec", "2"),
        *("--answers", "custom injection marker=Y,do you want to test this URL=Y"),
        *("--output-dir", str(folder / "output"), "--results-file", str(results)),
    )
    tried = told.count("testing if ") + told.count("testing for SQL injection on")
    print(f"  sqlmap: {len(found)} targets, {tried} tests begun", flush=True)
    trouble = (
        [] if tried >= len(found) else [f"sqlmap on {kind} tried only {tried}: {told[-2000:]}"]
    )
    if results.exists():
        with results.open(newline="") as file:
            rows = [row for row in csv.DictReader(file) if row.get("Parameter")]
        trouble += [f"sqlmap on {kind}: {row}" for row in rows]
    return trouble


def wapiti(
    address: str, found: list[tuple[str, str | None]], authorization: str, folder: Path
) -> list[str]:
    """What wapiti calls a weakness or an anomaly."""
    folder.mkdir()
    report = folder / "report.json"
    described = ["--swagger", f"{address}/api/v1/openapi.json"] if authorization else []
    starts = [part for start, _ in found for part in ("-s", start)]
    told = _run(
        folder,
        "wapiti",
        *("-u", f"{address}/", *described, *starts),
        *("-H", f"Authorization: {authorization}", "-m", MODULES, "-l", "2", "--scope", "folder"),
        *("--flush-session", "--store-session", str(folder), "--store-config", str(folder)),
        *("--max-scan-time", str(MINUTES * 60), "--max-attack-time", str(MINUTES * 6)),
        *("--no-bugreport", "--timeout", "10"),
        *("-f", "json", "-o", str(report)),
    )
    if not report.exists():
        return [f"wapiti gave no report: {told[-2000:]}"]
    said = json.loads(report.read_text())
    print(f"  wapiti: {said['infos'].get('crawled_pages_nbr')} pages", flush=True)
    return [
        f"wapiti: {name}: {entry['method']} {entry['path']} {entry['parameter']}: {entry['info']}"
        for group in ("vulnerabilities", "anomalies")
        for name, entries in said[group].items()
        for entry in entries
    ]


def _run(folder: Path, program: str, *words: str) -> str:
    """Everything that the program says; stopped when it takes far too long."""
    with (folder / "log.txt").open("w") as log:
        subprocess.run(
            [PROGRAMS / program, *words],
            cwd=folder,
            env={**os.environ, "HOME": str(folder)},
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=MINUTES * 60 * _PATIENCE,
            check=False,
        )
    return (folder / "log.txt").read_text(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
