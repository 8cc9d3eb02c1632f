"""Pages of people and groups: filtered, sorted, and counted as SCIM counts, from 1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from scim2_models import InvalidFilterException, InvalidPathException, SearchRequest
from sqlmodel import Session

from app.scim import queries
from app.scim.filters import ATTRIBUTES, LONGEST, condition
from app.scim.resources import POLICY, Group, User

MOST, USUAL = 200, 100
_FAR_ENOUGH = 10**9

Row = TypeVar("Row")


@dataclass(frozen=True)
class Listed:
    """The rows of a page, where it begins, and how many there are on all of them."""

    rows: Sequence[Any]
    start: int
    total: int


def asked(kind: type[User] | type[Group], sent: Mapping[str, Any]) -> SearchRequest[Any]:
    """What is asked for, in a query or a body; what SCIM does not know of is nothing to us."""
    for name, value in sent.items():
        if name.lower() == "filter" and len(str(value)) > LONGEST:
            raise InvalidFilterException(detail=f"At most {LONGEST} characters")
    search: Any = SearchRequest.__class_getitem__(kind)
    found: SearchRequest[Any] = search.model_validate(dict(sent), scim_policy=POLICY)
    return found


def page(session: Session, kind: type[User] | type[Group], search: SearchRequest[Any]) -> Listed:
    statement: Any = queries.known() if kind is User else queries.groups()
    if search.filter is not None:
        statement = statement.where(condition(kind, search.filter))
    start = min(search.start_index or 1, _FAR_ENOUGH)
    limit = min(USUAL if search.count is None else search.count, MOST)
    total = queries.counted(session, statement)
    ordered = statement.order_by(*_order(kind, search)).offset(start - 1).limit(limit)
    return Listed(session.exec(ordered).all() if limit else [], start, total)


def _order(kind: type[User] | type[Group], search: SearchRequest[Any]) -> list[Any]:
    """By what was asked for, then by age: the order of pages is always the same."""
    attributes = ATTRIBUTES[kind]
    age = attributes["id", None].sorted_by
    binding = search.sort_binding(kind)
    if search.sort_by is None:
        return [age]
    name = (binding.field_name, binding.sub_field_name) if binding else ("", None)
    column = attributes[name].sorted_by if name in attributes else None
    if column is None:
        raise InvalidPathException(path=str(search.sort_by), detail="Nothing is sorted by this")
    if search.sort_order == SearchRequest.SortOrder.descending:
        return [column.desc().nulls_first(), age]
    return [column.asc().nulls_last(), age]
