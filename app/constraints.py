"""How a rule is written for the database, which refuses what breaks it. Pure: no database."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint


def among(column: str, words: Iterable[StrEnum]) -> str:
    """That the column holds one of the words."""
    listed = ", ".join(f"'{word}'" for word in sorted(words))
    return f"{column} IN ({listed})"


def versions_rise() -> CheckConstraint:
    return CheckConstraint("version >= 1", "versions_count_from_one")
