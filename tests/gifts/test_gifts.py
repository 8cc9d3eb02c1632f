"""Gifts: drafts that only some may see, what they still need, and finding them."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.gifts.models import Gift
from app.networks.models import Network, NetworkRole
from tests.make import FILLED

GIFTS = "/api/v1/gifts"
ANY = {"If-Match": "*"}
NEEDED = [*FILLED, "contacts"]


@pytest.fixture
def secretary(make, signed_in):
    return signed_in(make.secretary())


def test_a_title_is_enough_to_begin_and_the_answer_says_what_is_missing(make, signed_in, session):
    giver = make.person()
    network = make.network(leader=giver)

    made = signed_in(giver).post(GIFTS, json={"network_id": network.key, "title": "Mødet"})

    assert made.status_code == 201
    body = made.json()
    assert (body["title"], body["edition"], body["given_at"]) == ("Mødet", 1, None)
    assert body["missing"] == [name for name in NEEDED if name != "title"]
    assert (body["contacts"], body["materials"]) == ([], [])
    read = signed_in(giver).get(made.headers["Location"])
    assert (read.json(), read.headers["ETag"]) == (body, made.headers["ETag"])
    event = session.exec(select(Event).where(Event.type == "gift.registered")).one()
    assert (event.actor_id, event.data) == (giver.id, {"title": "Mødet"})


def test_a_gift_with_everything_misses_nothing(make, secretary):
    network, contact = make.network(), make.person()
    made = secretary.post(GIFTS, json={"network_id": network.key, **FILLED}).json()
    assert made["missing"] == ["contacts"]

    complete = secretary.post(
        f"{GIFTS}/{made['id']}/contacts", json={"person_id": contact.key}, headers=ANY
    )

    assert complete.json()["missing"] == []


@pytest.mark.parametrize("field", [name for name in FILLED if name != "title"])
def test_each_thing_a_gift_must_say_is_missed_when_it_is_not_there(make, secretary, field):
    gift = make.gift(is_given=False)

    blank = secretary.patch(f"{GIFTS}/{gift.id}", json={field: "  "}, headers=ANY)

    assert blank.json()["missing"] == [field]


def test_a_gift_comes_from_a_network_that_exists_and_that_one_gives_for(make, signed_in, secretary):
    unknown = secretary.post(GIFTS, json={"network_id": 4711, "title": "Ny"})
    others = signed_in(_giver(make)).post(
        GIFTS, json={"network_id": make.network().key, "title": "Ny"}
    )
    nobody = signed_in(make.person()).post(
        GIFTS, json={"network_id": make.network().key, "title": "Ny"}
    )

    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["pointer"] == "#/network_id"
    for refused in (others, nobody):
        assert refused.status_code == 403
        assert refused.json()["detail"]


@pytest.mark.parametrize("role", NetworkRole)
def test_all_in_the_network_see_its_drafts_and_those_who_give_change_them(make, signed_in, role):
    person = make.person()
    gift = make.gift(is_given=False)
    make.member(_network_of(make, gift), person, role=role)
    client = signed_in(person)
    gives = role not in {NetworkRole.PARTICIPANT, NetworkRole.REFERENCE_LEADER}

    assert client.get(f"{GIFTS}/{gift.id}").status_code == 200
    assert [row["id"] for row in client.get(GIFTS).json()["items"]] == [gift.id]
    changed = client.patch(f"{GIFTS}/{gift.id}", json={"title": "Ny"}, headers=ANY)
    assert changed.status_code == (200 if gives else 403)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"title": "Ny"}),
        ("GET", "/editions", None),
        ("GET", "/materials", None),
        ("POST", "/contacts", {"person_id": 1}),
        ("DELETE", "/contacts/1", None),
        ("POST", "/links", {"url": "https://lindborg.example"}),
        ("POST", "/files?filename=a.txt", None),
        ("DELETE", "/materials/1", None),
        ("GET", "/materials/1/content", None),
    ],
)
def test_a_draft_is_as_if_it_did_not_exist_for_everyone_else(make, signed_in, method, path, body):
    draft = make.gift(is_given=False)
    leader = make.person()
    make.unit(leader=leader)

    for somebody in (make.person(), leader, _giver(make)):
        client = signed_in(somebody)
        hidden = client.request(method, f"{GIFTS}/{draft.id}{path}", json=body, headers=ANY)
        missing = client.request(method, f"{GIFTS}/4711{path}", json=body, headers=ANY)
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json()["code"] == missing.json()["code"]
        assert client.get(GIFTS).json()["items"] == []


def test_a_gift_that_has_been_given_is_seen_by_everyone_and_changed_by_its_givers(make, signed_in):
    giver = make.person()
    gift = make.gift(network=make.network(leader=giver))
    client = signed_in(make.person())

    assert client.get(f"{GIFTS}/{gift.id}").json()["given_at"] == "2026-03-02T12:00:00Z"
    for method, path, body in (
        ("PATCH", "", {"title": "Ny"}),
        ("POST", "/contacts", {"person_id": giver.key}),
        ("POST", "/links", {"url": "https://lindborg.example"}),
        ("POST", "/files?filename=a.txt", None),
    ):
        refused = client.request(method, f"{GIFTS}/{gift.id}{path}", json=body, headers=ANY)
        assert refused.status_code == 403
        assert refused.json()["detail"]


def test_secretariat_and_administrators_see_every_draft(make, signed_in):
    draft = make.gift(is_given=False)

    for somebody in (make.secretary(), make.administrator()):
        assert signed_in(somebody).get(f"{GIFTS}/{draft.id}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"title": "Ny"}),
        ("POST", "/contacts", {"person_id": 1}),
        ("DELETE", "/contacts/1", None),
    ],
)
def test_a_gift_is_changed_as_it_was_last_seen(make, session, secretary, method, path, body):
    gift = make.gift(title="Mødet")

    unsaid = secretary.request(method, f"{GIFTS}/{gift.id}{path}", json=body)
    stale = secretary.request(
        method, f"{GIFTS}/{gift.id}{path}", json=body, headers={"If-Match": '"2"'}
    )

    assert [unsaid.status_code, stale.status_code] == [428, 412]
    session.refresh(gift)
    assert (gift.title, gift.version) == ("Mødet", 1)


def test_gifts_are_listed_by_network_and_by_whether_they_have_been_given(make, secretary):
    network = make.network()
    given, draft = make.gift(network=network), make.gift(network=network, is_given=False)
    other = make.gift()

    def listed(**filters):
        return [row["id"] for row in secretary.get(GIFTS, params=filters).json()["items"]]

    assert listed() == [given.id, draft.id, other.id]
    assert listed(network_id=network.key) == [given.id, draft.id]
    assert listed(is_given="false") == [draft.id]
    assert listed(network_id=network.key, is_given="true") == [given.id]


@pytest.mark.parametrize("words", ["ÆLDRERÅD", "ældreråd", "Æld råd", "BRØD", "brød ældre"])
def test_a_gift_is_found_by_words_in_its_title_or_summary(make, secretary, words):
    wanted = make.gift(title="Ældrerådets møde", summary="Vi bryder brød sammen.")
    make.gift(title="Et andet møde")

    found = secretary.get(GIFTS, params={"q": words}).json()["items"]

    assert [row["id"] for row in found] == [wanted.id]


def test_a_search_never_finds_drafts_that_one_may_not_see(make, signed_in):
    make.gift(title="Hemmelig kladde", is_given=False)

    assert signed_in(make.person()).get(GIFTS, params={"q": "kladde"}).json()["items"] == []


def test_a_long_list_comes_in_pages_of_what_one_may_see(make, signed_in):
    gifts = [make.gift(is_given=bool(number % 2)) for number in range(9)]
    client = signed_in(make.person())

    seen, url = [], f"{GIFTS}?limit=2"
    while url:
        page = client.get(url)
        seen += [row["id"] for row in page.json()["items"]]
        url = page.links["next"]["url"] if page.links else None

    assert seen == [gift.id for gift in gifts if gift.given_at]


def _giver(make):
    person = make.person()
    make.network(leader=person)
    return person


def _network_of(make, gift: Gift):
    return make.session.get(Network, gift.network_id)
