"""Networks: registering, reading, changing and finding them."""

from datetime import date

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.networks.models import Network, NetworkKind, NetworkRole

NETWORKS = "/api/v1/networks"
ANY = {"If-Match": "*"}
NEW = {
    "name": "Fra ung til voksen",
    "kind": "welfare",
    "question": "Hvordan undgår vi, at unge falder mellem to stole?",
    "springboard": "Otte sager på et år.",
    "starts_on": "2026-03-01",
    "ends_on": "2026-08-31",
}


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


def test_the_secretariat_registers_a_network_that_everyone_can_read(make, signed_in, secretary):
    made = secretary.post(NETWORKS, json=NEW)

    assert made.status_code == 201
    body = made.json()
    assert body == {"id": body["id"], "version": 1, **NEW}
    read = signed_in(make.person()).get(made.headers["Location"])
    assert (read.json(), read.headers["ETag"]) == (body, '"1"')


def test_a_network_needs_neither_an_end_nor_a_springboard(secretary):
    made = secretary.post(
        NETWORKS,
        json={"name": "N", "kind": "innovation", "question": "Hvad?", "starts_on": "2026-03-01"},
    )

    assert (made.json()["ends_on"], made.json()["springboard"]) == (None, "")


@pytest.mark.parametrize(
    ("over", "pointer", "code"),
    [
        ({"kind": "sewing"}, "#/kind", "enum"),
        ({"question": " "}, "#/question", "empty"),
        ({"starts_on": "1. marts"}, "#/starts_on", "day_type"),
        ({"ends_on": "2026-02-28"}, "#/ends_on", "invalid"),
        ({"springboard": "Sagen om 010190-1234"}, "#/springboard", "cpr_number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(session, secretary, over, pointer, code):
    refused = secretary.post(NETWORKS, json={**NEW, **over})

    assert refused.status_code == 422
    errors = [(error["pointer"], error["code"]) for error in refused.json()["errors"]]
    assert errors == [(pointer, code)]
    assert not session.exec(select(Network)).all()


def test_only_the_secretariat_registers_networks(make, signed_in, session):
    for somebody in (make.person(), _giver(make), _unit_leader(make), make.administrator()):
        refused = signed_in(somebody).post(NETWORKS, json=NEW)
        assert refused.status_code == 403
        assert refused.json()["detail"]
    assert not session.exec(select(Network).where(Network.name == NEW["name"])).all()
    assert signed_in(make.secretary()).post(NETWORKS, json=NEW).status_code == 201


@pytest.mark.parametrize("role", NetworkRole)
def test_those_who_give_for_a_network_change_it_and_the_others_in_it_do_not(
    make, signed_in, session, role
):
    network, person = make.network(name="Før"), make.person()
    make.member(network, person, role=role)
    gives = role in {NetworkRole.LEADER, NetworkRole.CO_DRIVER, NetworkRole.CONSULTANT}

    changed = signed_in(person).patch(
        f"{NETWORKS}/{network.id}", json={"name": "Efter"}, headers=ANY
    )

    assert changed.status_code == (200 if gives else 403)
    session.refresh(network)
    assert network.name == ("Efter" if gives else "Før")


def test_who_gives_for_another_network_or_gave_once_does_not_change_this_one(make, signed_in):
    network, former = make.network(), make.person()
    member = make.member(network, former)
    member.to_on = date(2026, 3, 1)

    for somebody in (former, _giver(make), _unit_leader(make), make.person()):
        refused = signed_in(somebody).patch(
            f"{NETWORKS}/{network.id}", json={"name": "Nyt"}, headers=ANY
        )
        assert refused.status_code == 403


def test_what_is_not_yours_is_said_before_what_has_changed(make, signed_in):
    network = make.network()

    refused = signed_in(make.person()).patch(
        f"{NETWORKS}/{network.id}", json={"name": "Nyt"}, headers={"If-Match": '"9"'}
    )

    assert refused.status_code == 403


def test_a_network_is_changed_as_it_was_last_seen(make, session, secretary):
    network = make.network(name="Før")
    at = f"{NETWORKS}/{network.id}"

    assert secretary.patch(at, json={"name": "Nyt"}).status_code == 428
    assert secretary.patch(at, json={"name": "Nyt"}, headers={"If-Match": '"2"'}).status_code == 412
    changed = secretary.patch(
        at, json={"name": "Ærligt", "ends_on": None}, headers={"If-Match": '"1"'}
    )

    assert (changed.json()["name"], changed.headers["ETag"]) == ("Ærligt", '"2"')
    event = session.exec(select(Event).where(Event.type == "network.changed")).one()
    assert event.data == {"fields": ["name"]}
    found = secretary.get(NETWORKS, params={"q": "ærligt"}).json()["items"]
    assert found == [changed.json()]


def test_a_network_cannot_be_changed_to_end_before_it_begins(make, session, secretary):
    network = make.network(starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))
    at = f"{NETWORKS}/{network.id}"

    later = secretary.patch(at, json={"starts_on": "2026-07-01"}, headers=ANY)
    earlier = secretary.patch(at, json={"ends_on": "2025-12-31"}, headers=ANY)

    assert [later.status_code, earlier.status_code] == [422, 422]
    assert not session.exec(select(Event).where(Event.type == "network.changed")).all()
    session.expire_all()
    assert (network.starts_on, network.ends_on) == (date(2026, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "Nyt"}),
        ("GET", "/members", None),
        ("POST", "/members", {"person_id": 1, "role": "leader"}),
        ("POST", "/members/1/ending", {}),
    ],
)
def test_a_network_that_does_not_exist_is_not_found(make, signed_in, secretary, method, path, body):
    for client in (secretary, signed_in(make.person())):
        missing = client.request(method, f"{NETWORKS}/4711{path}", json=body, headers=ANY)
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_networks_are_listed_by_kind_person_and_whether_they_run_today(make, signed_in):
    person = make.person()
    running = make.network(leader=person)
    last_day = make.network(ends_on=date(2026, 3, 2), kind=NetworkKind.LEARNING)
    over = make.network(ends_on=date(2026, 3, 1), leader=person)
    coming = make.network(starts_on=date(2026, 3, 3))
    client = signed_in(make.person())

    def listed(**filters):
        return [row["id"] for row in client.get(NETWORKS, params=filters).json()["items"]]

    assert listed() == [running.id, last_day.id, over.id, coming.id]
    assert listed(kind="learning") == [last_day.id]
    assert listed(person_id=person.key) == [running.id, over.id]
    assert listed(is_running="true") == [running.id, last_day.id]
    assert listed(is_running="true", person_id=person.key) == [running.id]


@pytest.mark.parametrize("words", ["GÅRDÆBLE", "gårdæble", "Æble", "ØST", "øst gård"])
def test_a_network_is_found_by_words_in_its_name_or_question(secretary, words):
    made = secretary.post(
        NETWORKS, json={**NEW, "name": "Gårdæblet", "question": "Hvad sker der mod Øst?"}
    )
    secretary.post(NETWORKS, json={**NEW, "name": "Et andet"})

    found = secretary.get(NETWORKS, params={"q": words}).json()["items"]

    assert [row["id"] for row in found] == [made.json()["id"]]


def test_a_long_list_comes_in_pages(make, secretary):
    networks = [make.network().id for _ in range(5)]

    seen, url = [], f"{NETWORKS}?limit=2"
    while url:
        page = secretary.get(url)
        seen += [row["id"] for row in page.json()["items"]]
        url = page.links["next"]["url"] if page.links else None

    assert seen == networks


def _giver(make):
    person = make.person()
    make.network(leader=person)
    return person


def _unit_leader(make):
    person = make.person()
    make.unit(leader=person)
    return person
