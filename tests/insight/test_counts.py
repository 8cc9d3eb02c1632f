"""How many handovers each unit has in each state, from the counts that the database keeps."""

from collections import Counter

import pytest
from sqlalchemy import text

from app.handovers.lifecycle import State
from app.handovers.models import Handover, HandoverCount

COUNTS = "/api/v1/counts"


def counted(client, **asked):
    response = client.get(COUNTS, params=asked)
    assert response.status_code == 200, response.text
    return {item["unit_id"]: item["states"] for item in response.json()["items"]}


def kept(session):
    rows = session.execute(
        text("SELECT unit_id, state, is_announced, handovers FROM handover_count")
    )
    return Counter({(unit, state, bool(told)): many for unit, state, told, many in rows if many})


def there(session):
    session.flush()
    rows = session.execute(text("SELECT unit_id, state, announced_at FROM handover"))
    return Counter((unit, state, told is not None) for unit, state, told in rows)


def test_each_unit_has_its_own_counts(make, signed_in):
    above = make.unit(leader=make.person())
    below = make.unit(parent_id=above.key, leader=make.person())
    elsewhere = make.unit(leader=make.person())
    for _ in range(2):
        make.handover(unit=below, state=State.DELIVERED)
    make.handover(unit=below, state=State.IN_USE)
    make.handover(unit=elsewhere, state=State.DELIVERED)
    client = signed_in(make.secretary())

    assert counted(client, unit_id=above.key) == {
        above.key: {},
        below.key: {"delivered": 2, "in_use": 1},
    }
    assert counted(client)[elsewhere.key] == {"delivered": 1}


def test_drafts_are_counted_only_for_those_who_see_them(make, signed_in):
    giver, stranger = make.person(), make.person()
    network = make.network(leader=giver)
    unit = make.unit(leader=make.person())
    make.handover(gift=make.gift(network=network), unit=unit, state=State.DRAFT)
    make.handover(gift=make.gift(network=network), unit=unit, state=State.DELIVERED)

    assert counted(signed_in(stranger))[unit.key] == {"delivered": 1}
    for person in (giver, make.secretary()):
        assert counted(signed_in(person))[unit.key] == {"delivered": 1, "draft": 1}


def test_pages_of_counts_follow_each_other(make, signed_in):
    units = [make.unit(leader=make.person()).key for _ in range(5)]
    client = signed_in(make.secretary())
    seen, cursor = [], None
    while True:
        page = client.get(COUNTS, params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        body = page.json()
        seen += [item["unit_id"] for item in body["items"]]
        cursor = body["next"]
        if cursor is None:
            break
    assert [unit for unit in seen if unit in units] == units


@pytest.mark.parametrize("state", [State.DRAFT, State.DELIVERED, State.ACCEPTED])
def test_the_counts_follow_every_change(session, make, state):
    first, second = (make.unit(leader=make.person()) for _ in range(2))
    handover = make.handover(unit=first, state=state)
    assert kept(session) == there(session)
    handover.unit_id = second.key
    assert kept(session) == there(session)
    session.flush()
    assert kept(session) == there(session)
    assert session.get(HandoverCount, (second.key, state, state is not State.DRAFT)).handovers == 1


def test_what_is_taken_away_is_counted_no_more(session, make):
    handover = make.handover(state=State.DRAFT)
    session.flush()
    session.execute(text("DELETE FROM handover WHERE id = :id"), {"id": handover.key})
    assert kept(session) == there(session) == Counter()
    assert session.get(Handover, handover.key, populate_existing=True) is None
