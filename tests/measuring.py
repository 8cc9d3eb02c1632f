"""Which of the processes that tests start are measured for coverage: those that say so. A start
costs twice as much under it, and what most of them run is measured by tests that run it here."""

import os

from coverage import Coverage

_NAME = "COVERAGE_PROCESS_CONFIG"
"""What coverage leaves in the environment for the processes that are started."""

_held: dict[str, str] = {}


def measure_no_other_process() -> None:
    if _NAME in os.environ:
        _held[_NAME] = os.environ.pop(_NAME)


def measured() -> dict[str, str]:
    """For the environment of one that is."""
    return _held


def measure_no_more() -> None:
    """What comes now goes where others have been, and is twice as fast unmeasured. Threads that are
    already there would not be measured again: the tests that are measured come first."""
    measuring = Coverage.current()
    if measuring is not None:
        measuring.stop()
