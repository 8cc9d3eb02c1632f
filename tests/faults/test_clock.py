"""The clock set back and forward, summer time, leap days and the end of the year, through the API:
nothing is lost or hidden, and no day is wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from app.eventlog.log import By
from app.handovers.lifecycle import State
from app.people import keys
from app.people.models import ApiKey
from tests.client import Client
from tests.handovers.scene import Scene

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
SAID = {"health": "going_well", "note": "Det går.", "better": "yes"}
NIGHTS = {
    "before summer time begins": datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
    "as summer time begins": datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    "the first of the two hours": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "the second of the two hours": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 12, tzinfo=UTC),
    "the day after a leap day": datetime(2028, 3, 1, 12, tzinfo=UTC),
    "Christmas Eve": datetime(2026, 12, 24, 12, tzinfo=UTC),
    "New Year's Eve": datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
    "New Year in Denmark, not in UTC": datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
    "a week 53 in the next year": datetime(2027, 1, 3, 12, tzinfo=UTC),
    "the other century": datetime(2099, 12, 31, 23, 30, tzinfo=UTC),
}


@pytest.fixture
def scene(make, signed_in):
    return Scene(make, signed_in)


@pytest.fixture
def at(app):
    """Sets the clock of the product."""

    def move(now: datetime) -> None:
        app.state.now = now

    return move


def record(scene, handover, key=None, **over):
    headers = {"Idempotency-Key": key} if key else {}
    body = {**SAID, "handover_id": handover.id, **over}
    return scene.client(scene.leader).post("/api/v1/follow-ups", json=body, headers=headers)


def events(scene, cursor=None, **params):
    """Everything in the log after the cursor, and where to go on from."""
    found = []
    while True:
        params = {**params, "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = scene.get(scene.secretary, "events", **params)
        assert page.status_code == 200, page.text
        found += page.json()["items"]
        if page.json()["next"] is None:
            return found, page.json()["resume"]
        cursor = page.json()["next"]


@pytest.mark.parametrize("moved", [-HOUR, -YEAR, YEAR, 5 * YEAR], ids=str)
def test_the_same_request_is_one_request_however_the_clock_is_moved(app, scene, at, moved):
    handover = scene.handover(State.IN_USE)
    first = record(scene, handover, key="en")
    at(app.state.now + moved)

    again = record(scene, handover, key="en")

    assert first.status_code == 201, first.text
    if moved <= timedelta(0):
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == first.json()
    else:
        # It was kept for 30 days of the clock, and those have passed.
        assert "Idempotency-Replayed" not in again.headers
    assert again.status_code == 201


def test_events_of_a_clock_that_was_set_back_are_neither_lost_nor_hidden(app, scene, at):
    noon = app.state.now
    handover = scene.handover(State.IN_USE)
    assert record(scene, handover).status_code == 201
    before, resume = events(scene)
    at(noon - HOUR)
    assert record(scene, handover).status_code == 201
    at(noon - HOUR + timedelta(minutes=1))
    assert record(scene, handover).status_code == 201

    new, _ = events(scene, resume)

    assert [event["type"] for event in new].count("follow_up.recorded") == 2
    everything, _ = events(scene)
    assert [event["id"] for event in everything] == [event["id"] for event in before + new]
    in_that_hour, _ = events(scene, at_before=noon.isoformat())
    assert {event["id"] for event in new} <= {event["id"] for event in in_that_hour}
    story = scene.story(scene.leader, handover)
    assert sum("Det går." in line for line in story) == 3
    listed = scene.get(scene.leader, "follow-ups", handover_id=handover.id)
    assert len(listed.json()["items"]) == 3


def test_a_key_expires_by_the_clock_of_the_moment(app, scene, at, make):
    noon = app.state.now
    _, secret = keys.make(
        make.session,
        scene.leader.key,
        label="kort",
        scopes=tuple(keys.Scope),
        expires_at=noon + 2 * HOUR,
        by=By(),
        now=noon,
    )
    client = Client(app, headers={"Authorization": f"Bearer {secret}"})
    answers = []
    for now in (noon, noon - HOUR, noon + YEAR, noon - YEAR, noon):
        at(now)
        answers.append(client.get("/api/v1/me").status_code)

    assert answers == [200, 200, 401, 200, 200]


@pytest.mark.parametrize("mistaken", [YEAR, 2 * DAY, -HOUR, -YEAR], ids=str)
def test_a_key_that_was_used_by_a_wrong_clock_is_noted_by_the_right_one(
    app, scene, at, make, mistaken
):
    noon = app.state.now
    for now in (noon + mistaken, noon):
        at(now)
        assert scene.get(scene.leader, "me").status_code == 200

    used = select(ApiKey.last_used_at).where(ApiKey.person_id == scene.leader.key)
    assert make.session.exec(used).one() == noon


@pytest.mark.parametrize("now", NIGHTS.values(), ids=NIGHTS)
def test_every_answer_is_given_at_any_hour_of_the_calendar(scene, at, now):
    at(now)
    today = _day(now)
    handover = scene.handover()

    receipt = scene.does(scene.leader, "receipt", handover, seen=None)
    assert receipt.status_code == 200, receipt.text
    due_on = date.fromisoformat(receipt.json()["life_due_on"])
    assert due_on == _after_workdays(today, 20)

    last_day = min(today + timedelta(days=180), date(2100, 12, 31))
    late = last_day + timedelta(days=1)
    paused = scene.does(
        scene.leader, "pause", handover, seen="*", until=late.isoformat(), reason="Senere"
    )
    assert paused.status_code == 422, paused.text
    paused = scene.does(
        scene.leader, "pause", handover, seen="*", until=last_day.isoformat(), reason="Senere"
    )
    assert paused.status_code == 200, paused.text
    assert paused.json()["life_due_on"] == last_day.isoformat()

    in_use = scene.handover(State.IN_USE)
    told = record(scene, in_use)
    assert told.status_code == 201, told.text
    assert told.json()["due_on"] == today.isoformat()
    due_on = date.fromisoformat(scene.sees(scene.leader, in_use)["life_due_on"])
    assert due_on == today + timedelta(days=90)
    for path in ("shelf", "door", "queue", "events", "follow-ups", "handovers"):
        answer = scene.get(scene.secretary, path)
        assert answer.status_code == 200, (path, answer.text)


def test_dust_is_whole_days_in_denmark_also_when_one_of_them_is_longer(scene, at):
    at(datetime(2026, 10, 20, 12, tzinfo=UTC))
    handover = scene.handover(State.IN_USE, life_due_on=date(2026, 10, 24))

    dust = {}
    for hour in range(0, 72, 3):
        now = datetime(2026, 10, 24, 12, tzinfo=UTC) + timedelta(hours=hour)
        at(now)
        dust.setdefault(_day(now), set()).add(scene.sees(scene.leader, handover)["dust_days"])

    assert dust == {date(2026, 10, 24 + days): {days} for days in range(4)}


def test_a_clock_set_back_counts_no_dust_and_a_clock_put_right_counts_it_again(app, scene, at):
    noon = app.state.now
    handover = scene.handover(State.IN_USE, life_due_on=_day(noon) - timedelta(days=3))
    assert scene.sees(scene.leader, handover)["dust_days"] == 3

    at(noon - YEAR)
    assert scene.sees(scene.leader, handover)["dust_days"] == 0
    at(noon + YEAR)
    assert scene.sees(scene.leader, handover)["dust_days"] == 368
    assert scene.get(scene.secretary, "shelf").json()["items"]
    at(noon)
    assert scene.sees(scene.leader, handover)["dust_days"] == 3


def test_life_that_was_dated_ahead_is_not_taken_back_by_a_clock_put_right(app, scene, at):
    """A year ahead by mistake: the next sign of life, in the right year, counts from then."""
    noon = app.state.now
    handover = scene.handover(State.IN_USE)
    at(noon + YEAR)
    assert record(scene, handover).status_code == 201
    at(noon)
    assert record(scene, handover).status_code == 201

    due_on = date.fromisoformat(scene.sees(scene.leader, handover)["life_due_on"])

    assert due_on == _day(noon) + timedelta(days=90)


def _day(now: datetime) -> date:
    """In Denmark, worked out by hand: an hour ahead, and two from March to October."""
    summer = {2026: (3, 29, 10, 25), 2028: (3, 26, 10, 29)}.get(now.year)
    ahead = 1
    if summer is not None:
        begins = datetime(now.year, summer[0], summer[1], 1, tzinfo=UTC)
        ends = datetime(now.year, summer[2], summer[3], 1, tzinfo=UTC)
        ahead = 2 if begins <= now < ends else 1
    return (now + timedelta(hours=ahead)).date()


_FREE = {(1, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
_EASTER = {2026: date(2026, 4, 5), 2027: date(2027, 3, 28), 2028: date(2028, 4, 16)}
_EASTER |= {2100: date(2100, 3, 28)}


def _after_workdays(day: date, count: int) -> date:
    """Counted one by one, from the Danish calendar itself."""
    while count:
        day += timedelta(days=1)
        from_easter = (day - _EASTER[day.year]).days if day.year in _EASTER else None
        is_free = (
            day.weekday() >= 5
            or (day.month, day.day) in _FREE
            or from_easter in (-3, -2, 1, 39, 50)
            or day.isocalendar().week in (28, 29, 30)
        )
        count -= not is_free
    return day
