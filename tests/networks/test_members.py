"""Who is in a network, as what, from when and to when."""

from datetime import date

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.networks.models import Member, NetworkRole

NETWORKS = "/api/v1/networks"


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


def test_a_person_joins_today_and_may_give_at_once(make, signed_in, session, secretary):
    network, person = make.network(), make.person(name="Ida Øst")

    joined = secretary.post(
        f"{NETWORKS}/{network.id}/members", json={"person_id": person.key, "role": "consultant"}
    )

    assert joined.status_code == 201
    assert joined.json() == {
        "id": joined.json()["id"],
        "network_id": network.id,
        "person_id": person.id,
        "name": "Ida Øst",
        "role": "consultant",
        "from_on": "2026-03-02",
        "to_on": None,
    }
    gift = signed_in(person).post("/api/v1/gifts", json={"network_id": network.key, "title": "Ny"})
    assert gift.status_code == 201
    event = session.exec(select(Event).where(Event.type == "network.member_joined")).one()
    assert event.data == {"person_id": person.id, "role": "consultant", "from_on": "2026-03-02"}


def test_the_networks_own_leader_lets_others_in_and_a_participant_does_not(make, signed_in):
    leader, participant, newcomer = make.person(), make.person(), make.person()
    network = make.network(leader=leader)
    make.member(network, participant, role=NetworkRole.PARTICIPANT)
    body = {"person_id": newcomer.key, "role": "participant"}

    refused = signed_in(participant).post(f"{NETWORKS}/{network.id}/members", json=body)
    joined = signed_in(leader).post(f"{NETWORKS}/{network.id}/members", json=body)

    assert (refused.status_code, joined.status_code) == (403, 201)
    assert refused.json()["detail"]


def test_one_person_may_have_two_roles_but_not_the_same_one_twice_at_a_time(
    make, session, secretary
):
    network, person = make.network(), make.person()
    at = f"{NETWORKS}/{network.id}/members"
    spring = {"from_on": "2026-03-01", "to_on": "2026-05-31", "person_id": person.key}
    assert secretary.post(at, json={**spring, "role": "leader"}).status_code == 201

    for from_on, to_on in (
        ("2026-03-01", "2026-05-31"),
        ("2026-05-31", "2026-06-30"),
        ("2026-02-01", "2026-03-01"),
        ("2026-01-01", None),
        ("2026-04-01", "2026-04-02"),
    ):
        again = {**spring, "role": "leader", "from_on": from_on, "to_on": to_on}
        refused = secretary.post(at, json=again)
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert person.name in refused.json()["detail"]

    after = {**spring, "role": "leader", "from_on": "2026-06-01", "to_on": None}
    other_role = {**spring, "role": "participant"}
    assert [secretary.post(at, json=body).status_code for body in (after, other_role)] == [201, 201]
    assert len(session.exec(select(Member)).all()) == 3


def test_a_role_never_ends_before_it_begins(make, session, secretary):
    network, person = make.network(), make.person()
    member = make.member(network, person)

    joined = secretary.post(
        f"{NETWORKS}/{network.id}/members",
        json={
            "person_id": person.key,
            "role": "participant",
            "from_on": "2026-04-01",
            "to_on": "2026-03-31",
        },
    )
    ended = secretary.post(
        f"{NETWORKS}/{network.id}/members/{member.id}/ending", json={"to_on": "2001-01-01"}
    )

    for refused in (joined, ended):
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "#/to_on"
    session.refresh(member)
    assert member.to_on is None


