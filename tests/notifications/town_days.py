"""What people in the municipality do on a day: they answer, or do not; they put off, move on, leave
their posts and take them. Each thing is written as it would stand afterwards."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, text, update
from sqlmodel import Session, col

from app.eventlog.models import Event
from app.handovers import life
from app.handovers.lifecycle import ENDED, State
from app.handovers.models import Handover
from app.notifications.models import Notification
from app.people.models import Person
from app.rows import Prepared, Rows
from app.units.models import Post
from tests.make import RULES, Make
from tests.notifications.town import DAY, Given, Town, at

_PAUSES = {"pause": 10}
NEXT: dict[State, dict[str, int]] = {
    State.DELIVERED: {"acknowledged": 50, "accepted": 15, "word": 10, "declined": 5, **_PAUSES},
    State.ACKNOWLEDGED: {"accepted": 60, "returned": 5, "withdrawn": 5, "word": 10, **_PAUSES},
    State.ACCEPTED: {"trial": 40, "in_use": 30, "plan": 15, "discontinued": 5, **_PAUSES},
    State.TRIAL: {"in_use": 50, "plan": 25, "owner": 10, "discontinued": 5, **_PAUSES},
    State.IN_USE: {"plan": 40, "word": 30, "anchored": 10, "owner": 10, **_PAUSES},
    State.ANCHORED: {"word": 80, "owner": 10, "discontinued": 20},
    **{state: {"delivered": 1} for state in (State.RETURNED, *ENDED)},
}
"""What may come next in each state, and how likely it is beside the others."""


def people_act(town: Town, day: date, *, hour: int, share: float) -> set[int]:
    """So large a share of a day's deeds; the ids of the handovers that they were done to."""
    acting = [one for one in town.given if town.chance.random() < one.chance * share]
    if acting:
        with town.database.writing() as session:
            for one in acting:
                _act(town, session, one, at(day, hour))
    return {one.id for one in acting}


def news_is_told(town: Town, day: date) -> None:
    """At one o'clock, to some, of what asks nothing of them."""
    with town.database.writing() as session:
        rows = Rows(session.connection())
        for person_id in town.chance.sample(town.owners, 2):
            event = rows.first(_HAPPENED, {"at": at(day, 13)})
            told = {"person_id": person_id, "event_id": event["id"], "made_at": at(day, 13)}
            rows.change(_TOLD, told)


def posts_change(town: Town, day: date) -> None:
    """In the evening: whoever leads may go, a vacant post is filled, and an owner leaves."""
    if town.chance.random() > 0.15:
        return
    unit_id = town.chance.choice(list(town.parents))
    present = [seat for seat in town.seats[unit_id] if seat.is_leader and seat.to_on is None]
    with town.database.writing() as session:
        town.make = Make(session, now=at(day, 20))
        if present:
            present[0].to_on = day
            _write(session, Post, present[0].id, to_on=day)
        else:
            person = town.make.person(name="Ny leder", mail=f"ny{unit_id}-{day}@lindborg.example")
            town.sit(unit_id, person.key, day + DAY)
        if town.chance.random() < 0.2 and len(town.left) < 10:
            gone = town.chance.choice(town.owners)
            town.left.add(gone)
            _write(session, Person, gone, left_at=at(day, 20))


def _act(town: Town, session: Session, one: Given, now: datetime) -> None:
    """What is done, as a sign of life."""
    wishes = NEXT[one.state]
    deed = town.chance.choices(list(wishes), list(wishes.values()))[0]
    today = now.date()
    values = _done(town, one, deed, today, now)
    if deed not in ("pause", "plan", "word", "owner"):
        one.state, one.paused_until = State(deed), None
        values |= {"state": one.state, "paused_until": None, "pause_reason": ""}
        values["ended_at"] = now if one.state in ENDED else None
    one.lived_on, one.steps = today, []
    one.due_on = life.due_on(
        one.state,
        last_life_on=today,
        next_on=one.next_on,
        paused_until=one.paused_until,
        trial_to_on=one.trial_to_on,
        rules=RULES,
    )
    _write(session, Handover, one.id, **values, last_life_at=now, life_due_on=one.due_on)


def _done(town: Town, one: Given, deed: str, today: date, now: datetime) -> dict[str, Any]:
    """The columns that the deed writes beside those that every deed does."""
    soon = today + timedelta(days=town.chance.randint(3, 60))
    if deed in _AGREED:
        setattr(one, _AGREED[deed], soon)
    if deed == "accepted":
        one.next_on = town.chance.choice([soon, None])
    if deed == "owner":
        one.owner_id = town.chance.choice([who for who in town.owners if who not in town.left])
    receipt = {"acknowledged_at": now, "acknowledged_by_id": one.owner_id}
    ended = {"reason": "Det passer ikke."}
    columns: dict[str, dict[str, Any]] = {
        "delivered": {**dict.fromkeys((*receipt, "accepted_at", "reason_kind")), "reason": ""},
        "acknowledged": receipt,
        "accepted": {**receipt, "accepted_at": now, "owner_id": one.owner_id},
        "plan": {"next_on": soon},
        "pause": {"paused_until": soon, "pause_reason": "Efter ferien.", "pause_count": 1},
        "owner": {"owner_id": one.owner_id},
        "trial": {"trial_from_on": today, "trial_to_on": soon},
        "in_use": {"in_use_since_on": today},
        "anchored": {**dict.fromkeys(_PROPOSERS, one.owner_id), "anchoring_proposed_at": now},
        "returned": {"question": "Hvem leder mødet?"},
        "declined": {**ended, "reason_kind": "other"},
        "withdrawn": ended,
        "discontinued": ended,
    }
    return {"next_on": one.next_on, **columns.get(deed, {})}


def _write(session: Session, kind: Any, row_id: int, **values: Any) -> None:
    rows = Rows(session.connection())
    rows.change(_change(kind, tuple(values)), {**values, "this": row_id})


@cache
def _change(kind: Any, names: tuple[str, ...]) -> Prepared:
    """Written once for all rows that are changed alike."""
    this = kind.__table__.c.id == bindparam("this")
    return Prepared(
        update(kind.__table__).where(this).values({name: bindparam(name) for name in names})
    )


_HAPPENED = Prepared(
    insert(Event)
    .values(type="person.left", subject_id=1, at=bindparam("at"), data=text("'{}'"))
    .returning(col(Event.id))
)
_TOLD = Prepared(
    insert(Notification).values(
        reason="named",
        **{name: bindparam(name) for name in ("person_id", "event_id", "made_at")},
    )
)


_AGREED = {"plan": "next_on", "pause": "paused_until", "trial": "trial_to_on"}
_PROPOSERS = ("anchoring_proposed_by_id", "anchoring_entered_by_id")
