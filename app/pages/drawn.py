"""What every page of this folder has besides its own: the words, and the day."""

from datetime import date

from fastapi import Response

from app.clock import local_day
from app.pages import words
from app.people.visit import Visit


def today_of(visit: Visit) -> date:
    return local_day(visit.now)


def drawn(visit: Visit, template: str, *, status: int = 200, **context: object) -> Response:
    return visit.page(template, status=status, words=words, today=today_of(visit), **context)
