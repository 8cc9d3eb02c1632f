"""The directory makes, finds, changes and removes people."""

import pytest
from sqlmodel import select

from app.eventlog.models import Event
from app.people.models import Person
from tests.scim.conftest import refusal, replace, user


def people(session):
    session.expire_all()
    return session.exec(select(Person).order_by(Person.id)).all()


def events(session):
    rows = session.exec(select(Event.type).order_by(Event.id)).all()
    return [kind for kind in rows if not kind.startswith("api_key.")]


def test_a_person_is_made_with_what_is_kept_and_nothing_else(directory, session):
    made = directory.post(
        "Users",
        user(
            externalId="6f1c",
            title="Enhedsleder",
            preferredLanguage="en-GB",
            phoneNumbers=[
                {"type": "mobile", "value": "20 30 40 50"},
                {"type": "work", "value": "tel:+45-72-30-41-17"},
            ],
            password="hemmeligt",
            name={"givenName": "Signe", "familyName": "Aaskov"},
        ),
    )

    assert made.status_code == 201
    body = made.json()
    person = people(session)[-1]
    assert made.headers["Location"] == f"http://testserver/scim/v2/Users/{person.id}"
    assert made.headers["ETag"] == body["meta"]["version"]
    assert (person.name, person.mail) == ("Signe Aaskov", "signe@lindborg.example")
    assert (person.phone, person.title, person.locale) == ("+45 72 30 41 17", "Enhedsleder", "en")
    assert {name for name in body if name != "schemas"} == {
        "id",
        "externalId",
        "meta",
        "userName",
        "displayName",
        "title",
        "preferredLanguage",
        "active",
        "emails",
        "phoneNumbers",
    }
    assert directory.get(f"Users/{body['id']}").json() == body
    assert events(session) == ["person.registered", "person.provisioned"]


def test_what_happened_was_done_by_whoever_holds_the_key(directory, session, make):
    directory.user()

    holder = session.exec(select(Person).where(Person.name == "Kataloget")).one()
    event = session.exec(select(Event).where(Event.type == "person.registered")).one()
    assert event.actor_id == holder.id


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"formatted": "Signe Å. Aaskov"}, "Signe Å. Aaskov"),
        ({"givenName": "Signe", "familyName": "Aaskov"}, "Signe Aaskov"),
        ({"familyName": "Aaskov"}, "Aaskov"),
        (None, "signe@lindborg.example"),
        ("Signe", "signe@lindborg.example"),
    ],
)
def test_who_has_no_name_to_show_is_shown_by_what_it_is_made_of(directory, name, shown):
    assert directory.user(displayName=None, name=name)["displayName"] == shown


def test_who_is_here_already_is_found_by_mail_and_not_made_twice(directory, make, session):
    signe = make.person(name="Signe", mail="signe@lindborg.example")

    assert directory.found("Users", 'userName eq "Signe@Lindborg.example"') == [str(signe.id)]
    assert refusal(directory.post("Users", user())) == (409, "uniqueness")
    linked = directory.patch(f"Users/{signe.id}", replace("externalId", "6f1c"))

    assert linked.status_code == 200
    assert linked.json()["externalId"] == "6f1c"
    assert directory.found("Users", 'externalId eq "6f1c"') == [str(signe.id)]
    assert len(people(session)) == 2


@pytest.mark.parametrize(
    ("over", "attribute"),
    [
        ({"emails": [], "externalId": "b"}, "userName"),
        ({"userName": "SIGNE@lindborg.example", "emails": []}, "userName"),
        ({"userName": "another"}, "emails"),
        ({"userName": "another", "emails": [], "externalId": "a"}, "externalId"),
    ],
)
def test_nobody_is_mistaken_for_another(directory, session, over, attribute):
    directory.user(externalId="a")
    other = directory.user(userName="bo", displayName="Bo", emails=[])
    before = [person.model_dump() for person in people(session)]

    made = directory.post("Users", user(**over))
    put = directory.put(f"Users/{other['id']}", user(**over))

    for refused in (made, put):
        assert refusal(refused) == (409, "uniqueness")
        assert attribute in refused.json()["detail"]
    assert [person.model_dump() for person in people(session)] == before


