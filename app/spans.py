"""From a day to a day, both included; without a last day it goes on. Of posts and memberships."""

from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_


def overlap(from_on: date, to_on: date | None, other_from: date, other_to: date | None) -> bool:
    """Whether the two have a day in common."""
    begins_in_time = other_to is None or from_on <= other_to
    return begins_in_time and (to_on is None or to_on >= other_from)


def is_current(
    from_on: SQLColumnExpression[date],
    to_on: SQLColumnExpression[date | None],
    today: date | ColumnElement[date],
) -> ColumnElement[bool]:
    """The condition that the day is among those from the first to the last."""
    return and_(from_on <= today, or_(to_on.is_(None), to_on >= today))
