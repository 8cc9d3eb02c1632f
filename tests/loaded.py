"""All that a command may need, loaded once for those that are forked (tests/forked.py)."""

import gc
from importlib import import_module

for _name in ("app.__main__", "app.main", "app.commands", "app.working", "app.demo.filling"):
    import_module(_name)
gc.collect()
gc.freeze()
