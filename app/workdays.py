"""Danish working days. Pure: no database, no web, no clock."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class Workdays:
    """Monday to Friday without public holidays, 24 and 31 December and the quiet July weeks.

    `quiet_weeks` are ISO week numbers in which no working day is counted.
    """

    quiet_weeks: frozenset[int] = frozenset({28, 29, 30})

    def is_workday(self, day: date) -> bool:
        return (
            day.weekday() < _SATURDAY
            and day.isocalendar().week not in self.quiet_weeks
            and (day.month, day.day) not in {(12, 24), (12, 31)}
            and day not in _public_holidays(day.year)
        )

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is never counted."""
        return _after(self, day, count)


@lru_cache(maxsize=4096)
def _after(workdays: Workdays, day: date, count: int) -> date:
    """Remembered: many handovers were last heard of on the same day."""
    while count > 0:
        day += _DAY
        if workdays.is_workday(day):
            count -= 1
    return day


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DK", years=year))
