"""The life of an item: put in line, taken for a while, and done, put off, or given up. Every verb
is in the caller's transaction, and none commits.

`now` is the time of the database, which `time_of` asks it for: the clocks of workers may disagree.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Update,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from app import clock
from app.rows import Prepared, Rows, Shown
from app.work.bell import ring_when_kept
from app.work.models import LONGEST_ERROR, LONGEST_KEY, LONGEST_KIND, LONGEST_PAYLOAD, WorkItem

MOST_ATTEMPTS = 12
BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)
_KIND = re.compile(rf"[a-z_.]{{1,{LONGEST_KIND}}}")
_KEY = re.compile(rf"[A-Za-z0-9_.:/-]{{1,{LONGEST_KEY}}}")


class TakenOver(Exception):
    """The lease was over and somebody else has it, or had it: nothing of ours is kept."""


@dataclass(frozen=True)
class Held:
    """An item as whoever took it holds it. `attempt` counts from one."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempt: int
    fence: int
    is_last_attempt: bool = False


def time_of(rows: Rows) -> datetime:
    """What time it is where the database is."""
    if rows.is_sqlite:
        return clock.now()
    found = rows.first(_TIME, {})
    assert found is not None
    now: datetime = found["now"]
    return now


def enqueue(
    session: Session,
    kind: str,
    key: str,
    payload: Mapping[str, Any] | None = None,
    *,
    due_at: datetime | None = None,
    most_attempts: int = MOST_ATTEMPTS,
) -> bool:
    """Put in line with the change that it belongs to: kept with it, or not at all. At once, unless
    it is due later. Whether it is new: what waits under the same kind and key already, stays.

    A key names things by their numbers. It stands in logs, so nobody's name or mail is in it.
    """
    ring_when_kept(session)
    rows = Rows(session.connection())
    return put_in_line(rows, kind, key, payload, due_at=due_at, most_attempts=most_attempts)


def put_in_line(
    rows: Rows,
    kind: str,
    key: str,
    payload: Mapping[str, Any] | None = None,
    *,
    due_at: datetime | None = None,
    most_attempts: int = MOST_ATTEMPTS,
) -> bool:
    """The same for those who have only rows. Workers find it when they look the next time."""
    text = orjson.dumps(payload or {}).decode()
    if not _KIND.fullmatch(kind) or not _KEY.fullmatch(key) or len(text) > LONGEST_PAYLOAD:
        raise ValueError("no work can be put in line with such a kind, key or payload")
    now = time_of(rows)
    return bool(
        rows.change(
            _ADD,
            {
                "kind": kind,
                "key": key,
                "payload": text,
                "enqueued_at": now,
                "due_at": due_at or now,
                "most_attempts": most_attempts,
            },
        )
    )


def hasten(rows: Rows, kind: str, key: str) -> bool:
    """Due at once and from its first attempt, also where it is dead. False where there is none, or
    somebody is at it now."""
    asked = {"of_kind": kind, "of_key": key, "now": time_of(rows)}
    return rows.change(_HASTEN, asked) == 1


def is_left(rows: Rows, kind: str) -> bool:
    """Whether something of the kind is still to be done, also where somebody is at it."""
    return rows.first(_LEFT, {"of_kind": kind}) is not None


def due_among(kinds: Sequence[str]) -> Prepared:
    """The statement for those of the kinds of which something is due, and what has been due the
    longest of each, not looked for before `since_0`, `since_1` and so on. One look in an index for
    each: what there is of other kinds, and how much there is, does not matter."""
    looks = [
        select(col(WorkItem.kind), col(WorkItem.due_at))
        .where(
            col(WorkItem.kind) == kind,
            col(WorkItem.due_at) >= bindparam(f"since_{place}"),
            *_IS_DUE,
        )
        .order_by(col(WorkItem.due_at))
        .limit(1)
        .subquery()
        for place, kind in enumerate(kinds)
    ]
    either = union_all(*(select(*look.c) for look in looks)).subquery()
    return Prepared(select(either.c.kind, either.c.due_at))


