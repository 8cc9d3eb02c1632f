"""What every page of this folder has besides its own: the words, and the day."""

from collections.abc import Sequence
from datetime import date

from fastapi import Response

from app.clock import local_day
from app.handovers.rules import rules_by
from app.handovers.schemas import summary_json
from app.pages import words
from app.people.visit import Visit
from app.rows import Shown


def today_of(visit: Visit) -> date:
    return local_day(visit.now)


def as_cards(visit: Visit, found: Sequence[Shown]) -> Sequence[Shown]:
    """With what the day says of them, and how many days ago they were delivered."""
    today, rules = today_of(visit), rules_by(visit.settings)
    for row in found:
        summary_json(row, today, rules)
        delivered_on = local_day(row["delivered_at"] or row["last_life_at"])
        row["waited_days"] = (today - delivered_on).days
    return found


def drawn(visit: Visit, template: str, *, status: int = 200, **context: object) -> Response:
    return visit.page(template, status=status, words=words, today=today_of(visit), **context)