def test_what_is_put_in_place_takes_away_what_it_leaves_out(directory, session):
    made = directory.user(title="Leder", externalId="a", phoneNumbers=[{"value": "72304117"}])

    put = directory.put(f"Users/{made['id']}", user(displayName="Signe Å"))

    assert put.status_code == 200
    body = put.json()
    assert (body["displayName"], body["userName"]) == ("Signe Å", made["userName"])
    assert not {"title", "externalId", "phoneNumbers"} & body.keys()
    person = people(session)[-1]
    assert (person.title, person.phone) == ("", None)


def test_what_changes_nothing_is_no_event_and_no_new_version(directory, session):
    made = directory.user()
    before = events(session)

    again = directory.put(f"Users/{made['id']}", user())

    assert again.headers["ETag"] == made["meta"]["version"]
    assert events(session) == before


@pytest.mark.parametrize("mark", ["", "W/"])
def test_nobody_changes_what_they_have_not_seen(directory, mark):
    made = directory.user()
    path, seen = f"Users/{made['id']}", mark + made["meta"]["version"].removeprefix("W/")
    first = directory.patch(path, replace("title", "Leder"), headers={"If-Match": seen})
    assert first.status_code == 200
    assert first.headers["ETag"] != seen

    refused = [
        directory.patch(path, replace("title", "Chef"), headers={"If-Match": seen}),
        directory.put(path, user(), headers={"If-Match": seen}),
        directory.delete(path, headers={"If-Match": f'"7", {seen}'}),
    ]

    assert [refusal(answer) for answer in refused] == [(412, None)] * 3
    assert directory.get(path).json()["title"] == "Leder"
    assert directory.delete(path, headers={"If-Match": "*"}).status_code == 204


def test_who_is_removed_leaves_and_is_not_known_any_more(directory, session, make, signed_in):
    made = directory.user(externalId="a")
    person = people(session)[-1]
    held = signed_in(person)
    group = directory.group(made["id"])

    assert directory.delete(f"Users/{made['id']}").status_code == 204

    path = f"Users/{made['id']}"
    for answer in (
        directory.get(path),
        directory.put(path, user()),
        directory.patch(path, replace("title", "x")),
        directory.delete(path),
    ):
        assert refusal(answer) == (404, None)
    assert directory.found("Users", 'userName eq "signe@lindborg.example"') == []
    assert "members" not in directory.get(f"Groups/{group['id']}").json()
    assert held.get("/api/v1/me").status_code == 401
    session.expire_all()
    assert person.has_left
    assert (person.name, person.mail) == ("Signe Aaskov", "signe@lindborg.example")
    left, *after = events(session)[events(session).index("person.left") :]
    assert (left, after[0]) == ("person.left", "person.unprovisioned")
    assert set(after[1:]) == {"request.refused"}


def test_who_is_made_again_is_the_same_person_with_another_id(directory, session):
    first = directory.user(externalId="a")
    person = people(session)[-1]
    directory.delete(f"Users/{first['id']}")

    again = directory.user(externalId="b", displayName="Signe Å")

    assert again["id"] == f"{person.id}-1"
    assert directory.get(f"Users/{first['id']}").status_code == 404
    session.expire_all()
    assert (person.has_left, person.name, person.roles) == (False, "Signe Å", "")
    assert directory.found("Users", 'externalId eq "b"') == [again["id"]]


def test_whose_name_is_taken_away_is_not_known_by_any_other(directory, session, make, signed_in):
    made = directory.user(externalId="a", active=False)
    administrator = signed_in(make.administrator())

    done = administrator.post(
        f"/api/v1/people/{made['id']}/pseudonymisation", headers={"If-Match": "*"}
    )

    assert done.status_code == 200
    assert directory.get(f"Users/{made['id']}").status_code == 404
    assert directory.found("Users", 'externalId eq "a"') == []
    assert directory.user(externalId="a")["id"] != made["id"]
