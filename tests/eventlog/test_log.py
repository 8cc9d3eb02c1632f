"""The log: one row per thing that happened, in the transaction of the change, for ever."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from app.eventlog import log, queries
from app.eventlog.log import By, PersonId
from app.eventlog.models import Event
from app.people.events import KeyMade, PersonLeft, PersonRegistered, PersonReturned
from app.rows import Rows
from app.units.models import Unit
from tests.conftest import NOON
from tests.make import Make

FIRST = PersonRegistered(subject_id=7)


@pytest.fixture
def event(session, make):
    log.record(session, FIRST, By(3, on_behalf_of_id=4), at=make.now)
    session.flush()
    return session.exec(select(Event)).one()


def test_an_event_says_what_happened_to_whom_by_whom_and_when(event, make):
    assert (event.type, event.subject_id) == ("person.registered", 7)
    assert (event.actor_id, event.on_behalf_of_id) == (3, 4)
    assert event.at == make.now
    assert event.data == {}
    assert event.handover_id is None
    assert event.fanned_out_at is None


def test_an_event_keeps_its_own_fields_as_json(session, make):
    made = KeyMade(subject_id=1, person_id=PersonId(7), label="Søs' nøgle")

    log.record(session, made, By(), at=make.now)
    session.flush()

    event = session.exec(select(Event)).one()
    assert event.data == {"person_id": 7, "label": "Søs' nøgle"}
    assert event.actor_id is None


def test_what_is_undone_never_happened(session, make):
    with session.begin_nested() as change:
        log.record(session, FIRST, By(), at=make.now)
        session.flush()
        change.rollback()

    assert session.exec(select(Event)).all() == []


def test_telling_of_a_change_does_not_store_the_first_half_of_it(own_database):
    with own_database.writing() as session:
        unit_id = Make(session, now=NOON).unit(name="Før").key
    with own_database.writing() as session:
        unit = session.get(Unit, unit_id)
        unit.name = "Efter"
        log.record(session, FIRST, By(), at=NOON)
        unit.search_text = "efter"
    with own_database.reading() as session:
        assert session.get(Unit, unit_id).version == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET type = 'person.left'",
        "UPDATE event SET actor_id = NULL",
        "UPDATE event SET at = CURRENT_TIMESTAMP, fanned_out_at = CURRENT_TIMESTAMP",
        "UPDATE event SET data = '{}'",
        "DELETE FROM event",
    ],
)
def test_what_has_happened_cannot_be_changed_or_deleted(session, event, change):
    before = event.model_dump()

    with pytest.raises(DBAPIError, match="events are only added"), session.begin_nested():
        session.execute(text(change))

    session.expire_all()
    assert session.exec(select(Event)).one().model_dump() == before


def test_the_log_cannot_be_emptied_or_written_over_either(session, event):
    if session.get_bind().dialect.name == "postgresql":
        statement = "TRUNCATE event CASCADE"
    else:
        statement = "INSERT OR REPLACE INTO event SELECT * FROM event"

    with pytest.raises(DBAPIError, match="events are only added"), session.begin_nested():
        session.execute(text(statement))

    assert session.exec(select(Event)).all() == [event]


def test_only_that_it_has_been_passed_on_may_be_noted_on_an_event(session, event, make):
    session.execute(update(Event).values(fanned_out_at=make.now))

    session.expire_all()
    assert session.exec(select(Event)).one().fanned_out_at == make.now


def test_who_follows_an_event_hears_it_once_and_hears_no_other(session, make, heard):
    log.follow(PersonReturned, heard)

    log.record(session, PersonReturned(subject_id=7), By(3), at=make.now)
    log.record(session, PersonLeft(subject_id=7), By(3), at=make.now)

    assert heard.events == [(PersonReturned(subject_id=7), By(3), make.now)]


def test_what_a_follower_cannot_do_stops_the_whole_change(session, make, heard):
    heard.error = ValueError("nej")
    log.follow(PersonReturned, heard)

    with pytest.raises(ValueError, match="nej"), session.begin_nested():
        log.record(session, PersonReturned(subject_id=7), By(3), at=make.now)

    assert session.exec(select(Event)).all() == []


def test_every_kind_of_event_has_a_name_of_its_own_made_of_a_thing_and_what_it_became():
    for name, kind in log.CATALOG.items():
        thing, _, became = name.partition(".")
        assert name == kind.type
        assert thing
        assert became
        assert name.islower()


def test_the_log_is_read_in_pages_by_any_of_its_fields(session, make):
    for number in range(5):
        kind = PersonLeft if number % 2 else PersonRegistered
        log.record(session, kind(subject_id=number), By(number % 3), at=make.now)
    session.flush()

    def page(limit=10, after_id=0, **filters):
        rows, statement = Rows(session.connection()), queries.page_of(filters)
        return queries.page(rows, statement, parameters=filters, after_id=after_id, limit=limit)

    def read(**asked):
        return [row["subject_id"] for row in page(**asked)]

    assert read() == [0, 1, 2, 3, 4]
    assert read(limit=2) == [0, 1]
    assert read(after_id=page(limit=2)[-1]["id"]) == [2, 3, 4]
    assert read(type="person.left") == [1, 3]
    assert read(actor_id=0) == [0, 3]
    assert read(actor_id=0, type="person.left") == [3]
    assert read(subject_id=4) == [4]
    assert read(at_from=make.now) == [0, 1, 2, 3, 4]
    assert read(at_before=make.now) == []


class Follower:
    """Writes down what it hears, or refuses."""

    def __init__(self):
        self.events = []
        self.error = None

    def __call__(self, session, event, by, at):
        if self.error:
            raise self.error
        self.events.append((event, by, at))


@pytest.fixture
def heard():
    follower = Follower()
    yield follower
    for reactions in log._reactions.values():
        if follower in reactions:
            reactions.remove(follower)
