"""A person leaves, comes back, and is forgotten by name."""

from datetime import date

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.people.models import ApiKey
from app.people.signed_in import Role
from app.units.models import Post, PostKind

PEOPLE = "/api/v1/people"
ANY = {"If-Match": "*"}


@pytest.fixture
def administrator(make, signed_in):
    return signed_in(make.administrator())


def test_departure_ends_keys_posts_and_roles_at_once(make, signed_in, session, administrator):
    leader = make.person(role=Role.SECRETARIAT)
    boss = make.person()
    unit = make.unit(parent_id=make.unit(leader=boss).key, leader=leader)
    held = signed_in(leader)
    assert held.get("/api/v1/me").status_code == 200

    left = administrator.post(f"{PEOPLE}/{leader.id}/departure", headers={"If-Match": '"1"'})

    assert left.status_code == 200
    assert left.json()["left_at"] == "2026-03-02T12:00:00Z"
    assert left.json()["roles"] == []
    assert held.get("/api/v1/me").status_code == 401
    answering = administrator.get(f"/api/v1/units/{unit.id}").json()["answering"]
    assert answering["is_vacant"] is True
    assert [seat["person_id"] for seat in answering["people"]] == [boss.id]
    post = session.exec(select(Post).where(Post.person_id == leader.id)).one()
    assert post.to_on == date(2026, 3, 1)
    events = session.exec(select(Event.type).order_by(Event.id)).all()
    ended = ["api_key.revoked", "person.left", "unit.post_ended"]
    assert events[-4:] == [*ended, "api_key.refused"]
    ended = session.exec(select(Event).where(Event.type == "unit.post_ended")).one()
    assert ended.data["to_on"] == "2026-03-01"


def test_a_post_that_had_not_begun_is_gone_and_one_that_had_ended_is_left_alone(
    make, session, administrator
):
    person = make.person()
    unit = make.unit()
    make.post(unit, person, from_on=date(2026, 4, 1))
    past = make.post(unit, person, from_on=date(2024, 1, 1), to_on=date(2024, 12, 31))

    administrator.post(f"{PEOPLE}/{person.id}/departure", headers=ANY)

    session.expire_all()
    posts = session.exec(select(Post).where(Post.person_id == person.id)).all()
    assert [(post.id, post.to_on) for post in posts] == [(past.id, date(2024, 12, 31))]


def test_leaving_twice_is_the_same_as_once(make, session, administrator):
    person = make.person()
    first = administrator.post(f"{PEOPLE}/{person.id}/departure", headers=ANY)

    second = administrator.post(f"{PEOPLE}/{person.id}/departure", headers=ANY)

    assert second.json() == first.json()
    assert len(session.exec(select(Event).where(Event.type == "person.left")).all()) == 1


def test_who_comes_back_has_neither_the_old_keys_nor_the_old_roles(
    make, signed_in, session, administrator
):
    person = make.person(role=Role.SECRETARIAT)
    old = signed_in(person)
    administrator.post(f"{PEOPLE}/{person.id}/departure", headers=ANY)

    back = administrator.post(f"{PEOPLE}/{person.id}/return", headers=ANY)

    assert (back.status_code, back.json()["left_at"], back.json()["roles"]) == (200, None, [])
    assert old.get("/api/v1/me").status_code == 401
    assert session.exec(select(ApiKey).where(ApiKey.person_id == person.id)).one().revoked_at
    session.expire_all()
    assert signed_in(person).get("/api/v1/me").json()["roles"] == []
    again = administrator.post(f"{PEOPLE}/{person.id}/return", headers=ANY)
    assert again.json() == back.json()


def test_nobody_who_has_left_is_given_anything_new(make, signed_in):
    person = make.person(left_at=make.now)
    both = signed_in(make.person(role=f"{Role.ADMINISTRATOR} {Role.SECRETARIAT}"))
    unit, network, gift = make.unit(), make.network(), make.gift()

    role = both.put(f"{PEOPLE}/{person.id}/roles", json={"roles": ["secretariat"]}, headers=ANY)
    post = both.post(
        f"/api/v1/units/{unit.id}/posts", json={"person_id": person.id, "kind": "leader"}
    )
    member = both.post(
        f"/api/v1/networks/{network.id}/members", json={"person_id": person.id, "role": "leader"}
    )
    contact = both.post(
        f"/api/v1/gifts/{gift.id}/contacts", json={"person_id": person.id}, headers=ANY
    )

    assert role.status_code == 409
    for refused in (post, member, contact):
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "#/person_id"