def take(
    rows: Rows,
    kind: str,
    *,
    holder: str,
    now: datetime,
    until: datetime,
    since: datetime = BEFORE_ALL,
) -> Held | None:
    """The one of this kind that has been due the longest, not looked for before `since`, held until
    then; None where there is none. What its holders have ended at, time after time, is dead with
    that."""
    asked = {"of_kind": kind, "now": now, "until": until, "holder": holder, "since": since}
    while (found := rows.first(_TAKE, asked)) is not None:
        is_over, held = found["attempts"] > found["most_attempts"], _held(found)
        if not is_over:
            return held
        rows.change(_BURY, {**_whose(held), "now": now, "why": ENDED_WITH_ITS_WORKER})
    return None


def take_new(
    rows: Rows,
    kind: str,
    *,
    holder: str,
    now: datetime,
    until: datetime,
    most: int,
    since: datetime = BEFORE_ALL,
) -> list[Held]:
    """The same of so many at most, of those that nobody has tried yet."""
    asked = {"of_kind": kind, "now": now, "until": until, "holder": holder, "since": since}
    found = rows.all(_TAKE_NEW, {**asked, "most": most})
    return sorted((_held(row) for row in found), key=lambda held: held.id)


def _held(row: Shown) -> Held:
    attempt, most = row.pop("attempts"), row.pop("most_attempts")
    return Held(**row, attempt=attempt, is_last_attempt=attempt >= most)


def renew(rows: Rows, held: Held, *, until: datetime) -> bool:
    """Whether it is still held by this holder, and now until then."""
    return rows.change(_RENEW, {**_whose(held), "until": until}) == 1


def finish(rows: Rows, held: Held) -> None:
    """It is done, and forgotten. What is written after this in the same transaction is kept only
    if it was still held. TakenOver where it was not."""
    _must_be_held(rows.change(_FINISH, _whose(held)))


def finish_all(rows: Rows, done: Sequence[Held]) -> Collection[int]:
    """They are done, and forgotten: the ids of those that were still held. The others are somebody
    else's."""
    places, whole = 1 << (len(done) - 1).bit_length(), list(done)
    whole += whole[-1:] * (places - len(whole))
    asked = {f"id_{place}": held.id for place, held in enumerate(whole)}
    fences = {f"fence_{place}": held.fence for place, held in enumerate(whole)}
    return {row["id"] for row in rows.all(_finishing(places), {**asked, **fences})}


def note(rows: Rows, held: Held, **more: object) -> None:
    """Keeps this with what was put in line, for whoever takes it the next time. Also for what ends
    the attempt: nobody else has taken it since. TakenOver."""
    text = orjson.dumps({**held.payload, **more}).decode()
    _must_be_held(rows.change(_NOTE, {**_whose(held), "payload": text}))


def put_off(rows: Rows, held: Held, *, why: str, due_at: datetime) -> None:
    """It did not succeed, and is tried again then. TakenOver."""
    _must_be_held(rows.change(_PUT_OFF, {**_whose(held), "due": due_at, "why": short(why)}))


def give_up(rows: Rows, held: Held, *, why: str, now: datetime) -> None:
    """It is dead. TakenOver."""
    _must_be_held(rows.change(_GIVE_UP, {**_whose(held), "now": now, "why": short(why)}))


def hand_back(rows: Rows, held: Held, *, due_at: datetime) -> None:
    """Somebody else may take it from then on, and this was no attempt. TakenOver."""
    _must_be_held(rows.change(_HAND_BACK, {**_whose(held), "due": due_at}))


def short(why: str) -> str:
    """On one line, and no longer than there is room for."""
    return " ".join(why.replace("\x00", " ").split())[:LONGEST_ERROR]


def _whose(held: Held) -> dict[str, object]:
    return {"item_id": held.id, "held_fence": held.fence}


def _must_be_held(changed: int) -> None:
    if not changed:
        raise TakenOver


def _changed(**values: Any) -> Update:
    """Of the item, while the holder has it."""
    return update(WorkItem).where(*_IS_HELD).values(values)


