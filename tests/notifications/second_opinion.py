"""Who must be told what on a day, worked out the plain way: day by day, unit by unit, from nothing
but what people see of the municipality. It shares no line with what it is held against."""

from datetime import date
from functools import cache

from app.handovers.lifecycle import State
from tests.hostile import danish_days
from tests.notifications.town import DAY, FIRST_DAY, Given, Town

NOT_ANSWERED = (State.DELIVERED, State.ACKNOWLEDGED)
ANSWERED = (State.ACCEPTED, State.TRIAL, State.IN_USE, State.ANCHORED)
is_workday = cache(danish_days.is_workday)
Told = tuple[int, str, tuple[int, ...]]
Step = tuple[str, list[int], int]


def expected(town: Town, today: date) -> list[Told]:
    """Each handover that takes a step today, the step, and whom it tells; and remembers it."""
    told = []
    for one in town.given:
        found = _step(town, one, today) if is_workday(today) else None
        if found is not None:
            kind, people, unit_id = found
            one.steps.append((today, kind, people, unit_id))
            told.append((one.id, kind, tuple(sorted(people))))
    return sorted(told)


def _step(town: Town, one: Given, today: date) -> Step | None:
    if one.due_on is None or today < one.due_on:
        return None
    if one.paused_until is not None and one.paused_until > today:
        return None
    if one.steps and _workdays_between(one.steps[-1][0], today) < town.between:
        return None
    if one.state in NOT_ANSWERED:
        if len(one.steps) < 2:
            kind = "unanswered_again" if one.steps else "unanswered"
            return kind, _answers(town, one, today), 0
        return _lift(town, one, today)
    if one.state in ANSWERED and (one.is_agreed or today.weekday() == 0):
        return _quiet(town, one, today)
    return None


def _quiet(town: Town, one: Given, today: date) -> Step | None:
    owner = [] if one.owner_id in town.left else [one.owner_id]
    match len(one.steps):
        case 0:
            return "quiet_owner", owner or _answers(town, one, today), 0
        case 1:
            return "quiet_leader", sorted({*owner, *_answers(town, one, today)}), 0
        case 2:
            people = [who for who in town.secretariat if _times(one, who) < 2]
            return ("quiet_secretariat", people, 0) if people else None
    return None


def _answers(town: Town, one: Given, today: date) -> list[int]:
    for unit_id in town.upwards(one.unit_id):
        if seated := town.seated(unit_id, today):
            return seated
    return town.secretariat


def _lift(town: Town, one: Given, today: date) -> Step | None:
    """From the unit of the last lift, or from where somebody answers, to the next one above where
    there is somebody who knows nothing of it."""
    line = list(town.upwards(one.unit_id))
    held = [unit_id for unit_id in line if town.seated(unit_id, today)]
    if not held:
        return None
    from_unit = one.steps[-1][3] or held[0]
    start = max(line.index(from_unit), line.index(held[0]))
    for unit_id in line[start + 1 :]:
        people = [who for who in town.seated(unit_id, today) if not _times(one, who)]
        if people:
            return "lift", people, unit_id
    return None


def _times(one: Given, person_id: int) -> int:
    return sum(people.count(person_id) for _, _, people, _ in one.steps)


def _workdays_between(after: date, until: date) -> int:
    return _workdays_by(until) - _workdays_by(after)


@cache
def _workdays_by(day: date) -> int:
    """Counted one by one from the first day of the walk on, and remembered from day to day."""
    return 0 if day <= FIRST_DAY else _workdays_by(day - DAY) + is_workday(day)
