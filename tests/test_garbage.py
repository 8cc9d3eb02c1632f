"""Garbage is looked for between two steps, and never in the middle of one."""

import subprocess
import sys
import textwrap

TWO_AT_ONE_OBJECT = """
    import gc, threading
    from app.garbage import look_between_steps

    class Shared:
        def __init__(self):
            self.word = "shared"

    class Garbage:
        def __init__(self):
            self.itself = self

        def __del__(self):  # As where a connection is given back, which waits for a lock.
            is_found.set()
            was_asked.wait(10)

    def ask():
        is_found.wait(10)
        seen.append(shared.__dict__)
        was_asked.set()

    shared, seen = Shared(), []
    is_found, was_asked = threading.Event(), threading.Event()
    other = threading.Thread(target=ask)
    other.start()
    gc.collect()  # Python has no spare dictionaries after it: the next one needs memory.
    gc.disable()
    Garbage()
    gc.set_threshold(1)
    {looking}
    seen.append(shared.__dict__)
    other.join()
    print(seen[0] is seen[1])
"""

STILL_FOUND = """
    import threading, weakref
    from app.garbage import look_between_steps

    class Garbage:
        pass

    look_between_steps()
    gone = threading.Event()
    one = Garbage()
    one.itself = one
    weakref.finalize(one, gone.set)
    del one
    print(gone.wait(30))
"""


def said(program):
    words = [sys.executable, "-c", textwrap.dedent(program)]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout.strip() == "True"


def test_two_threads_see_one_object_alike_while_garbage_is_looked_for():
    assert said(TWO_AT_ONE_OBJECT.format(looking="look_between_steps()"))


def test_python_by_itself_lets_them_see_two_up_to_3_11():
    looked_for_anywhere = said(TWO_AT_ONE_OBJECT.format(looking="gc.enable()"))
    assert looked_for_anywhere == (sys.version_info >= (3, 12))


def test_garbage_is_still_found():
    assert said(STILL_FOUND)
