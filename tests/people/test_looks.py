"""A person sees how often they were looked at, and what those were who looked; never who."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.errors import Busy
from app.eventlog.models import Event
from app.people.looks import Looks
from app.people.models import PersonLook
from app.people.signed_in import Role, SignedIn
from tests.conftest import NOON

ANY = {"If-Match": "*"}


def looks_of(client, person, **params):
    answer = client.get(f"/api/v1/people/{person.id}/looks", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_looks_are_counted_by_day_and_by_what_the_lookers_are(make, app, signed_in):
    person = make.person()
    lookers = [
        make.person(),
        make.person(),
        make.secretary(),
        make.administrator(),
        make.person(role=Role.AUDITOR),
        make.person(role=f"{Role.ADMINISTRATOR} {Role.SECRETARIAT}"),
    ]
    for looker in lookers:
        assert signed_in(looker).get(f"/api/v1/people/{person.id}").status_code == 200
    app.state.now = NOON + timedelta(days=1)
    signed_in(lookers[0]).get(f"/api/v1/people/{person.id}")

    assert looks_of(signed_in(person), person)["items"] == [
        {"seen_on": "2026-03-03", "lookers": {"employee": 1}},
        {
            "seen_on": "2026-03-02",
            "lookers": {"administrator": 2, "auditor": 1, "employee": 2, "secretariat": 1},
        },
    ]


def test_nothing_that_is_kept_names_the_one_who_looked(make, session, signed_in):
    person, looker = make.person(), make.person(name="Kaj Kollega")
    signed_in(looker).get(f"/api/v1/people/{person.id}")

    (kept,) = session.exec(select(PersonLook)).all()
    assert kept.model_dump() == {
        "person_id": person.id,
        "seen_on": NOON.date(),
        "kind": "employee",
        "count": 1,
    }
    told = [event for event in session.exec(select(Event)) if event.subject_id == person.id]
    assert "person" not in {event.type.split(".")[0] for event in told}


def test_neither_looking_at_oneself_nor_at_a_list_is_a_look(make, session, signed_in):
    person = make.person()
    client = signed_in(person)

    client.get(f"/api/v1/people/{person.id}")
    client.get("/api/v1/people")
    client.get("/api/v1/people/4711")

    assert session.exec(select(PersonLook)).all() == []


def test_looks_are_read_a_page_at_a_time(make, app, signed_in):
    person, looker = make.person(), make.person()
    for day in range(3):
        app.state.now = NOON + timedelta(days=day)
        signed_in(looker).get(f"/api/v1/people/{person.id}")
    client = signed_in(person)

    first = looks_of(client, person, limit=2)
    rest = looks_of(client, person, limit=2, cursor=first["next"])

    days = [look["seen_on"] for look in first["items"] + rest["items"]]
    assert days == ["2026-03-04", "2026-03-03", "2026-03-02"]
    assert rest["next"] is None


def test_only_the_person_and_those_who_read_everything_see_the_looks(make, signed_in):
    person, colleague = make.person(), make.person()
    address = f"/api/v1/people/{person.id}/looks"

    refused = signed_in(colleague).get(address)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    for role in Role:
        assert signed_in(make.person(role=role)).get(address).status_code == 200


def test_looks_are_gone_with_the_name(make, session, signed_in):
    person, administrator = make.person(left_at=NOON), signed_in(make.administrator())
    administrator.get(f"/api/v1/people/{person.id}")
    assert session.exec(select(PersonLook)).all()

    gone = administrator.post(f"/api/v1/people/{person.id}/pseudonymisation", headers=ANY)

    assert gone.status_code == 200
    assert session.exec(select(PersonLook)).all() == []


class _Database:
    """Takes what it is given, or is busy."""

    def __init__(self) -> None:
        self.is_busy = False

    async def change(self, work):
        if self.is_busy:
            raise Busy
        self.kept = dict(work.args[1])


def test_what_could_not_be_noted_is_noted_with_the_next_look():
    database, looks, looker = _Database(), Looks(), SignedIn(1, "Kaj")

    def noting():
        looks.add(looker, [7, 1, 8], on=NOON.date())
        coroutine = looks.note(database, database)
        with pytest.raises(StopIteration):
            coroutine.send(None)

    database.is_busy = True
    with pytest.raises(Busy):
        noting()
    database.is_busy = False
    noting()

    assert database.kept == {
        (7, NOON.date(), "employee"): 2,
        (8, NOON.date(), "employee"): 2,
    }
