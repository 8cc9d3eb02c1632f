"""What changes in a gift once it has been given: corrections, new editions, contact persons."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.gifts.models import Contact
from app.handovers.lifecycle import State

GIFTS = "/api/v1/gifts"
ANY = {"If-Match": "*"}


@pytest.fixture
def giver(make):
    return make.person()


@pytest.fixture
def network(make, giver):
    return make.network(leader=giver)


@pytest.fixture
def client(signed_in, giver):
    return signed_in(giver)


def test_a_draft_is_changed_without_more_ado_and_stays_its_first_edition(
    make, client, network, session
):
    gift = make.gift(network=network, is_given=False)

    changed = client.patch(f"{GIFTS}/{gift.id}", json={"title": "Nyt navn"}, headers=ANY)

    assert (changed.json()["title"], changed.json()["edition"]) == ("Nyt navn", 1)
    editions = client.get(f"{GIFTS}/{gift.id}/editions").json()["items"]
    assert [(one["number"], one["title"]) for one in editions] == [(1, "Nyt navn")]
    event = session.exec(select(Event).where(Event.type == "gift.changed")).one()
    assert event.data == {"fields": ["title"]}


def test_who_changes_a_given_gift_says_whether_it_is_still_the_same(make, client, network, session):
    gift = make.gift(network=network, title="Mødet")

    unsaid = client.patch(f"{GIFTS}/{gift.id}", json={"title": "Nyt"}, headers=ANY)
    untold = client.patch(
        f"{GIFTS}/{gift.id}", json={"title": "Nyt", "change": "material"}, headers=ANY
    )

    for refused, pointer in ((unsaid, "#/change"), (untold, "#/changes")):
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    session.refresh(gift)
    assert (gift.title, gift.edition, gift.version) == ("Mødet", 1, 1)


def test_a_minor_change_corrects_the_edition_and_leaves_receipts_alone(
    make, client, network, session
):
    gift = make.gift(network=network)
    handover = make.handover(gift=gift, state=State.ACKNOWLEDGED)

    changed = client.patch(
        f"{GIFTS}/{gift.id}", json={"ask": "60 minutter.", "change": "minor"}, headers=ANY
    )

    assert (changed.status_code, changed.json()["edition"]) == (200, 1)
    (edition,) = client.get(f"{GIFTS}/{gift.id}/editions").json()["items"]
    assert edition["ask"] == "60 minutter."
    session.refresh(handover)
    assert (handover.state, handover.version) == (State.ACKNOWLEDGED, 1)


def test_a_material_change_makes_an_edition_and_voids_the_receipts_before_trial(
    make, client, network, session
):
    gift = make.gift(network=network, ask="30 minutter.")
    states = (State.DELIVERED, State.ACKNOWLEDGED, State.ACCEPTED, State.TRIAL, State.IN_USE)
    handovers = {state: make.handover(gift=gift, state=state) for state in states}

    changed = client.patch(
        f"{GIFTS}/{gift.id}",
        json={"ask": "Et helt døgn.", "change": "material", "changes": "Det tager længere tid."},
        headers=ANY,
    )

    assert (changed.status_code, changed.json()["edition"]) == (200, 2)
    new, old = client.get(f"{GIFTS}/{gift.id}/editions").json()["items"]
    assert (new["number"], new["ask"], new["changes"]) == (
        2,
        "Et helt døgn.",
        "Det tager længere tid.",
    )
    assert (old["number"], old["ask"], old["changes"]) == (1, "30 minutter.", "")
    session.expire_all()
    assert {state: handover.state for state, handover in handovers.items()} == {
        State.DELIVERED: State.DELIVERED,
        State.ACKNOWLEDGED: State.DELIVERED,
        State.ACCEPTED: State.DELIVERED,
        State.TRIAL: State.TRIAL,
        State.IN_USE: State.IN_USE,
    }
    assert {state: handover.edition for state, handover in handovers.items()} == {
        State.DELIVERED: 2,
        State.ACKNOWLEDGED: 2,
        State.ACCEPTED: 2,
        State.TRIAL: 1,
        State.IN_USE: 1,
    }
    assert handovers[State.ACKNOWLEDGED].acknowledged_at is None
    assert all(handover.is_new_edition for handover in handovers.values())


def test_saying_the_same_again_changes_nothing_also_when_it_is_called_material(
    make, client, network, session
):
    gift = make.gift(network=network, title="Mødet")

    same = client.patch(
        f"{GIFTS}/{gift.id}",
        json={"title": " Mødet ", "change": "material", "changes": "Ingenting."},
        headers=ANY,
    )

    assert (same.status_code, same.json()["edition"], same.headers["ETag"]) == (200, 1, '"1"')
    assert not session.exec(select(Event).where(Event.type.like("gift.%"))).all()


def test_editions_are_numbered_one_after_another(make, client, network):
    gift = make.gift(network=network)

    for number in (2, 3, 4):
        changed = client.patch(
            f"{GIFTS}/{gift.id}",
            json={"ask": f"{number} møder.", "change": "material", "changes": "Flere møder."},
            headers={"If-Match": f'"{number - 1}"'},
        )
        assert changed.json()["edition"] == number

    editions = client.get(f"{GIFTS}/{gift.id}/editions").json()["items"]
    assert [one["number"] for one in editions] == [4, 3, 2, 1]


def test_a_contact_person_is_named_once_with_what_it_takes_to_reach_them(
    make, client, network, session
):
    gift = make.gift(network=network)
    person = make.person(name="Aa", title="Konsulent", mail="aa@a.example", phone="72 30 41 17")
    at = f"{GIFTS}/{gift.id}/contacts"

    named = client.post(at, json={"person_id": person.key}, headers={"If-Match": '"1"'})
    again = client.post(at, json={"person_id": person.key}, headers={"If-Match": '"2"'})

    assert (named.status_code, named.headers["ETag"]) == (201, '"2"')
    assert named.json()["contacts"][0] == {
        "person_id": person.id,
        "name": "Aa",
        "title": "Konsulent",
        "mail": "aa@a.example",
        "phone": "72 30 41 17",
    }
    assert again.json() == named.json()
    assert len(session.exec(select(Event).where(Event.type == "gift.contact_added")).all()) == 1


def test_a_contact_person_exists(make, client, network):
    gift = make.gift(network=network)

    refused = client.post(f"{GIFTS}/{gift.id}/contacts", json={"person_id": 4711}, headers=ANY)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/person_id"


def test_a_given_gift_keeps_somebody_who_can_be_asked(make, client, network, session):
    first, second = make.person(), make.person()
    gift = make.gift(network=network, contact=first)
    at = f"{GIFTS}/{gift.id}/contacts"

    alone = client.delete(f"{at}/{first.id}", headers=ANY)
    client.post(at, json={"person_id": second.key}, headers=ANY)
    removed = client.delete(f"{at}/{first.id}", headers=ANY)
    absent = client.delete(f"{at}/{first.id}", headers=ANY)

    assert alone.status_code == 409
    assert removed.status_code == 200
    assert [contact["person_id"] for contact in removed.json()["contacts"]] == [second.id]
    assert absent.status_code == 404
    assert [row.person_id for row in session.exec(select(Contact))] == [second.id]


def test_a_draft_may_be_without_anybody_to_ask(make, client, network):
    person = make.person()
    gift = make.gift(network=network, contact=person, is_given=False)

    removed = client.delete(f"{GIFTS}/{gift.id}/contacts/{person.id}", headers=ANY)

    assert (removed.status_code, removed.json()["missing"]) == (200, ["contacts"])


def test_a_contact_person_who_has_left_is_no_longer_shown_and_is_missed(
    make, client, network, signed_in
):
    person = make.person()
    gift = make.gift(network=network, contact=person)

    signed_in(make.administrator()).post(f"/api/v1/people/{person.id}/departure", headers=ANY)

    read = client.get(f"{GIFTS}/{gift.id}").json()
    assert (read["contacts"], read["missing"]) == ([], ["contacts"])
