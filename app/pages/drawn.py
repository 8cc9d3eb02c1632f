"""What every page of this folder has besides its own: the words, the day, what is unread."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from fastapi import Response

from app.clock import local_day
from app.errors import Message
from app.handovers.rules import rules_by
from app.handovers.schemas import summary_json
from app.i18n import translate
from app.notifications.inbox import how_many_unread
from app.pages import words
from app.pages.notification_words import WHY
from app.people.visit import Visit
from app.rows import Shown

Option = TypeVar("Option")


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


def options(visit: Visit, words: Mapping[Option, Message]) -> Sequence[tuple[Option, str]]:
    """What can be chosen in a form, each with its word."""
    return [(one, translate(word, visit.locale)) for one, word in words.items()]


def drawn(visit: Visit, template: str, *, status: int = 200, **context: object) -> Response:
    me = visit.person
    return visit.page(
        template,
        status=status,
        words=words,
        today=today_of(visit),
        why_told=WHY,
        unread=how_many_unread(visit.rows, me.id) if me else 0,
        **context,
    )
