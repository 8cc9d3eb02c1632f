"""When a mail is made, what it gathers, and that there is one a day."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from app.clock import COPENHAGEN
from app.eventlog.models import Event
from app.notifications import digests
from app.notifications.digests import gather
from app.notifications.models import Digest, HowMuch, Notification, Reminder
from app.notifications.sending import give_back, sends
from app.work.models import WorkItem
from tests.make import Make

TODAY = date(2026, 3, 2)


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=COPENHAGEN)


@pytest.fixture
def told(session, make: Make):
    """Tells a person something at that time: of a reminder, or of an event."""

    def tell(person, made_at=None, *, by_reminder: bool = True, **over) -> Notification:
        made_at = made_at or at(4)
        fields = {"person_id": person.key, "made_at": made_at, **over}
        if by_reminder:
            handover = make.handover(life_due_on=TODAY, days_ago=14)
            fields |= {"handover_id": handover.key, "reason": "unanswered"}
            reminder = make._save(
                Reminder(handover_id=handover.key, kind="unanswered", due_on=TODAY, made_at=made_at)
            )
            return make._save(Notification(reminder_id=reminder.id, **fields))
        return make._save(Notification(event_id=event_of(session), reason="leader", **fields))

    return tell


@pytest.fixture
def mailed(session):
    """The people who have been given a mail by then, as often as they were."""

    def look(now: datetime) -> list[int]:
        gather(lambda work: work(session), now=now)
        items = select(WorkItem.payload).where(WorkItem.kind == "mail.digest")
        ids = [payload["digest_id"] for payload in session.exec(items.order_by(WorkItem.id))]
        session.expire_all()
        return [session.get(Digest, digest_id).person_id for digest_id in ids]

    return look


def event_of(session) -> int:
    event = Event(type="person.left", subject_id=1, at=at(1), data={})
    session.add(event)
    session.flush()
    return event.id


def choose(make: Make, person, *, hour: int = 8, how_much: HowMuch = HowMuch.ALL) -> None:
    make.mail_choice(person, hour=hour, how_much=how_much)


def test_mail_is_made_at_eight_unless_somebody_has_chosen_another_hour(make, told, mailed):
    plain, late = make.person(), make.person()
    choose(make, late, hour=14)
    for person in (plain, late):
        told(person)
    assert mailed(at(7, 59)) == []
    assert mailed(at(8)) == [plain.key]
    assert mailed(at(13, 45)) == [plain.key]
    assert mailed(at(14, 0)) == [plain.key, late.key]


def test_there_is_one_mail_a_day_and_what_comes_later_waits_until_the_next(make, told, mailed):
    person = make.person()
    told(person)
    assert mailed(at(8)) == [person.key]
    told(person, at(9))
    assert mailed(at(9, 15)) == [person.key]
    assert mailed(at(8, day=TODAY + timedelta(days=1))) == [person.key] * 2


def test_what_happens_after_the_hour_waits_also_where_there_was_no_mail(make, told, mailed):
    person = make.person()
    told(person, at(9), by_reminder=False)
    assert mailed(at(9, 15)) == []
    assert mailed(at(8, day=TODAY + timedelta(days=1))) == [person.key]


def test_hours_that_were_missed_are_caught_up_with_the_same_day(make, told, mailed):
    person, other = make.person(), make.person()
    told(person, at(7), by_reminder=False)
    # The look for silence was late too.
    told(other, at(15))
    assert mailed(at(15, 5)) == [person.key, other.key]


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 4, 3), date(2026, 7, 8)], ids=str)
def test_no_mail_is_made_on_a_day_off(make, told, mailed, day):
    told(make.person())
    assert mailed(at(12, day=day)) == []


def test_whoever_wants_none_has_left_or_has_no_address_gets_none(make, told, mailed, session):
    wants_none = make.person()
    choose(make, wants_none, how_much=HowMuch.NONE)
    for person in (wants_none, make.person(left_at=make.now), make.person(mail=None)):
        told(person)
    assert mailed(at(8)) == []
    # It is put aside: it is not looked at again every quarter of an hour.
    unmailed = select(Notification.id).where(Notification.digest_id.is_(None))
    assert session.exec(unmailed).all() == []


def test_what_is_read_by_then_is_not_mailed(make, told, mailed, session):
    told(make.person(), read_at=at(7))
    assert mailed(at(8)) == []


def test_a_mail_that_could_not_be_sent_gives_back_what_it_did_not_say(make, told, mailed, session):
    person = make.person()
    told(person)
    told(person, read_at=at(7))
    assert mailed(at(8)) == [person.key]
    first = session.exec(select(Digest)).one()
    give_back(session, first.id)
    tomorrow = TODAY + timedelta(days=1)
    assert mailed(at(8, day=tomorrow)) == [person.key] * 2
    gathered = select(Notification.digest_id).where(Notification.read_at.is_(None))
    second = session.exec(select(Digest).where(Digest.day == tomorrow)).one()
    assert session.exec(gathered).all() == [second.id]


def test_a_mail_is_sent_on_its_own_day_only(make, told, mailed, session, own_task):
    person = make.person()
    told(person)
    mailed(at(8))
    digest = session.exec(select(Digest)).one()
    task, said = own_task({"digest_id": digest.id}), []

    def handler(now):
        return sends(lambda _, envelope, day: said.append((envelope.day, day)), now=lambda: now)

    assert handler(at(23, 59))(task) is None
    assert said == [(TODAY, TODAY)]
    write = handler(at(0, 1, TODAY + timedelta(days=1)))(task)
    assert len(said) == 1
    write(session)
    session.expire_all()
    assert session.exec(select(Notification.digest_id)).one() is None


def test_many_people_are_looked_through_some_at_a_time(make, told, mailed, monkeypatch):
    monkeypatch.setattr(digests, "AT_A_TIME", 3)
    people = [make.person() for _ in range(7)]
    for person in people:
        told(person)
    assert mailed(at(8)) == [person.key for person in people]


def test_nothing_is_read_of_those_who_have_had_everything(make, told, mailed, session):
    told(make.person())
    mailed(at(8))
    assert digests._waiting_after(session, 0, today=TODAY) == []


def test_who_was_mailed_today_of_another_day_gets_no_more_today(make, told, mailed, session):
    person = make.person()
    late = make.digest(person, day=TODAY - timedelta(days=3))
    late.sent_at = at(1)
    session.flush()
    told(person)
    assert mailed(at(8)) == []
    assert len(mailed(at(8, day=TODAY + timedelta(days=1)))) == 1
