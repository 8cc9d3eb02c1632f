"""Who answers for each of many units, in one read."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, literal
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.rows import Prepared, Rows, Shown, among, listed
from app.units.line import TOP, Line, line_out_of, seated
from app.units.models import Post, Unit


def lines_of(rows: Rows, unit_ids: Collection[int], *, today: date) -> Mapping[int, Line]:
    """The line of each unit as it is today; units that do not exist are left out."""
    if not unit_ids:
        return {}
    parameters = listed(unit_ids)
    found: dict[int, list[Shown]] = {}
    for row in rows.all(_lines(len(parameters)), {**parameters, "today": today}):
        found.setdefault(row["of_id"], []).append(row)
    return {unit_id: line_out_of(line) for unit_id, line in found.items()}


@lru_cache(maxsize=16)
def _lines(places: int) -> Prepared:
    first: Select[*tuple[Any, ...]] = columns(
        col(Unit.id), col(Unit.parent_id), literal(0).label("steps"), col(Unit.id).label("of_id")
    )
    above = first.where(among(col(Unit.id), places)).cte("above", recursive=True)
    parent = aliased(Unit)
    above = above.union_all(
        columns(col(parent.id), col(parent.parent_id), above.c.steps + 1, above.c.of_id)
        .join(above, col(parent.id) == above.c.parent_id)
        .where(above.c.steps < TOP)
    )
    of_each = seated(above).add_columns(above.c.of_id)
    return Prepared(of_each.order_by(above.c.of_id, above.c.steps, col(Post.kind), col(Post.id)))
