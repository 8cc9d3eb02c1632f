"""When garbage is looked for in a process that has several threads.

Up to Python 3.11 that begins in the middle of whatever asks for memory, and what is finalised may
let another thread in: see docs/decisions/garbage-between-steps.md for what the process dies of.
From 3.12 on, Python itself waits until the step that it is at has ended.
"""

import gc
import sys
import time
from functools import cache
from itertools import count
from threading import Thread


@cache
def look_between_steps() -> None:
    """From now on, and until the process ends."""
    if sys.version_info < (3, 12):
        gc.disable()
        Thread(target=_look, name="garbage", daemon=True).start()


def _look() -> None:
    """What has just been made is looked at most often, as Python does it."""
    for turn in count(1):
        time.sleep(_PAUSE)
        gc.collect(2 if turn % _ALL == 0 else 1 if turn % _SOME == 0 else 0)


_PAUSE = 0.1
_SOME, _ALL = 10, 100
