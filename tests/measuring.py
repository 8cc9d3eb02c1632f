"""Which of the processes that tests start are measured for coverage: those that say so. A start
costs twice as much under it, and what most of them run is measured by tests that run it here."""

import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from coverage import Coverage

import app

_NAME = "COVERAGE_PROCESS_CONFIG"
"""What coverage leaves in the environment for the processes that are started."""

_held: dict[str, str] = {}


def measure_no_other_process() -> None:
    if _NAME in os.environ:
        _held[_NAME] = os.environ.pop(_NAME)


def measured() -> dict[str, str]:
    """For the environment of one that is."""
    return _held


def load_everything() -> None:
    """What is run of a module by loading it is measured now or never."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        import_module(module.name)


def measure_no_more() -> None:
    """What comes now goes where others have been, and is twice as fast unmeasured. Threads that are
    already there would not be measured again: the tests that are measured come first."""
    measuring = Coverage.current()
    if measuring is not None:
        measuring.stop()


@contextmanager
def unmeasured() -> Iterator[None]:
    """While nothing of the product is run, and before it has threads."""
    measuring = Coverage.current()
    if measuring is None:
        yield
        return
    measuring.stop()
    yield
    measuring.start()
