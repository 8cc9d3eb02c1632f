"""Disks that are full, and folders that cannot be written, for root and for everybody else."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SIZE = 16
"""MiB on the small disk."""

# Root may write what nobody may write; without these two it is as everybody else.
_WITHOUT_PRIVILEGE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
AS_ANYBODY = _WITHOUT_PRIVILEGE if os.geteuid() == 0 else ()

# In a world of its own an ordinary user may mount too. What is there already, comes along.
_MOUNTED = (
    f'exec 9<"$1" && mount -t tmpfs -o size={SIZE}m tmpfs "$1" && cp -a /proc/self/fd/9/. "$1"'
    ' && shift && exec 9<&- "$@"'
)


class Disk(Protocol):
    """A disk that a server has its data on, through the command that starts the server."""

    through: tuple[str, ...]

    def fill(self, pid: int) -> None: ...

    def empty(self, pid: int) -> None: ...


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """The folder as a disk of few MiB, by what this machine allows: a mount, a mount in a
    namespace of its own, or else a limit on how large files may get."""
    if _succeeds("mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)):
        try:
            yield Mounted(folder)
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    elif _succeeds("unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", str(folder)):
        yield Mounted(folder, ("unshare", "-Urm", "sh", "-c", _MOUNTED, "sh", str(folder)))
    else:
        yield Limited()


@dataclass
class Mounted:
    """A real file system, on which there is no more room."""

    folder: Path
    through: tuple[str, ...] = ()

    def fill(self, pid: int) -> None:
        with self._filler(pid).open("wb", buffering=0) as file:
            for size in (65536, 512):
                try:
                    while file.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def empty(self, pid: int) -> None:
        self._filler(pid).unlink()

    def _filler(self, pid: int) -> Path:
        """As the server sees its disk, also where it alone does."""
        return Path(f"/proc/{pid}/root{self.folder}/filler")


@dataclass
class Limited:
    """No file of the server may grow beyond `room` bytes: the system refuses the write, as a full
    disk does."""

    room: int = 1024
    through: tuple[str, ...] = ()

    def fill(self, pid: int) -> None:
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (self.room, most))

    def empty(self, pid: int) -> None:
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def not_writable(path: Path) -> Iterator[None]:
    """Nobody but root may write it; and root may not either who is `AS_ANYBODY`."""
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        path.chmod(mode)


def _succeeds(*words: str) -> bool:
    if shutil.which(words[0]) is None:
        return False
    return subprocess.run(words, capture_output=True, check=False).returncode == 0
