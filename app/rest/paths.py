"""Ids in paths and filters."""

from typing import Annotated

from fastapi import Path, Query

from app.text import LARGEST_ID

PathId = Annotated[int, Path(ge=1, le=LARGEST_ID, examples=[7])]
QueryId = Annotated[int | None, Query(ge=1, le=LARGEST_ID, examples=[7])]
