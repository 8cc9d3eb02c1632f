"""What is read of silent handovers: where the silence stands, and who is around them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, bindparam, exists, or_, text
from sqlalchemy import select as columns
from sqlmodel import col

from app.clock import local_day, start_of
from app.handovers import life
from app.handovers.columns import Column, Owner
from app.handovers.life import Rules
from app.handovers.lifecycle import State
from app.handovers.models import AT_DOOR, IS_ANCHORED, ON_SHELF, Handover
from app.notifications.facts import secretaries
from app.notifications.ladder import Around, ReminderKind, Silence, Taken, too_lately
from app.notifications.models import Notification, Reminder
from app.rows import Prepared, Rows, Shown, among, listed
from app.units.line import Line
from app.units.lines import lines_of
from app.units.models import PostKind

AT_A_TIME = 200
"""Handovers that are held in memory."""
Place = tuple[date, int]
FIRST: Place = (date.min, 0)


@dataclass(frozen=True)
class Quiet:
    """A handover whose sign of life is due, with its silence, and how often each person has been
    told of it."""

    id: int
    unit_id: int
    owner_id: int | None
    silence: Silence
    told: Mapping[int, int]


SILENCE: tuple[Column, ...] = (
    col(Handover.unit_id),
    col(Handover.state),
    col(Handover.owner_id),
    col(Owner.left_at).label("owner_left_at"),
    col(Handover.next_on),
    col(Handover.paused_until),
    col(Handover.trial_to_on),
    col(Handover.last_life_at),
    col(Handover.life_due_on),
)
"""What must be read of a handover and its owner, beside its id, to know of its silence."""


def due_after(
    rows: Rows, statement: Prepared, after: Place, *, today: date, rules: Rules
) -> list[Shown]:
    """So many of those of one of `RANGES` that are due by today, the longest due first; without
    those of which it is too early to say more, and those of which all has been said."""
    lately = start_of(too_lately(today, rules))
    asked = {"after_due_on": after[0], "after_id": after[1], "today": today, "lately": lately}
    return rows.all(statement, {**asked, "most": AT_A_TIME})


def silence_of(row: Shown, taken: Sequence[Taken] = ()) -> Silence:
    """With the steps that were taken in it, as far as they are known."""
    state, last_life_on = State(row["state"]), local_day(row["last_life_at"])
    agreed = life.agreed_on(
        state,
        last_life_on=last_life_on,
        next_on=row["next_on"],
        paused_until=row["paused_until"],
        trial_to_on=row["trial_to_on"],
    )
    return Silence(
        state, last_life_on, row["life_due_on"], agreed is not None, row["paused_until"], taken
    )


def quiet_in(
    row: Shown, taken: Sequence[Taken] = (), told: Sequence[tuple[date, int]] = ()
) -> Quiet:
    """Who only asks whether a silence is on, and whom it concerns, need not read its steps."""
    silence = silence_of(row, taken)
    owner_id = row["owner_id"] if row["owner_left_at"] is None else None
    of_this = Counter(who for due_on, who in told if silence.is_of_this(due_on))
    return Quiet(row["id"], row["unit_id"], owner_id, silence, of_this)


def quiet_of(rows: Rows, found: Collection[Shown]) -> list[Quiet]:
    """The silence of each, with the steps that were taken since the last sign of life."""
    if not found:
        return []
    taken: dict[int, dict[int, Taken]] = defaultdict(dict)
    told: dict[int, list[tuple[date, int]]] = defaultdict(list)
    parameters = listed([row["id"] for row in found])
    for row in rows.all(_taken(len(parameters)), parameters):
        steps = taken[row["handover_id"]]
        if row["id"] not in steps:
            made_on = local_day(row["made_at"])
            step = Taken(ReminderKind(row["kind"]), row["due_on"], made_on, row["level"])
            steps[row["id"]] = step
        if row["person_id"] is not None:
            told[row["handover_id"]].append((row["due_on"], row["person_id"]))
    return [quiet_in(row, list(taken[row["id"]].values()), told[row["id"]]) for row in found]


def arounds(rows: Rows, found: Collection[Quiet], *, today: date) -> Mapping[int, Around]:
    """Who is around each of them today."""
    lines = lines_of(rows, {quiet.unit_id for quiet in found}, today=today)
    told_in = {unit_id: _told_in(line) for unit_id, line in lines.items()}
    secretariat = [who.id for who in secretaries(rows)] if found else []
    return {
        quiet.id: Around(told_in[quiet.unit_id], quiet.owner_id, secretariat, quiet.told)
        for quiet in found
    }


def _told_in(line: Line) -> Sequence[Sequence[int]]:
    """In each unit the leader, or where there is none, who stands in."""
    if line.is_closed:
        return ()
    return [
        [seat.person_id for seat in seats if seat.kind is PostKind.LEADER]
        or [seat.person_id for seat in seats]
        for seats in (line.seats[unit_id] for unit_id in line.unit_ids)
    ]


def _range(condition: str) -> Prepared:
    due_on, row_id = col(Handover.life_due_on), col(Handover.id)
    after_due_on: ColumnElement[date] = bindparam("after_due_on")
    after_id: ColumnElement[int] = bindparam("after_id")
    said = exists().where(
        col(Reminder.handover_id) == Handover.id,
        col(Reminder.made_at) > Handover.last_life_at,
        or_(
            col(Reminder.made_at) >= bindparam("lately"),
            col(Reminder.kind) == ReminderKind.QUIET_SECRETARIAT,
        ),
    )
    statement = (
        columns(col(Handover.id), *SILENCE)
        .outerjoin(Owner, col(Owner.id) == Handover.owner_id)
        .where(
            text(condition),
            due_on <= bindparam("today"),
            due_on >= after_due_on,
            or_(due_on > after_due_on, row_id > after_id),
            ~said,
        )
        .order_by(due_on, row_id)
        .limit(bindparam("most"))
    )
    return Prepared(statement)


RANGES = tuple(_range(condition) for condition in (AT_DOOR, ON_SHELF, IS_ANCHORED))
"""Each is a part of an index, so that what is not silent is not looked at."""


@lru_cache(maxsize=16)
def _taken(places: int) -> Prepared:
    """Every step of this silence, once for each who was told, and once where nobody was."""
    statement = (
        columns(
            col(Reminder.id),
            col(Reminder.handover_id),
            col(Reminder.kind),
            col(Reminder.level),
            col(Reminder.due_on),
            col(Reminder.made_at),
            col(Notification.person_id),
        )
        .join(Handover, col(Handover.id) == Reminder.handover_id)
        .outerjoin(Notification, col(Notification.reminder_id) == Reminder.id)
        .where(
            among(col(Reminder.handover_id), places),
            col(Reminder.made_at) > Handover.last_life_at,
        )
        .order_by(col(Reminder.id))
    )
    return Prepared(statement)
