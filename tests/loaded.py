"""All that a command may need, loaded once for those that are forked (tests/forked.py)."""

import gc

gc.collect()
gc.freeze()