def test_only_who_has_left_can_lose_their_name(make, administrator):
    person = make.person(name="Ida")

    refused = administrator.post(f"{PEOPLE}/{person.id}/pseudonymisation", headers=ANY)

    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert administrator.get(f"{PEOPLE}/{person.id}").json()["name"] == "Ida"


def test_a_former_employee_cannot_be_told_from_others(make, administrator):
    person = make.person(name="Ida Øst", phone="72 30 41 17", title="Pædagog", left_at=make.now)

    done = administrator.post(f"{PEOPLE}/{person.id}/pseudonymisation", headers=ANY)

    assert done.status_code == 200
    shown = administrator.get(f"{PEOPLE}/{person.id}").json()
    assert shown == done.json()
    assert shown["name"] == "Tidligere medarbejder"
    assert (shown["mail"], shown["phone"], shown["title"]) == (None, None, "")
    assert administrator.get(PEOPLE, params={"q": "øst"}).json()["items"] == []
    found = administrator.get(PEOPLE, params={"q": "tidligere"}).json()["items"]
    assert [one["id"] for one in found] == [person.id]


def test_history_keeps_which_unit_a_former_leader_led(make, signed_in, administrator):
    leader = make.person(name="Signe Aaskov")
    unit, other = make.unit(name="Ungeenheden"), make.unit(name="Familiehuset")
    make.post(other, leader, from_on=date(2020, 1, 1), to_on=date(2023, 12, 31))
    make.post(unit, leader, from_on=date(2024, 1, 1))
    make.post(other, leader, kind=PostKind.SUBSTITUTE, from_on=date(2025, 1, 1))
    handover = make.handover(unit=unit)
    signed_in(leader).post(f"/api/v1/handovers/{handover.id}/receipt")
    administrator.post(f"{PEOPLE}/{leader.id}/departure", headers=ANY)

    done = administrator.post(f"{PEOPLE}/{leader.id}/pseudonymisation", headers=ANY)

    assert done.json()["name"] == "Tidligere leder af Ungeenheden"
    assert done.headers["ETag"] == administrator.get(f"{PEOPLE}/{leader.id}").headers["ETag"]
    story = administrator.get(f"/api/v1/handovers/{handover.id}/story")
    assert "Tidligere leder af Ungeenheden" in story.text
    assert "Signe" not in story.text
    found = administrator.get(PEOPLE, params={"q": "ungeenheden"}).json()["items"]
    assert [one["id"] for one in found] == [leader.id]


def test_who_only_stood_in_for_a_leader_did_not_lead(make, administrator):
    substitute = make.person()
    make.post(make.unit(), substitute, kind=PostKind.SUBSTITUTE)
    administrator.post(f"{PEOPLE}/{substitute.id}/departure", headers=ANY)

    done = administrator.post(f"{PEOPLE}/{substitute.id}/pseudonymisation", headers=ANY)

    assert done.json()["name"] == "Tidligere medarbejder"


def test_a_name_that_is_taken_away_does_not_come_back(make, session, administrator):
    person = make.person(left_at=make.now)
    at = f"{PEOPLE}/{person.id}"
    administrator.post(f"{at}/pseudonymisation", headers=ANY)

    again = administrator.post(f"{at}/pseudonymisation", headers=ANY)
    renamed = administrator.patch(at, json={"name": "Ida"}, headers=ANY)
    returned = administrator.post(f"{at}/return", headers=ANY)

    assert again.status_code == 200
    assert [renamed.status_code, returned.status_code] == [409, 409]
    events = session.exec(select(Event).where(Event.type == "person.pseudonymised")).all()
    assert len(events) == 1


def test_a_mail_address_is_free_again_once_its_name_is_gone(make, administrator):
    person = make.person(mail="post@lindborg.example", left_at=make.now)
    administrator.post(f"{PEOPLE}/{person.id}/pseudonymisation", headers=ANY)

    made = administrator.post(PEOPLE, json={"name": "Ny", "mail": "post@lindborg.example"})

    assert made.status_code == 201


def test_an_administrator_is_seen_off_by_administrators_only(make, signed_in):
    chief, other = make.administrator(), make.administrator()
    path, seen = f"/api/v1/people/{chief.id}", {"If-Match": "*"}
    secretary, administrator = signed_in(make.secretary()), signed_in(other)
    mail = {"mail": "ny@a.example"}
    assert secretary.patch(path, json=mail, headers=seen).status_code == 403
    assert secretary.post(f"{path}/departure", headers=seen).status_code == 403
    assert administrator.patch(path, json=mail, headers=seen).status_code == 200
    assert administrator.post(f"{path}/departure", headers=seen).status_code == 200
