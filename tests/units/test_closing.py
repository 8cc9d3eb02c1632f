"""Units close, with a successor or without, and are merged into others."""

from datetime import date

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.handovers.lifecycle import State
from app.units.models import Post, Unit

UNITS = "/api/v1/units"
ANY = {"If-Match": "*"}
TODAY = "2026-03-02"


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


def test_what_a_closing_unit_had_goes_to_its_successor(make, session, secretary):
    leader = make.person()
    old, new = make.unit(leader=leader), make.unit(leader=make.person())
    below = make.unit(parent_id=old.key)
    closed_below = make.unit(parent_id=old.key, closed_on=date(2025, 1, 1))
    employee = make.person(unit_id=old.key)
    open_one = make.handover(unit=old)
    ended = make.handover(unit=old, state=State.DECLINED)

    closed = secretary.post(
        f"{UNITS}/{old.id}/closing", json={"successor_id": new.key}, headers=ANY
    )

    assert closed.status_code == 200
    assert (closed.json()["closed_on"], closed.json()["successor_id"]) == (TODAY, new.id)
    session.expire_all()
    assert (below.parent_id, closed_below.parent_id) == (new.id, old.id)
    assert (employee.unit_id, employee.version) == (new.id, 2)
    assert (open_one.unit_id, ended.unit_id) == (new.id, old.id)
    assert session.exec(select(Post).where(Post.person_id == leader.id)).one().to_on == date(
        2026, 3, 1
    )
    event = session.exec(select(Event).where(Event.type == "unit.closed")).one()
    assert event.data == {"successor_id": new.id}


def test_without_a_successor_the_open_handovers_go_to_the_secretariats_list(
    make, session, secretary
):
    unit = make.unit(leader=make.person())
    handover = make.handover(unit=unit)

    closed = secretary.post(f"{UNITS}/{unit.id}/closing", json={}, headers=ANY)

    assert (closed.json()["closed_on"], closed.json()["successor_id"]) == (TODAY, None)
    listed = secretary.get("/api/v1/handovers", params={"needs_unit": "true"}).json()["items"]
    assert [row["id"] for row in listed] == [handover.id]
    answering = secretary.get(f"{UNITS}/{unit.id}").json()["answering"]
    assert answering["people"] == []


def test_a_unit_with_open_units_under_it_needs_a_successor(make, session, secretary):
    unit = make.unit(name="Afdelingen")
    make.unit(parent_id=unit.key)

    refused = secretary.post(f"{UNITS}/{unit.id}/closing", json={}, headers=ANY)

    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "Afdelingen" in refused.json()["detail"]
    session.refresh(unit)
    assert unit.closed_on is None


def test_a_unit_is_closed_once(make, session, secretary):
    unit = make.unit(closed_on=date(2025, 1, 1))

    refused = secretary.post(f"{UNITS}/{unit.id}/closing", json={}, headers=ANY)

    assert refused.status_code == 409
    session.refresh(unit)
    assert unit.closed_on == date(2025, 1, 1)


def test_a_successor_is_open_and_neither_the_unit_itself_nor_under_it(make, session, secretary):
    unit = make.unit()
    below = make.unit(parent_id=make.unit(parent_id=unit.key).key)
    closed = make.unit(closed_on=date(2025, 1, 1))

    for successor_id in (4711, closed.id, unit.id, below.id):
        refused = secretary.post(
            f"{UNITS}/{unit.id}/closing", json={"successor_id": successor_id}, headers=ANY
        )
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "#/successor_id"

    session.expire_all()
    assert unit.closed_on is None
    assert not session.exec(select(Event).where(Event.type.like("unit.%"))).all()


def test_several_units_are_merged_into_one(make, session, secretary):
    into = make.unit(leader=make.person())
    first, second = make.unit(leader=make.person()), make.unit(parent_id=into.key)
    below = make.unit(parent_id=first.key)
    handovers = [make.handover(unit=first), make.handover(unit=second)]

    merged = secretary.post(
        f"{UNITS}/{into.id}/merger", json={"unit_ids": [first.id, second.id]}, headers=ANY
    )

    assert (merged.status_code, merged.json()["id"]) == (200, into.id)
    session.expire_all()
    for unit in (first, second):
        assert (unit.is_closed, unit.successor_id) == (True, into.id)
    assert below.parent_id == into.id
    assert {handover.unit_id for handover in handovers} == {into.id}


def test_a_merger_that_cannot_be_done_whole_is_not_done_at_all(make, session, secretary):
    top = make.unit()
    into = make.unit(parent_id=top.key)
    fine = make.unit()

    for impossible in (4711, into.id, top.id):
        refused = secretary.post(
            f"{UNITS}/{into.id}/merger", json={"unit_ids": [fine.id, impossible]}, headers=ANY
        )
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "#/unit_ids/1"
    twice = secretary.post(
        f"{UNITS}/{into.id}/merger", json={"unit_ids": [fine.id, fine.id]}, headers=ANY
    )
    assert twice.status_code == 409

    session.expire_all()
    assert not [unit for unit in session.exec(select(Unit)) if unit.is_closed]
    assert not session.exec(select(Event).where(Event.type == "unit.closed")).all()


def test_nothing_is_merged_into_a_closed_unit(make, secretary):
    closed = make.unit(name="Det gamle hus", closed_on=date(2025, 1, 1))

    refused = secretary.post(
        f"{UNITS}/{closed.id}/merger", json={"unit_ids": [make.unit().id]}, headers=ANY
    )

    assert refused.status_code == 409
    assert "Det gamle hus" in refused.json()["detail"]


def test_a_handover_that_moves_with_its_unit_is_told_so_in_its_story(make, secretary):
    old, new = make.unit(name="Det gamle hus"), make.unit(name="Det nye hus")
    handover = make.handover(unit=old)

    secretary.post(f"{UNITS}/{old.id}/closing", json={"successor_id": new.key}, headers=ANY)

    story = secretary.get(f"/api/v1/handovers/{handover.id}/story").json()["items"]
    assert "Det nye hus" in story[-1]["text"]
