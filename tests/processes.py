"""The command and the reverse proxy as processes that a test starts, restarts and stops."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.serving import listen
from app.settings import Settings
from tests.databases import BUSY_KEYS
from tests.forked import GAVEBORD_ITSELF, Forked

START_WITHIN = 60
"""Seconds until a process must have answered, or ended."""
ROOT = Path(__file__).parent.parent
CADDY = Path(sys.executable).parent / "caddy"
GAVEBORD = (sys.executable, "-m", "app")


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """What a process needs to be told to run with the settings; and, where a library in C brings it
    down, to write in its log where that was."""
    return {
        **os.environ,
        "GAVEBORD_MODE": "development",
        "GAVEBORD_KEY_REQUESTS_A_MINUTE": str(BUSY_KEYS),
        "GAVEBORD_DATA_DIR": str(settings.data_dir),
        "GAVEBORD_DATABASE_URL": settings.url,
        "LANG": "C.UTF-8",
        "PYTHONFAULTHANDLER": "1",
        **more,
    }


@dataclass
class Server:
    """One `gavebord serve` at a port of its own; what it prints is in `log`. It is forked, unless
    it is of a version that lies elsewhere or is started by the program `through`."""

    settings: Settings
    folder: Path
    port: int
    more: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ("serve",)
    does: str = GAVEBORD_ITSELF
    cwd: Path = ROOT
    through: tuple[str, ...] = ()
    inherits: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / f"server-{self.port}.log"

    def start(self) -> None:
        env = environment(self.settings, GAVEBORD_PORT=str(self.port), **self.more)
        with self.log.open("ab") as log:
            if (self.cwd, self.through) == (ROOT, ()):
                self.process = Forked(self.words, env=env, log=log, does=self.does)
                return
            self.process = subprocess.Popen(
                (*self.through, *GAVEBORD, *self.words),
                cwd=self.cwd,
                env=env,
                stdout=log,
                stderr=log,
                pass_fds=self.inherits,
            )

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text("utf-8")
        return status_of(f"{self.address}/health/ready") == 200

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status, once it has ended."""
        assert self.process is not None
        self.process.send_signal(sign)
        return self.process.wait(START_WITHIN)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(START_WITHIN)


@contextmanager
def servers(
    settings: Settings, folder: Path, *, count: int = 2, **more: str
) -> Iterator[list[Server]]:
    """So many servers on one database, ready, each in a process of its own."""
    made: list[Server] = []
    try:
        for _ in range(count):
            made.append(Server(settings, folder, free_port(settings), more))
            made[-1].start()
        for server in made:
            wait_until(server.is_ready)
        yield made
    finally:
        for server in made:
            server.end()


@contextmanager
def proxy(backends: list[str], folder: Path) -> Iterator[str]:
    """Caddy as docs/operations.md has it, before these servers, without TLS; its address. Every
    answer says which server it is from: `Answered-By`."""
    port = free_port(Settings(_env_file=None))
    site = documented_site(backends).replace(
        "gavebord.kommune.example {", f"http://:{port} {{\n\tbind 127.0.0.1"
    )
    with caddy(site, folder, address=f"http://127.0.0.1:{port}") as address:
        yield address


@contextmanager
def caddy(caddyfile: str, folder: Path, *, address: str) -> Iterator[str]:
    """Until it has answered at the address, and Gavebordet behind it is alive."""
    (folder / "Caddyfile").write_text(caddyfile, "utf-8")
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(
            [CADDY, "run", "--config", "Caddyfile", "--adapter", "caddyfile"],
            cwd=folder,
            env={
                **os.environ,
                "HOME": str(folder),
                "XDG_DATA_HOME": str(folder / "caddy"),
                "XDG_CONFIG_HOME": str(folder / "caddy"),
            },
            stdout=log,
            stderr=log,
        )
    try:

        def answers() -> bool:
            assert process.poll() is None, (folder / "caddy.log").read_text("utf-8")
            return status_of(f"{address}/health/live") in (200, 308)

        wait_until(answers)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(START_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()


def documented_site(backends: list[str]) -> str:
    """What docs/operations.md gives Caddy, for these servers."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    blocks = re.findall(r"```caddyfile\n(.*?)```", text, re.DOTALL)
    (balanced,) = [block for block in blocks if "127.0.0.1:8001 127.0.0.1:8002" in block]
    hosts = " ".join(backend.removeprefix("http://") for backend in backends)
    return balanced.replace(
        "reverse_proxy 127.0.0.1:8001 127.0.0.1:8002 {",
        f"reverse_proxy {hosts} {{\n"
        "\t\theader_down Answered-By {http.reverse_proxy.upstream.hostport}",
    ).replace("admin off", "admin off\n\tpersist_config off")


def free_port(settings: Settings) -> int:
    with listen(settings.model_copy(update={"port": 0})) as listener:
        return int(listener.getsockname()[1])


def status_of(address: str) -> int | None:
    """None where nobody answers."""
    try:
        return httpx.get(address, timeout=10, verify=False).status_code  # noqa: S501 - no TLS here
    except httpx.TransportError:
        return None


def wait_until(is_so, *, within: float = START_WITHIN) -> None:
    give_up_at = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < give_up_at, "it never came to be"
        threading.Event().wait(0.05)