ENDED_WITH_ITS_WORKER = "worker_ended"
"""What is kept of why: a worker ended each time that it was at work on it."""
_IS_DUE = (col(WorkItem.dead_at).is_(None), col(WorkItem.due_at) <= bindparam("now"))
_IS_HELD = (
    col(WorkItem.id) == bindparam("item_id"),
    col(WorkItem.fence) == bindparam("held_fence"),
    col(WorkItem.held_by).is_not(None),
)
_LEFT = Prepared(
    select(col(WorkItem.id))
    .where(col(WorkItem.kind) == bindparam("of_kind"), col(WorkItem.dead_at).is_(None))
    .limit(1)
)
_HASTEN = Prepared(
    update(WorkItem)
    .where(
        col(WorkItem.kind) == bindparam("of_kind"),
        col(WorkItem.key) == bindparam("of_key"),
        col(WorkItem.held_by).is_(None),
    )
    .values(due_at=bindparam("now"), dead_at=null(), attempts=literal_column("0"))
)
_TIME = Prepared(select(func.clock_timestamp().label("now")))
_FIELDS = ("kind", "key", "payload", "enqueued_at", "due_at", "most_attempts")
_ADD = Prepared(
    insert(WorkItem)
    .values(
        {
            **{name: bindparam(name) for name in _FIELDS},
            "attempts": literal_column("0"),
            "fence": literal_column("0"),
            "last_error": literal_column("''"),
        }
    )
    .on_conflict_do_nothing()
)
_LONGEST_DUE = (
    select(col(WorkItem.id))
    .where(
        col(WorkItem.kind) == bindparam("of_kind"),
        col(WorkItem.due_at) >= bindparam("since"),
        *_IS_DUE,
    )
    .order_by(col(WorkItem.due_at))
    .with_for_update(skip_locked=True)
)


def _taken(which: ColumnElement[bool]) -> Prepared:
    return Prepared(
        update(WorkItem)
        .where(which)
        .values(
            attempts=col(WorkItem.attempts) + 1,
            fence=col(WorkItem.fence) + 1,
            held_by=bindparam("holder"),
            due_at=bindparam("until"),
        )
        .returning(
            col(WorkItem.id),
            col(WorkItem.kind),
            col(WorkItem.key),
            col(WorkItem.payload),
            col(WorkItem.attempts),
            col(WorkItem.most_attempts),
            col(WorkItem.fence),
        )
    )


_TAKE = _taken(col(WorkItem.id) == _LONGEST_DUE.limit(1).scalar_subquery())
# Found once and for all: as a plain list PostgreSQL might look again for each, and take more.
_NEW = (
    _LONGEST_DUE.where(col(WorkItem.attempts) == literal_column("0"))
    .limit(bindparam("most"))
    .cte("found")
)
_TAKE_NEW = _taken(col(WorkItem.id).in_(select(_NEW.c.id)))
_NOTE = Prepared(
    update(WorkItem)
    .where(col(WorkItem.id) == bindparam("item_id"), col(WorkItem.fence) == bindparam("held_fence"))
    .values(payload=bindparam("payload"))
)
_RENEW = Prepared(_changed(due_at=bindparam("until")))
_FINISH = Prepared(delete(WorkItem).where(*_IS_HELD))


@cache
def _finishing(places: int) -> Prepared:
    each = [
        and_(
            col(WorkItem.id) == bindparam(f"id_{place}"),
            col(WorkItem.fence) == bindparam(f"fence_{place}"),
        )
        for place in range(places)
    ]
    are_held = (or_(*each), col(WorkItem.held_by).is_not(None))
    return Prepared(delete(WorkItem).where(*are_held).returning(col(WorkItem.id)))


_PUT_OFF = Prepared(_changed(held_by=null(), due_at=bindparam("due"), last_error=bindparam("why")))
_GIVE_UP = Prepared(_changed(held_by=null(), dead_at=bindparam("now"), last_error=bindparam("why")))
_BURY = Prepared(
    _changed(
        held_by=null(),
        dead_at=bindparam("now"),
        last_error=bindparam("why"),
        attempts=col(WorkItem.attempts) - 1,
    )
)
_HAND_BACK = Prepared(
    _changed(held_by=null(), due_at=bindparam("due"), attempts=col(WorkItem.attempts) - 1)
)
