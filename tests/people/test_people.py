"""The register of people: who may read and keep it, and what is said no to."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.people.models import Person
from app.people.signed_in import Role

PEOPLE = "/api/v1/people"
SIGNE = {
    "name": "Signe Aaskov",
    "mail": "Signe@Lindborg.example",
    "phone": "72 30 41 17",
    "title": "Enhedsleder",
    "locale": "en",
}


def test_the_secretariat_registers_a_person_whom_everyone_can_read(make, signed_in):
    unit = make.unit()

    made = signed_in(make.secretary()).post(PEOPLE, json={**SIGNE, "unit_id": unit.key})

    assert made.status_code == 201
    body = made.json()
    assert body == {
        "id": body["id"],
        "version": 1,
        "name": "Signe Aaskov",
        "mail": "signe@lindborg.example",
        "phone": "72 30 41 17",
        "title": "Enhedsleder",
        "unit_id": unit.key,
        "locale": "en",
        "roles": [],
        "left_at": None,
    }
    assert made.headers["Location"] == f"{PEOPLE}/{body['id']}"
    assert made.headers["ETag"] == '"1"'
    read = signed_in(make.person()).get(made.headers["Location"])
    assert (read.status_code, read.json(), read.headers["ETag"]) == (200, body, '"1"')


def test_a_name_is_all_it_takes(make, signed_in):
    made = signed_in(make.administrator()).post(PEOPLE, json={"name": "  Bo  "})

    assert made.status_code == 201
    assert made.json()["name"] == "Bo"
    assert made.json()["mail"] is None
    assert made.json()["locale"] == "da"


def test_registering_is_written_in_the_log_with_the_name_of_who_did_it(make, signed_in, session):
    secretary = make.secretary()

    made = signed_in(secretary).post(PEOPLE, json=SIGNE).json()

    event = session.exec(select(Event).where(Event.type == "person.registered")).one()
    assert (event.subject_id, event.actor_id) == (made["id"], secretary.id)


def test_two_people_cannot_have_one_mail_address_however_it_is_written(make, signed_in, session):
    make.person(mail="signe@lindborg.example")

    refused = signed_in(make.secretary()).post(PEOPLE, json=SIGNE)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/mail"
    assert refused.json()["errors"][0]["code"] == "taken"
    assert not session.exec(select(Person).where(Person.name == SIGNE["name"])).all()


def test_a_person_works_in_a_unit_that_exists(make, signed_in):
    secretary = signed_in(make.secretary())
    person = make.person()

    made = secretary.post(PEOPLE, json={**SIGNE, "unit_id": 4711})
    changed = secretary.patch(
        f"{PEOPLE}/{person.id}", json={"unit_id": 4711}, headers={"If-Match": '"1"'}
    )

    for refused in (made, changed):
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == ["#/unit_id"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "empty"),
        ("name", "   ", "empty"),
        ("name", "To\nlinjer", "several_lines"),
        ("name", "x" * 201, "string_too_long"),
        ("mail", "signe", "mail_address"),
        ("mail", "signe@lindborg", "mail_address"),
        ("mail", "to@a.example, tre@a.example", "mail_address"),
        ("phone", "ring til mig", "phone_number"),
        ("phone", "12", "phone_number"),
        ("locale", "de", "literal_error"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(make, signed_in, field, value, code):
    refused = signed_in(make.secretary()).post(PEOPLE, json={**SIGNE, field: value})

    assert refused.status_code == 422
    errors = refused.json()["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [(f"#/{field}", code)]


def test_only_the_fields_that_are_sent_are_changed(make, signed_in, session):
    person = make.person(name="Ida", title="Pædagog", phone="72 30 00 00")
    secretary = signed_in(make.secretary())

    changed = secretary.patch(
        f"{PEOPLE}/{person.id}",
        json={"name": "Ida Øst", "phone": None},
        headers={"If-Match": '"1"'},
    )

    assert changed.status_code == 200
    assert changed.json()["name"] == "Ida Øst"
    assert changed.json()["phone"] is None
    assert changed.json()["title"] == "Pædagog"
    assert changed.headers["ETag"] == '"2"'
    event = session.exec(select(Event).where(Event.type == "person.changed")).one()
    assert event.data == {"fields": ["name", "phone"]}
    assert secretary.get(PEOPLE, params={"q": "øst"}).json()["items"] == [changed.json()]


def test_changing_nothing_leaves_the_version_and_the_log_alone(make, signed_in, session):
    person = make.person(name="Ida")

    same = signed_in(make.secretary()).patch(
        f"{PEOPLE}/{person.id}", json={"name": "Ida"}, headers={"If-Match": '"1"'}
    )

    assert (same.status_code, same.headers["ETag"]) == (200, '"1"')
    assert not session.exec(select(Event).where(Event.type == "person.changed")).all()


def test_nobody_changes_a_person_they_have_not_seen_as_they_are_now(make, signed_in, session):
    person = make.person(name="Ida")
    secretary = signed_in(make.secretary())
    at = f"{PEOPLE}/{person.id}"

    unsaid = secretary.patch(at, json={"name": "Eva"})
    stale = secretary.patch(at, json={"name": "Eva"}, headers={"If-Match": '"7"'})

    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "match_required")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert stale.json()["current_version"] == 1
    session.refresh(person)
    assert person.name == "Ida"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", SIGNE),
        ("PATCH", "/{id}", {"name": "Eva"}),
        ("PUT", "/{id}/roles", {"roles": []}),
        ("POST", "/{id}/departure", None),
        ("POST", "/{id}/return", None),
        ("POST", "/{id}/pseudonymisation", None),
    ],
)
def test_nobody_special_only_reads_and_is_told_why(make, signed_in, method, path, body):
    person = make.person()
    leader = make.person()
    make.unit(leader=leader)
    network_leader = make.person()
    make.network(leader=network_leader)

    for somebody in (make.person(), leader, network_leader):
        refused = signed_in(somebody).request(
            method,
            f"{PEOPLE}{path.format(id=person.id)}",
            json=body,
            headers={"If-Match": '"1"'},
        )
        assert refused.status_code == 403
        assert refused.json()["detail"]


@pytest.mark.parametrize("path", ["/roles", "/pseudonymisation"])
def test_roles_and_names_are_the_administrators_to_give_and_take(make, signed_in, path):
    person = make.person()

    refused = signed_in(make.secretary()).request(
        "PUT" if path == "/roles" else "POST",
        f"{PEOPLE}/{person.id}{path}",
        json={"roles": ["secretariat"]} if path == "/roles" else None,
        headers={"If-Match": '"1"'},
    )

    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "Eva"}),
        ("PUT", "/roles", {"roles": []}),
        ("POST", "/departure", None),
        ("POST", "/return", None),
        ("POST", "/pseudonymisation", None),
    ],
)
def test_a_person_who_does_not_exist_is_not_found(make, signed_in, method, path, body):
    administrator = signed_in(make.administrator())

    missing = administrator.request(
        method, f"{PEOPLE}/4711{path}", json=body, headers={"If-Match": "*"}
    )

    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_a_role_that_is_given_works_at_once_and_one_that_is_taken_does_not(make, signed_in):
    person = make.person()
    administrator, somebody = signed_in(make.administrator()), signed_in(person)
    roles = f"{PEOPLE}/{person.id}/roles"
    assert somebody.post(PEOPLE, json={"name": "Ny"}).status_code == 403

    given = administrator.put(
        roles, json={"roles": ["secretariat", "secretariat"]}, headers={"If-Match": '"1"'}
    )

    assert given.json()["roles"] == ["secretariat"]
    assert somebody.get("/api/v1/me").json()["roles"] == ["secretariat"]
    assert somebody.post(PEOPLE, json={"name": "Ny"}).status_code == 201
    taken = administrator.put(roles, json={"roles": []}, headers={"If-Match": '"2"'})
    assert taken.json()["roles"] == []
    assert somebody.post(PEOPLE, json={"name": "Ny"}).status_code == 403


def test_a_role_that_does_not_exist_is_refused_with_those_that_do(make, signed_in):
    refused = signed_in(make.administrator()).put(
        f"{PEOPLE}/{make.person().id}/roles",
        json={"roles": ["konge"]},
        headers={"If-Match": '"1"'},
    )

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "#/roles/0"
    assert "secretariat, administrator" in error["detail"]


def test_there_is_always_an_administrator(make, signed_in):
    last = make.administrator()
    client, at = signed_in(last), f"{PEOPLE}/{last.id}"

    stepping_down = client.put(f"{at}/roles", json={"roles": []}, headers={"If-Match": '"1"'})
    leaving = client.post(f"{at}/departure", headers={"If-Match": '"1"'})

    assert [stepping_down.status_code, leaving.status_code] == [409, 409]
    other = make.administrator()
    assert other.id
    assert client.post(f"{at}/departure", headers={"If-Match": '"1"'}).status_code == 200


def test_people_are_found_by_any_part_of_name_and_mail_in_any_case(make, signed_in):
    åse = make.person(name="ÅSE Ærø-Østergård", mail="aase@lindborg.example")
    make.person(name="Bent Hansen", mail="bent@lindborg.example")
    client = signed_in(make.person(name="Læser", mail="laeser@a.example"))

    for words in (
        "åse",
        "ÅSE",
        "ærø",
        "ÆRØ",
        "østerGÅRD",
        "rø-ø",
        "AASE@",
        "åse østergård",
        "ård Å",
    ):
        found = client.get(PEOPLE, params={"q": words}).json()
        assert [person["id"] for person in found["items"]] == [åse.id], words
    decomposed = client.get(PEOPLE, params={"q": "A\u030ase"}).json()
    assert [person["id"] for person in decomposed["items"]] == [åse.id]


@pytest.mark.parametrize("words", ["%", "_", "\\", "%%", "a_e", "100%"])
def test_signs_that_databases_use_are_searched_for_as_they_are(make, signed_in, words):
    make.person(name="Aase")

    found = signed_in(make.person()).get(PEOPLE, params={"q": words})

    assert (found.status_code, found.json()["items"]) == (200, [])


def test_people_are_listed_by_unit_and_by_whether_they_have_left(make, signed_in):
    unit = make.unit()
    here = make.person(unit_id=unit.key)
    gone = make.person(unit_id=unit.key, left_at=make.now)
    elsewhere = make.person()
    client = signed_in(elsewhere)

    def listed(**filters):
        return [person["id"] for person in client.get(PEOPLE, params=filters).json()["items"]]

    assert listed() == [here.id, gone.id, elsewhere.id]
    assert listed(unit_id=unit.key) == [here.id, gone.id]
    assert listed(has_left="true") == [gone.id]
    assert listed(has_left="false") == [here.id, elsewhere.id]
    assert listed(unit_id=unit.key, has_left="false") == [here.id]
    assert listed(unit_id=4711) == []


def test_a_long_list_comes_in_pages_that_miss_nobody(make, signed_in):
    people = [make.person(name=f"Kim {number}").id for number in range(7)]
    client = signed_in(make.person(name="Bo"))

    seen, url = [], f"{PEOPLE}?limit=3&q=kim"
    while url:
        page = client.get(url)
        seen += [person["id"] for person in page.json()["items"]]
        url = page.links["next"]["url"] if page.links else None
        assert bool(url) == bool(page.json()["next"])

    assert seen == people


def test_me_is_whoever_holds_the_key(make, signed_in):
    person = make.person(role=Role.SECRETARIAT, name="Ea")

    me = signed_in(person).get("/api/v1/me")

    assert me.json() == {"id": person.id, "name": "Ea", "roles": ["secretariat"]}
