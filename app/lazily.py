"""Modules whose libraries cost every start, and are needed at some."""

from importlib import import_module
from typing import Any


def loaded(place: str) -> Any:
    """What `module:name` names, its module imported where it was not yet. The types end here: who
    asks says what it is."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
