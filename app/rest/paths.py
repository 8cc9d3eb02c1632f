"""Ids in paths and filters, and other whole numbers: in plain digits, so that each thing has one
address."""

import re
from typing import Annotated

from fastapi import Path, Query
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from app.text import LARGEST_ID


def _in_plain_digits(written: object) -> object:
    """Pydantic would take `1_0` for ten, and `+1`, `1.0` and ` 1` for one."""
    if isinstance(written, str) and not re.fullmatch("-?[0-9]+", written):
        raise PydanticCustomError("int_parsing", "a whole number in plain digits")
    return written


Plain = BeforeValidator(_in_plain_digits)
"""After the bounds of a number, which the OpenAPI document would not say otherwise."""
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID, examples=[7]), Plain]
QueryId = Annotated[int | None, Query(ge=1, le=LARGEST_ID, examples=[7]), Plain]