def test_a_person_who_does_not_exist_cannot_join(make, secretary):
    refused = secretary.post(
        f"{NETWORKS}/{make.network().id}/members", json={"person_id": 4711, "role": "leader"}
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/person_id"


def test_who_goes_out_of_a_network_gives_for_it_to_the_end_of_the_day(
    make, app, signed_in, session, secretary
):
    person = make.person()
    network = make.network(leader=person)
    member = session.exec(select(Member)).one()

    ended = secretary.post(f"{NETWORKS}/{network.id}/members/{member.id}/ending", json={})

    assert (ended.status_code, ended.json()["to_on"]) == (200, "2026-03-02")
    client = signed_in(person)
    body = {"network_id": network.key, "title": "Ny"}
    assert client.post("/api/v1/gifts", json=body).status_code == 201
    app.state.now = make.now.replace(day=3)
    assert client.post("/api/v1/gifts", json=body).status_code == 403
    event = session.exec(select(Event).where(Event.type == "network.member_left")).one()
    assert event.data == {"person_id": person.id, "role": "leader", "to_on": "2026-03-02"}


def leaves(client, person, noun="departure"):
    at = f"/api/v1/people/{person.id}/{noun}"
    response = client.post(at, headers={"If-Match": "*"})
    assert response.status_code == 200, response.text


def test_who_has_left_is_in_no_network_and_gives_for_none_when_they_are_back(
    make, signed_in, session, secretary
):
    person = make.person()
    network, another = make.network(leader=person), make.network()
    over = make.member(another, person)
    over.to_on = date(2026, 2, 1)
    to_come = make.member(another, person, role=NetworkRole.CO_DRIVER)
    to_come.from_on = date(2026, 4, 1)
    session.flush()

    leaves(secretary, person)
    leaves(secretary, person, "return")

    listed = secretary.get(f"{NETWORKS}/{network.id}/members").json()["items"]
    assert [row["to_on"] for row in listed] == ["2026-03-01"]
    others = secretary.get(f"{NETWORKS}/{another.id}/members").json()["items"]
    assert [(row["id"], row["to_on"]) for row in others] == [(over.id, "2026-02-01")]
    gift = {"network_id": network.key, "title": "Ny"}
    assert signed_in(person).post("/api/v1/gifts", json=gift).status_code == 403
    told = session.exec(
        select(Event).where(Event.type == "network.member_left").order_by(Event.id)
    ).all()
    assert [(event.subject_id, event.data["to_on"]) for event in told] == [
        (network.id, "2026-03-01"),
        (another.id, "2026-03-01"),
    ]


def test_where_the_last_giver_has_left_the_secretariat_gives(make, secretary):
    person = make.person()
    network = make.network(leader=person)
    leaves(secretary, person)
    gift = {"network_id": network.key, "title": "Ny"}
    assert secretary.post("/api/v1/gifts", json=gift).status_code == 201


def test_a_role_that_ended_with_a_departure_does_not_begin_again(make, session, secretary):
    gone = make.person(name="Gerda", left_at=make.now)
    member = make.member(make.network(), gone)
    member.to_on = date(2026, 3, 1)
    session.flush()
    ending = f"{NETWORKS}/{member.network_id}/members/{member.id}/ending"

    refused = secretary.post(ending, json={"to_on": "2026-03-03"})
    earlier = secretary.post(ending, json={"to_on": "2026-01-31"})

    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "Gerda" in refused.json()["detail"]
    assert (earlier.status_code, earlier.json()["to_on"]) == (200, "2026-01-31")


def test_ending_a_role_on_the_same_day_twice_is_the_same_as_once(make, session, secretary):
    network = make.network()
    member = make.member(network, make.person())
    at = f"{NETWORKS}/{network.id}/members/{member.id}/ending"

    first, second = secretary.post(at, json={}), secretary.post(at, json={})

    assert second.json() == first.json()
    assert len(session.exec(select(Event).where(Event.type == "network.member_left")).all()) == 1


def test_a_role_is_ended_in_its_own_network(make, secretary):
    member = make.member(make.network(), make.person())

    missing = secretary.post(f"{NETWORKS}/{make.network().id}/members/{member.id}/ending", json={})

    assert missing.status_code == 404


def test_everyone_can_read_who_is_and_was_in_a_network_in_the_order_they_came(make, signed_in):
    network = make.network()
    late, early = make.member(network, make.person()), make.member(network, make.person())
    late.from_on, early.from_on, early.to_on = date(2026, 1, 1), date(2025, 1, 1), date(2025, 6, 30)
    make.member(make.network(), make.person())

    listed = signed_in(make.person()).get(f"{NETWORKS}/{network.id}/members").json()["items"]

    assert [row["id"] for row in listed] == [early.id, late.id]
    assert listed[0]["to_on"] == "2025-06-30"
