"""One item at a time: put in line, taken, renewed, done, put off, given up, handed back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, text
from sqlmodel import Session, col, select

from app.rows import Rows
from app.work import items
from app.work.items import ENDED_WITH_ITS_WORKER, Held, TakenOver, enqueue
from app.work.models import WorkItem
from tests.conftest import NOON

A_MINUTE = timedelta(minutes=1)
ENQUEUED = NOON + timedelta(days=3650)
"""Later than the clock of any machine that runs the tests."""


@pytest.fixture
def rows(session: Session) -> Rows:
    return Rows(session.connection())


def take(rows: Rows, kind: str = "mail", *, at=ENQUEUED, holder: str = "a") -> Held | None:
    return items.take(rows, kind, holder=holder, now=at, until=at + A_MINUTE)


def due(rows: Rows, *kinds: str, at=ENQUEUED) -> set[str]:
    since = {f"since_{place}": items.BEFORE_ALL for place in range(len(kinds))}
    return {row["kind"] for row in rows.all(items.due_among(kinds), {**since, "now": at})}


def only_row(session: Session) -> WorkItem:
    session.expire_all()
    return session.exec(select(WorkItem)).one()


def test_what_is_put_in_line_is_taken_once_and_gone_when_it_is_done(session, rows):
    assert enqueue(session, "mail", "event:1", {"event_id": 1})

    held = take(rows)

    assert held is not None
    assert (held.key, held.payload, held.attempt) == ("event:1", {"event_id": 1}, 1)
    assert take(rows) is None
    items.finish(rows, held)
    assert session.exec(select(WorkItem)).all() == []


def test_the_same_kind_and_key_twice_is_one_item_and_another_kind_is_another(session, rows):
    assert enqueue(session, "mail", "event:1", {"a": 1})
    assert not enqueue(session, "mail", "event:1", {"a": 2})
    assert enqueue(session, "call", "event:1")
    assert take(rows).payload == {"a": 1}


def test_it_is_not_taken_before_it_is_due_and_the_longest_due_comes_first(session, rows):
    for key, days in (("second", 2), ("first", 1), ("later", 4000)):
        enqueue(session, "mail", key, due_at=NOON + timedelta(days=days))

    assert due(rows, "mail", at=NOON) == set()
    assert [take(rows).key, take(rows).key, take(rows)] == ["first", "second", None]


def test_an_unknown_kind_is_left_alone(session, rows):
    enqueue(session, "newer.thing", "1")

    assert due(rows, "mail", "call") == set()
    assert due(rows, "mail", "newer.thing") == {"newer.thing"}
    assert take(rows) is None
    assert only_row(session).attempts == 0


def test_when_the_lease_is_over_another_takes_it_and_the_first_can_do_nothing(session, rows):
    enqueue(session, "mail", "1")
    first = take(rows)
    later = ENQUEUED + A_MINUTE
    second = take(rows, at=later, holder="b")

    assert (second.id, second.attempt) == (first.id, 2)
    assert not items.renew(rows, first, until=later + A_MINUTE)
    for ending in (
        lambda: items.finish(rows, first),
        lambda: items.put_off(rows, first, why="x", due_at=later),
        lambda: items.give_up(rows, first, why="x", now=later),
        lambda: items.hand_back(rows, first, due_at=later),
    ):
        with pytest.raises(TakenOver):
            ending()
    assert only_row(session).held_by == "b"
    items.finish(rows, second)


def test_a_lease_that_is_renewed_is_not_over(session, rows):
    enqueue(session, "mail", "1")
    held = take(rows)

    assert items.renew(rows, held, until=ENQUEUED + 3 * A_MINUTE)
    assert take(rows, at=ENQUEUED + 2 * A_MINUTE) is None
    items.finish(rows, held)


def test_a_lease_that_is_over_and_taken_by_nobody_may_still_be_finished(session, rows):
    enqueue(session, "mail", "1")
    held = take(rows)
    assert due(rows, "mail", at=ENQUEUED + 2 * A_MINUTE) == {"mail"}

    items.finish(rows, held)


def test_put_off_it_comes_again_with_what_was_wrong_and_its_attempts(session, rows):
    enqueue(session, "mail", "1")
    items.put_off(rows, take(rows), why="no\nanswer\x00" + "x" * 999, due_at=ENQUEUED + A_MINUTE)

    row = only_row(session)
    assert row.last_error.startswith("no answer x")
    assert len(row.last_error) == 500
    assert (row.held_by, row.dead_at) == (None, None)
    assert take(rows) is None
    assert take(rows, at=ENQUEUED + A_MINUTE).attempt == 2


def test_given_up_nobody_takes_it(session, rows):
    enqueue(session, "mail", "1")
    items.give_up(rows, take(rows), why="410 Gone", now=ENQUEUED)

    assert take(rows, at=ENQUEUED + timedelta(days=999)) is None
    assert only_row(session).dead_at == ENQUEUED
    assert not enqueue(session, "mail", "1")


def test_handed_back_it_may_be_taken_at_once_and_it_was_no_attempt(session, rows):
    enqueue(session, "mail", "1")
    first = take(rows)
    items.hand_back(rows, first, due_at=ENQUEUED)

    assert only_row(session).attempts == 0
    with pytest.raises(TakenOver):
        items.finish(rows, first)
    assert take(rows).attempt == 1


def test_handed_back_until_later_it_is_not_due_before(session, rows):
    enqueue(session, "mail", "1")
    items.hand_back(rows, take(rows), due_at=ENQUEUED + A_MINUTE)
    assert take(rows) is None
    assert take(rows, at=ENQUEUED + A_MINUTE).attempt == 1


def test_hastened_it_is_due_at_once_and_from_the_start_also_where_it_is_dead(session, rows):
    enqueue(session, "mail", "1")
    held = take(rows)
    assert not items.hasten(rows, "mail", "1"), "somebody is at it"
    items.give_up(rows, held, why="x", now=ENQUEUED)
    assert items.hasten(rows, "mail", "1")
    assert (only_row(session).dead_at, only_row(session).attempts) == (None, 0)
    assert not items.hasten(rows, "mail", "2")


def test_what_ends_every_worker_that_takes_it_is_dead_in_the_end_and_the_next_one_is_taken(
    session, rows
):
    enqueue(session, "mail", "poison", most_attempts=2)
    enqueue(session, "mail", "fine")
    at = ENQUEUED
    taken = []
    for _ in range(4):
        taken.append(take(rows, at=at).key)
        at += 2 * A_MINUTE

    assert taken == ["poison", "fine", "poison", "fine"]
    assert take(rows, at=at).key == "fine"
    dead = session.exec(select(WorkItem).where(WorkItem.key == "poison")).one()
    assert (dead.attempts, dead.last_error) == (2, ENDED_WITH_ITS_WORKER)
    assert dead.dead_at == at


def test_the_last_attempt_is_known_as_such(session, rows):
    enqueue(session, "mail", "1", most_attempts=2)
    first = take(rows)
    second = take(rows, at=ENQUEUED + A_MINUTE)
    assert (first.is_last_attempt, second.is_last_attempt) == (False, True)


@pytest.mark.parametrize(
    ("kind", "key", "payload"),
    [
        ("", "1", {}),
        ("Mail", "1", {}),
        ("m" * 65, "1", {}),
        ("mail", "", {}),
        ("mail", "lea@lindborg.example", {}),
        ("mail", "Lea Leder", {}),
        ("mail", "1" * 201, {}),
        ("mail", "1", {"text": "x" * 4000}),
    ],
)
def test_a_kind_a_key_or_a_payload_that_cannot_be_is_refused_before_it_is_written(
    session, kind, key, payload
):
    with pytest.raises(ValueError, match="no work can be put in line"):
        enqueue(session, kind, key, payload)
    assert session.exec(select(WorkItem)).all() == []


def test_the_largest_there_is_room_for_is_kept_whole(session, rows):
    payload = {"text": "x" * 3989}
    assert enqueue(session, "m" * 64, "k" * 200, payload)
    assert take(rows, "m" * 64).payload == payload


def test_it_is_the_clock_of_the_database_that_counts(session, rows):
    """Other machines' clocks are not asked."""
    enqueue(session, "mail", "1")
    shown = "datetime('now', '-1 minute')" if rows.is_sqlite else "now() - interval '1 minute'"
    later = select(func.count()).where(col(WorkItem.due_at) > text(shown))
    assert session.exec(later).one() == 1
    assert abs(items.time_of(rows) - only_row(session).enqueued_at) < A_MINUTE
