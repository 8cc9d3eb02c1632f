"""`gavebord WORDS` as a process of its own, without the seconds of loading the product: it is
forked from a process that has it loaded. Its signals, files and end are its own."""

import faulthandler
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from multiprocessing.reduction import DupFd
from typing import IO, Any

from app import clock
from app.lazily import loaded

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.loaded"])
GAVEBORD_ITSELF = "app.__main__:main"


def forked(what: Callable[..., object], *words: str, within: float | None = 120) -> int:
    """It is done in such a process, which has ended then, or is killed after so many seconds; its
    status, below 0 where a signal has killed it. `what` is of a module: so it can go over."""
    process = _FORKING.Process(target=what, args=words)
    process.start()
    process.join(within)
    process.kill()  # Whoever has ended does not hear it.
    process.join()
    assert process.exitcode is not None
    return process.exitcode


class Forked:
    """What the tests ask of a `subprocess.Popen`."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        env: Mapping[str, str],
        log: IO[bytes] | None = None,
        ahead: timedelta = timedelta(),
        does: str = GAVEBORD_ITSELF,
    ) -> None:
        """What it prints can be read from `stdout`; or that and what it complains of goes to the
        log. Its clock is so far ahead. Where it is not `gavebord`, it does what that place says."""
        self.stdout: IO[str] | None = None
        self._ahead, self._does = ahead, does
        self.returncode: int | None = None
        if log is not None:
            self._start(words, env, log.fileno(), is_all=True)
            return
        reading, writing = os.pipe()
        self.stdout = os.fdopen(reading, encoding="utf-8")
        try:
            self._start(words, env, writing, is_all=False)
        finally:
            os.close(writing)

    def _start(
        self, words: Sequence[str], env: Mapping[str, str], out: int, *, is_all: bool
    ) -> None:
        begun = _Begun(list(words), dict(env), out, is_all, self._ahead, self._does)
        self._process = _FORKING.Process(target=begun)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        self.returncode = self._process.exitcode
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        ended = self.poll()
        if ended is None:
            assert timeout is not None
            raise subprocess.TimeoutExpired("gavebord", timeout)
        return ended

    def send_signal(self, sign: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sign)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Begun:
    """What the new process does; the file that it prints to goes over to it."""

    def __init__(
        self,
        words: list[str],
        env: dict[str, str],
        out: int,
        is_all: bool,
        ahead: timedelta,
        does: str,
    ) -> None:
        self.words, self.env, self.is_all, self.ahead = words, env, is_all, ahead
        self.does = does
        self.out: Any = out

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "out": DupFd(self.out)}

    def __call__(self) -> None:
        os.environ.clear()
        os.environ.update(self.env)
        out = self.out.detach()
        os.dup2(out, 1)
        if self.is_all:
            os.dup2(out, 2)
        os.close(out)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
        if "PYTHONFAULTHANDLER" in self.env:
            faulthandler.enable(file=2)
        asked = clock.now
        if self.ahead:
            clock.now = lambda: asked() + self.ahead
        sys.argv = ["gavebord", *self.words]
        loaded(self.does)()
